#include "ddl_parser.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace medallion {
namespace {

bool IsWordChar(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }

std::optional<DataType> SimpleType(std::string_view word) {
  struct Entry {
    std::string_view name;
    DataType type;
  };
  static const std::vector<Entry> kTypes = {{"VOID", DataType::Void()},
                                            {"BOOLEAN", DataType::Boolean()},
                                            {"BYTE", DataType::Byte()},
                                            {"TINYINT", DataType::Byte()},
                                            {"SHORT", DataType::Short()},
                                            {"SMALLINT", DataType::Short()},
                                            {"INT", DataType::Integer()},
                                            {"INTEGER", DataType::Integer()},
                                            {"LONG", DataType::Long()},
                                            {"BIGINT", DataType::Long()},
                                            {"FLOAT", DataType::Float()},
                                            {"REAL", DataType::Float()},
                                            {"DOUBLE", DataType::Double()},
                                            {"STRING", DataType::String()},
                                            {"BINARY", DataType::Binary()},
                                            {"DATE", DataType::Date()},
                                            {"TIMESTAMP", DataType::Timestamp()},
                                            {"TIMESTAMP_LTZ", DataType::Timestamp()},
                                            {"TIMESTAMP_NTZ", DataType::TimestampNtz()}};
  const auto entry =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const Entry& e) { return e.name == word; });
  return entry == kTypes.end() ? std::nullopt : std::optional<DataType>(entry->type);
}

}  // namespace

Result<DataType> DdlParser::ParseWholeType() {
  ASSIGN_OR_RETURN(DataType type, ParseType(0));
  if (!AtEnd()) {
    return Fail("the end of the type");
  }
  return type;
}

Result<Schema> DdlParser::ParseWholeSchema() {
  Schema schema;
  if (AtEnd()) {
    return schema;
  }
  do {
    ASSIGN_OR_RETURN(Field field, ParseField(/*colon_allowed=*/true, 0));
    schema.Append(std::move(field));
  } while (TakeChar(','));
  if (!AtEnd()) {
    return Fail("`,` or the end of the column list");
  }
  return schema;
}

Result<DataType> DdlParser::ParseType(int depth) {
  if (depth > kDepthMax) {
    return Fail(fmt::format("at most {} nested types", kDepthMax));
  }
  const std::string word = PeekWord();
  if (word == "DECIMAL" || word == "DEC" || word == "NUMERIC") {
    return ParseDecimal();
  }
  if (word == "INTERVAL") {
    return ParseInterval();
  }
  if (TakeWord("ARRAY")) {
    RETURN_IF_ERROR(Expect('<'));
    ASSIGN_OR_RETURN(DataType element, ParseType(depth + 1));
    RETURN_IF_ERROR(Expect('>'));
    return DataType::Array(std::move(element));
  }
  if (TakeWord("MAP")) {
    RETURN_IF_ERROR(Expect('<'));
    ASSIGN_OR_RETURN(DataType key, ParseType(depth + 1));
    RETURN_IF_ERROR(Expect(','));
    ASSIGN_OR_RETURN(DataType value, ParseType(depth + 1));
    RETURN_IF_ERROR(Expect('>'));
    return DataType::Map(std::move(key), std::move(value));
  }
  if (TakeWord("STRUCT")) {
    return ParseStruct(depth);
  }
  if (const std::optional<DataType> type = SimpleType(word)) {
    TakeWord(word);
    return *type;
  }
  return Fail("a type such as STRING, INT, DECIMAL(10,2) or DATE");
}

Result<DataType> DdlParser::ParseDecimal() {
  TakeWord(PeekWord());
  int precision = 10;  // Spark's DECIMAL is DECIMAL(10,0)
  int scale = 0;
  if (TakeChar('(')) {
    ASSIGN_OR_RETURN(precision, ParseNumber());
    if (TakeChar(',')) {
      ASSIGN_OR_RETURN(scale, ParseNumber());
    }
    RETURN_IF_ERROR(Expect(')'));
  }
  if (precision < 1 || precision > DataType::kDecimalPrecisionMax || scale < 0 ||
      scale > precision) {
    return Fail("1 ≤ precision ≤ 38 and 0 ≤ scale ≤ precision");
  }
  return DataType::Decimal(precision, scale);
}

Result<DataType> DdlParser::ParseInterval() {
  TakeWord("INTERVAL");
  const std::string start = PeekWord();
  if (start == "YEAR" || start == "MONTH") {
    TakeWord(start);
    if (TakeWord("TO") && !TakeWord("MONTH")) {
      return Fail("MONTH");
    }
    return DataType::YearMonthInterval();
  }
  if (start == "DAY" || start == "HOUR" || start == "MINUTE" || start == "SECOND") {
    TakeWord(start);
    if (TakeWord("TO") && !TakeWord("HOUR") && !TakeWord("MINUTE") && !TakeWord("SECOND")) {
      return Fail("HOUR, MINUTE or SECOND");
    }
    return DataType::DayTimeInterval();
  }
  return Fail("YEAR, MONTH, DAY, HOUR, MINUTE or SECOND");
}

