#include "base/source_text.h"

#include <algorithm>

#include <fmt/format.h>

namespace medallion {

Span Span::Cover(Span a, Span b) { return {std::min(a.begin, b.begin), std::max(a.end, b.end)}; }

SourceTextPtr SourceText::Make(std::string name, std::string text) {
  return SourceTextPtr(new SourceText(std::move(name), std::move(text)));
}

SourceText::SourceText(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)), line_starts_{0} {
  for (uint32_t offset = 0; offset < text_.size(); ++offset) {
    const bool carriage_return_alone =
        text_[offset] == '\r' && (offset + 1 == text_.size() || text_[offset + 1] != '\n');
    if (text_[offset] == '\n' || carriage_return_alone) {
      line_starts_.push_back(offset + 1);
    }
  }
}

std::string_view SourceText::Slice(Span span) const {
  const size_t begin = std::min<size_t>(span.begin, text_.size());
  const size_t end = std::clamp<size_t>(span.end, begin, text_.size());
  return std::string_view(text_).substr(begin, end - begin);
}

LineColumn SourceText::Locate(uint32_t offset) const {
  const uint32_t place = std::min<uint32_t>(offset, static_cast<uint32_t>(text_.size()));
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), place);
  const auto line = static_cast<uint32_t>(after - line_starts_.begin());
  uint32_t column = 1;
  for (uint32_t i = line_starts_[line - 1]; i < place; ++i) {
    const bool continuation_byte = (static_cast<unsigned char>(text_[i]) & 0xC0) == 0x80;
    column += continuation_byte ? 0 : 1;
  }
  return {line, column};
}

std::string SourceText::ShowPlace(Span span) const {
  const LineColumn place = Locate(span.begin);
  return fmt::format("{}:{}:{}", name_, place.line, place.column);
}

std::string_view SourceText::Line(uint32_t line) const {
  if (line == 0 || line > line_starts_.size()) {
    return {};
  }
  const size_t begin = line_starts_[line - 1];
  const size_t end = line < line_starts_.size() ? line_starts_[line] : text_.size();
  std::string_view text = std::string_view(text_).substr(begin, end - begin);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace medallion
