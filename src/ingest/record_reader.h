#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/file_source.h"
#include "landed_text.h"

namespace medallion::ingest {

// More columns than any sales file has; a header beyond it is refused at once.
inline constexpr size_t kColumnsMax = 10'000;
// A longer value is not loaded: its length and hash are rescued instead.
inline constexpr size_t kFieldBytesMax = 4 << 20;
// A longer record is not split into fields at all. Also the most that a reader ever buffers.
inline constexpr size_t kRecordBytesMax = 16 << 20;
inline constexpr size_t kBlockBytes = 1 << 20;

// Where a field lies in the reader's buffer.
struct FieldRef {
  // The size that stands for a field which the record does not have.
  static constexpr uint32_t kMissing = UINT32_MAX;

  uint32_t begin = 0;
  uint32_t size = kMissing;
  bool quoted = false;
  bool escaped = false;  // holds doubled or escaped quotes, see AppendUnescaped
};

enum class RecordFault {
  kNone,
  kUnclosedQuote,   // split with the odd quote taken literally
  kTooManyColumns,  // not split; `fields` is empty
  kTooLong,         // not buffered; `note` tells length and hash
};

// One record. Its parts stay valid until the reader's next BeginBatch.
struct Record {
  int64_t number = 0;    // 1 is the file's first record, the header if there is one
  int64_t line = 0;      // where it begins, from 1
  std::string_view raw;  // without line end
  RecordFault fault = RecordFault::kNone;
  std::string note;
};

// Splits text into records and fields: RFC 4180 with any line end (LF, CRLF, CR, mixed), quoted
// newlines always honoured, and Spark's (univocity's) rules for the rest:
//   - inside quotes, the escape character protects a quote or itself; a doubled quote is one quote
//     whatever the escape character is;
//   - a quote inside an unquoted field is an ordinary character;
//   - text after a closing quote makes the field unquoted up to the next delimiter: it keeps its
//     quotes (unescapedQuoteHandling STOP_AT_DELIMITER);
//   - lines without text are no records.
// A quoted field that never closes, or closes lines later before other text, is taken to be one
// stray quote: its line alone is the bad record (kUnclosedQuote) and reading goes on with the next
// line. Records do not depend on the block size. Memory is at most kRecordBytesMax.
class RecordReader {
 public:
  // `text` must outlive the reader.
  RecordReader(LandedText& text, const CsvOptions& options, size_t block_bytes = kBlockBytes);

  enum class Outcome {
    kRecord,
    kBlockEnd,  // the next record is not whole in the buffer: BeginBatch, then go on
    kEnd,
  };

  // Drops the records handed out so far and reads more.
  Status BeginBatch();
  Result<Outcome> Next(Record& record);
  // As Next, calling BeginBatch as needed. False at the end.
  Result<bool> NextAcrossBlocks(Record& record);

  // Makes the latest record, which must not be a kTooLong one, the next one again. No
  // BeginBatch may lie between.
  void PutBack();

  // The fields of the latest record; overwritten by the next.
  std::span<const FieldRef> fields() const { return fields_; }
  std::string_view Raw(const FieldRef& field) const {
    return {buffer_.data() + field.begin, field.size};
  }
  // Appends the field's value without its quoting.
  void AppendUnescaped(const FieldRef& field, std::string& out) const;
  size_t Unescape(const FieldRef& field, char* out) const;

  int64_t blank_lines() const { return blank_lines_; }
  int64_t record_count() const { return record_count_; }
  // Whether text of the buffer may be no UTF-8.
  bool may_hold_invalid_utf8() const;
  uint64_t bytes_read() const { return bytes_read_; }

 private:
  enum class Split { kDone, kIncomplete, kUnclosed };
  enum class Skip { kSkipped, kNothing, kIncomplete };

  Result<size_t> ReadText();
  Split SplitRecord(size_t literal_from);
  Split SplitQuotedField(size_t& position);
  Split SplitPlainField(size_t& position, size_t begin);
  Split FinishRecord(size_t position);
  Skip SkipLine();
  Skip SkipBlankOrComment();
  size_t FindLineEnd(size_t position) const;
  // Position after the line end at `position`; nothing if more bytes are needed to tell.
  std::optional<size_t> AfterLineEnd(size_t position) const;
  bool IsPadding(char c) const;
  Result<Outcome> TakeUnclosed(Record& record);
  Status TakeTooLong(Record& record);
  Outcome Take(Record& record, RecordFault fault);
  void AddField(FieldRef field);

  LandedText& text_;
  const CsvOptions options_;
  std::array<bool, 256> ends_plain_{};    // delimiter and line ends
  std::array<bool, 256> stops_quoted_{};  // quote, escape and line ends

  std::string buffer_;
  size_t position_ = 0;  // of the next record
  size_t end_ = 0;       // of the buffered text
  bool at_end_ = false;

  std::vector<FieldRef> fields_;
  size_t latest_begin_ = 0;  // of the latest record, for PutBack
  int64_t latest_line_ = 1;
  size_t record_end_ = 0;   // of the latest split, without line end
  size_t record_next_ = 0;  // after its line end
  size_t unclosed_field_ = 0;
  size_t unclosed_position_ = 0;  // how far the search for a closing quote went
  bool too_many_columns_ = false;
  int64_t lines_in_record_ = 0;

  int64_t line_ = 1;
  int64_t record_count_ = 0;
  int64_t blank_lines_ = 0;
  int64_t lines_to_skip_ = 0;
  uint64_t bytes_read_ = 0;
  // Bytes searched in vain for closing quotes. Beyond kVainSearchMax quotes stop spanning lines, so
  // that a hostile file costs linear time.
  uint64_t vain_search_bytes_ = 0;
};

inline constexpr uint64_t kVainSearchMax = 256ULL << 20;

// "value of N bytes, sha256 …": what is kept of text too long to keep.
std::string DescribeLongText(std::string_view text);

}  // namespace medallion::ingest
