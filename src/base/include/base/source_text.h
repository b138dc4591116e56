#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace medallion {

// A half-open range of byte offsets into a SourceText.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;

  // The smallest span that covers both.
  static Span Cover(Span a, Span b);
};

// A line and column as an editor counts them: both start at 1, columns count code points.
struct LineColumn {
  uint32_t line = 1;
  uint32_t column = 1;
};

// The text of one file that a person wrote (SQL, YAML), with the means to name places in it.
// Immutable and shared: diagnostics outlive the parse that made them.
class SourceText {
 public:
  static std::shared_ptr<const SourceText> Make(std::string name, std::string text);

  // The file name as shown to the user.
  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }

  std::string_view Slice(Span span) const;
  LineColumn Locate(uint32_t offset) const;
  // Where `span` begins, as compilers write it: "name:line:column".
  std::string ShowPlace(Span span) const;
  // The line (counted from 1) without its line end.
  std::string_view Line(uint32_t line) const;

 private:
  SourceText(std::string name, std::string text);

  std::string name_;
  std::string text_;
  std::vector<uint32_t> line_starts_;
};

using SourceTextPtr = std::shared_ptr<const SourceText>;

}  // namespace medallion
