#include "record_reader.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "text_encoding.h"

namespace medallion::ingest {
namespace {

using ::testing::ElementsAre;

// A record as a test sees it.
struct PlainRecord {
  std::vector<std::string> fields;
  std::string raw;
  RecordFault fault = RecordFault::kNone;
  int64_t number = 0;
  int64_t line = 0;
  friend bool operator==(const PlainRecord&, const PlainRecord&) = default;
};

// Prints what RapidCheck and googletest show of a failure.
std::ostream& operator<<(std::ostream& out, const PlainRecord& record) {
  return out << record.number << "@" << record.line << " fault " << static_cast<int>(record.fault)
             << " " << ::testing::PrintToString(record.fields);
}

std::vector<PlainRecord> ReadRecords(const std::string& bytes, const CsvOptions& options = {},
                                     size_t block_bytes = kBlockBytes) {
  Result<std::unique_ptr<LandedText>> text = LandedText::OpenBytes(bytes, options);
  if (!text) {
    return {};  // a foreign file
  }
  RecordReader reader(**text, options, block_bytes);
  std::vector<PlainRecord> records;
  Record record;
  while (true) {
    const Result<bool> found = reader.NextAcrossBlocks(record);
    EXPECT_TRUE(found) << found.error().ToString();
    if (!found || !*found) {
      return records;
    }
    PlainRecord& plain = records.emplace_back();
    plain.raw = std::string(record.raw);
    plain.fault = record.fault;
    plain.number = record.number;
    plain.line = record.line;
    for (const FieldRef& field : reader.fields()) {
      reader.AppendUnescaped(field, plain.fields.emplace_back());
    }
  }
}

std::vector<std::vector<std::string>> Fields(const std::string& bytes,
                                             const CsvOptions& options = {}) {
  std::vector<std::vector<std::string>> rows;
  for (PlainRecord& record : ReadRecords(bytes, options)) {
    rows.push_back(std::move(record.fields));
  }
  return rows;
}

using Row = std::vector<std::string>;

TEST(RecordReaderTest, SplitsAtDelimitersAndLineEnds) {
  EXPECT_THAT(Fields("a,b\n,\n\"\",x\n"), ElementsAre(Row{"a", "b"}, Row{"", ""}, Row{"", "x"}));
}

TEST(RecordReaderTest, TellsTheLineOfARecordThatFollowsQuotedNewlines) {
  const std::vector<PlainRecord> records = ReadRecords("a\n\"x\r\ny\nz\"\n\nb\n");
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[1].line, 2);
  EXPECT_EQ(records[1].raw, "\"x\r\ny\nz\"");
  EXPECT_EQ(records[2].line, 6);
  EXPECT_EQ(records[2].number, 3);
}

TEST(RecordReaderTest, AllowsBlanksBetweenAClosingQuoteAndTheDelimiter) {
  EXPECT_THAT(Fields("\"a\"  ,b\n"), ElementsAre(Row{"a", "b"}));
}

TEST(RecordReaderTest, TakesOtherQuotesEscapesAndDelimiters) {
  CsvOptions options;
  options.delimiter = '\t';
  options.quote = '\'';
  EXPECT_THAT(Fields("'a\tb'\t\"c\n'it\\'s'\t'x''y'\n", options),
              ElementsAre(Row{"a\tb", "\"c"}, Row{"it's", "x'y"}));
}

TEST(RecordReaderTest, MarksARecordOfTooManyColumns) {
  const std::vector<PlainRecord> records = ReadRecords(std::string(kColumnsMax, ',') + "\na,b\n");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].fault, RecordFault::kTooManyColumns);
  EXPECT_THAT(records[1].fields, ElementsAre("a", "b"));
}

TEST(RecordReaderTest, GivesUpAnOpenQuoteAtTheRecordLimitAndReadsTheLinesAfterIt) {
  std::string csv = "1,\"open\n";
  const std::string line = "2," + std::string(1000, 'x') + "\n";
  while (csv.size() < kRecordBytesMax + 10'000) {
    csv += line;
  }
  const std::vector<PlainRecord> records = ReadRecords(csv);
  EXPECT_EQ(records.front().fault, RecordFault::kUnclosedQuote);
  EXPECT_THAT(records.front().fields, ElementsAre("1", "\"open"));
  EXPECT_EQ(records[1].fault, RecordFault::kNone);
  EXPECT_EQ(records.size(), 1 + (csv.size() - 8) / line.size());
}

// Every line opens a quote that only the end of the file answers.
TEST(RecordReaderTest, ReadsAFileOfUnclosedQuotesInBoundedTime) {
  std::string csv;
  for (int i = 0; i < 200'000; ++i) {
    csv += "\"a\\\"\n";
  }
  size_t faults = 0;
  for (const PlainRecord& record : ReadRecords(csv)) {
    faults += record.fault == RecordFault::kUnclosedQuote ? 1 : 0;
  }
  EXPECT_GT(faults, 0U);
}

