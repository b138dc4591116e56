#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/schema.h"

namespace medallion {

// Parses types and column lists in Spark's DDL spelling. One use per object.
class DdlParser {
 public:
  explicit DdlParser(std::string_view text) : text_(text) {}

  // The whole text must be one type.
  Result<DataType> ParseWholeType();
  // The whole text must be a comma-separated column list; empty text is an empty schema.
  Result<Schema> ParseWholeSchema();

 private:
  static constexpr int kDepthMax = 64;  // nested types deeper than any real schema

  Result<DataType> ParseType(int depth);
  Result<DataType> ParseDecimal();
  Result<DataType> ParseInterval();
  Result<DataType> ParseStruct(int depth);
  Result<Field> ParseField(bool colon_allowed, int depth);
  Result<std::string> ParseName();
  Result<std::string> ParseQuotedText();
  Result<int> ParseNumber();

  void SkipBlanks();
  bool AtEnd();
  // A run of letters, digits and underscores, in upper case; empty if there is none.
  std::string PeekWord();
  bool TakeWord(std::string_view upper_case_word);
  bool TakeChar(char c);
  Status Expect(char c);
  Error Fail(std::string_view expected) const;

  std::string_view text_;
  size_t position_ = 0;
};

}  // namespace medallion