Result<DataType> DdlParser::ParseStruct(int depth) {
  RETURN_IF_ERROR(Expect('<'));
  std::vector<Field> fields;
  if (!TakeChar('>')) {
    do {
      ASSIGN_OR_RETURN(Field field, ParseField(/*colon_allowed=*/true, depth + 1));
      fields.push_back(std::move(field));
    } while (TakeChar(','));
    RETURN_IF_ERROR(Expect('>'));
  }
  return DataType::Struct(std::move(fields));
}

Result<Field> DdlParser::ParseField(bool colon_allowed, int depth) {
  ASSIGN_OR_RETURN(std::string name, ParseName());
  if (colon_allowed) {
    TakeChar(':');
  }
  ASSIGN_OR_RETURN(DataType type, ParseType(depth));
  Field field{std::move(name), std::move(type)};
  if (TakeWord("NOT")) {
    if (!TakeWord("NULL")) {
      return Fail("NULL after NOT");
    }
    field.nullable = false;
  }
  if (TakeWord("COMMENT")) {
    ASSIGN_OR_RETURN(const std::string comment, ParseQuotedText());
    field.SetComment(comment);
  }
  return field;
}

Result<std::string> DdlParser::ParseName() {
  SkipBlanks();
  if (!TakeChar('`')) {
    const size_t begin = position_;
    while (position_ < text_.size() && IsWordChar(text_[position_])) {
      ++position_;
    }
    if (position_ == begin) {
      return Fail("a column name");
    }
    return std::string(text_.substr(begin, position_ - begin));
  }
  std::string name;
  while (position_ < text_.size()) {
    const char c = text_[position_++];
    if (c != '`') {
      name.push_back(c);
    } else if (position_ < text_.size() && text_[position_] == '`') {
      name.push_back('`');
      ++position_;
    } else {
      return name;
    }
  }
  return Fail("a closing back-quote");
}

Result<std::string> DdlParser::ParseQuotedText() {
  SkipBlanks();
  if (position_ >= text_.size() || (text_[position_] != '\'' && text_[position_] != '"')) {
    return Fail("a quoted text");
  }
  const char quote = text_[position_++];
  std::string text;
  while (position_ < text_.size() && text_[position_] != quote) {
    if (text_[position_] == '\\' && position_ + 1 < text_.size()) {
      ++position_;
    }
    text.push_back(text_[position_++]);
  }
  if (position_ >= text_.size()) {
    return Fail("a closing quote");
  }
  ++position_;
  return text;
}

Result<int> DdlParser::ParseNumber() {
  SkipBlanks();
  int value = 0;
  const size_t begin = position_;
  while (position_ < text_.size() && IsDigit(text_[position_]) && value < 1000) {
    value = value * 10 + (text_[position_++] - '0');
  }
  if (position_ == begin) {
    return Fail("a number");
  }
  return value;
}

void DdlParser::SkipBlanks() {
  while (position_ < text_.size() &&
         std::string_view(" \t\r\n").find(text_[position_]) != std::string_view::npos) {
    ++position_;
  }
}

bool DdlParser::AtEnd() {
  SkipBlanks();
  return position_ == text_.size();
}

std::string DdlParser::PeekWord() {
  SkipBlanks();
  size_t end = position_;
  while (end < text_.size() && IsWordChar(text_[end])) {
    ++end;
  }
  return ToUpper(text_.substr(position_, end - position_));
}

bool DdlParser::TakeWord(std::string_view upper_case_word) {
  if (upper_case_word.empty() || PeekWord() != upper_case_word) {
    return false;
  }
  position_ += upper_case_word.size();
  return true;
}

bool DdlParser::TakeChar(char c) {
  SkipBlanks();
  if (position_ < text_.size() && text_[position_] == c) {
    ++position_;
    return true;
  }
  return false;
}

Status DdlParser::Expect(char c) {
  if (!TakeChar(c)) {
    return Fail(fmt::format("`{}`", c));
  }
  return OkStatus();
}

Error DdlParser::Fail(std::string_view expected) const {
  return Error(ErrorCode::kSpecification,
               fmt::format("expected {} at character {} of the type text: {}", expected,
                           position_ + 1, text_))
      .WithCondition("PARSE_SYNTAX_ERROR");
}

}  // namespace medallion