// --- Properties ---------------------------------------------------------------------------------

constexpr std::string_view kAlphabet[] = {
    "a", "b", "1", ",", "\"", "\\", "\n", "\r", " ", "é", "£", ";", std::string_view("\0", 1)};

rc::Gen<std::string> NastyText(size_t pieces_max, bool blanks) {
  return rc::gen::map(rc::gen::resize(static_cast<int>(pieces_max),
                                      rc::gen::container<std::vector<size_t>>(
                                          rc::gen::inRange<size_t>(0, std::size(kAlphabet)))),
                      [blanks](const std::vector<size_t>& pieces) {
                        std::string text;
                        for (const size_t piece : pieces) {
                          if (blanks || kAlphabet[piece] != " ") {
                            text += kAlphabet[piece];
                          }
                        }
                        return text;
                      });
}

// Writes a value as RFC 4180 and Spark's escape rules allow it, in one of several ways.
std::string WriteField(const std::string& value, const CsvOptions& options, size_t way) {
  const bool plain = !value.empty() && value.find_first_of(",\n\r\"") == std::string::npos;
  if (plain && way % 2 == 0) {
    return value;
  }
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"') {
      text += options.escape == '\\' && way % 3 == 0 ? "\\\"" : "\"\"";
    } else if (c == '\\' && options.escape == '\\') {
      text += "\\\\";
    } else {
      text += c;
    }
  }
  return text + "\"";
}

RC_GTEST_PROP(RecordReaderProperty, ReadsBackWhatWasWritten, ()) {
  CsvOptions options;
  options.escape = *rc::gen::element('\\', '"');
  const size_t width = *rc::gen::inRange<size_t>(2, 6);
  const size_t height = *rc::gen::inRange<size_t>(1, 8);
  std::vector<Row> rows;
  std::string csv;
  for (size_t r = 0; r < height; ++r) {
    Row& row = rows.emplace_back();
    for (size_t c = 0; c < width; ++c) {
      row.push_back(*NastyText(12, true));
      csv += (c > 0 ? "," : "") + WriteField(row.back(), options, *rc::gen::inRange<size_t>(0, 6));
    }
    csv += *rc::gen::element(std::string("\n"), std::string("\r\n"), std::string("\r"));
  }
  const size_t block = *rc::gen::inRange<size_t>(1, 80);
  std::vector<Row> read;
  for (const PlainRecord& record : ReadRecords(csv, options, block)) {
    RC_ASSERT(record.fault == RecordFault::kNone);
    read.push_back(record.fields);
  }
  RC_ASSERT(read == rows);
}

RC_GTEST_PROP(RecordReaderProperty, ReadsTheSameRecordsInAnyBlockSize, ()) {
  const std::string bytes = *NastyText(200, true);
  const std::vector<PlainRecord> whole = ReadRecords(bytes);
  RC_ASSERT(ReadRecords(bytes, {}, *rc::gen::inRange<size_t>(1, 100)) == whole);
}

RC_GTEST_PROP(RecordReaderProperty, LosesNoByte, ()) {
  const auto without_line_ends = [](std::string text) {
    std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });
    return text;
  };
  const std::string bytes = *NastyText(200, false);
  RC_PRE(!LooksLikeUtf16(bytes));
  std::string read;
  for (const PlainRecord& record : ReadRecords(bytes)) {
    read += record.raw;
  }
  RC_ASSERT(without_line_ends(read) == without_line_ends(bytes));
}

RC_GTEST_PROP(LandedTextProperty, DecodesTheSameInReadsOfAnySize, ()) {
  const auto bytes = *rc::gen::container<std::string>(rc::gen::element(
      'a', 'b', '\n', '\xC3', '\xA9', '\xC2', '\xA3', '\xE2', '\x82', '\xAC', '\x96', '\xF0'));
  const auto read = [&](size_t size) {
    std::string text;
    std::string block(size, '\0');
    const auto landed = LandedText::OpenBytes(bytes, {});
    RC_ASSERT(landed.has_value());
    while (true) {
      const Result<size_t> got = (*landed)->Read(block.data(), block.size());
      RC_ASSERT(got.has_value());
      if (*got == 0) {
        return std::make_pair(text, (*landed)->decoding());
      }
      text.append(block, 0, *got);
    }
  };
  const auto [whole, decoding] = read(1 << 16);
  RC_ASSERT(read(*rc::gen::inRange<size_t>(1, 40)) == std::make_pair(whole, decoding));
  if (decoding == LandedText::Decoding::kUtf8 || decoding == LandedText::Decoding::kDamagedUtf8) {
    RC_ASSERT(whole == bytes);
  } else {
    RC_ASSERT(ValidUtf8Prefix(whole) == whole.size());
  }
}

}  // namespace
}  // namespace medallion::ingest
