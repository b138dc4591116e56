#include "base/diagnostic.h"

#include <algorithm>

#include <fmt/format.h>

namespace medallion {
namespace {

constexpr std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kError: return "error";
    case Severity::kWarning: return "warning";
    case Severity::kNote: return "note";
  }
  return "error";
}

size_t CountCodePoints(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// The longest line that is shown whole; of a longer one, the part around the caret.
constexpr size_t kLineShownMax = 160;
constexpr size_t kContextBeforeCaret = 60;

// The text under which carets stand: its part of one line, and how many carets.
struct Excerpt {
  std::string line;
  size_t caret_column = 0;  // code points before the first caret
  size_t caret_count = 1;
};

// The start of the nearest code point at or before `offset`.
size_t CodePointStart(std::string_view text, size_t offset) {
  while (offset > 0 && offset < text.size() &&
         (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80) {
    --offset;
  }
  return offset;
}

Excerpt CutExcerpt(std::string_view line, size_t begin, size_t end) {
  size_t first = 0;
  if (line.size() > kLineShownMax) {
    first = CodePointStart(line, begin > kContextBeforeCaret ? begin - kContextBeforeCaret : 0);
  }
  size_t last = std::min(line.size(), first + kLineShownMax);
  last = last == line.size() ? last : CodePointStart(line, last);
  Excerpt excerpt;
  excerpt.line = std::string(line.substr(first, last - first));
  // Tabs would shift the carets; one blank each keeps them aligned.
  std::replace(excerpt.line.begin(), excerpt.line.end(), '\t', ' ');
  excerpt.caret_column = CountCodePoints(line.substr(first, begin - first));
  const size_t marked_end = std::clamp(end, begin, last);
  excerpt.caret_count =
      std::max<size_t>(1, CountCodePoints(line.substr(begin, marked_end - begin)));
  return excerpt;
}

std::string RenderPlace(const Diagnostic& diagnostic) {
  const SourceText& source = *diagnostic.source;
  const LineColumn place = source.Locate(diagnostic.span.begin);
  const std::string_view line = source.Line(place.line);
  const size_t line_begin = static_cast<size_t>(line.data() - source.text().data());
  const size_t begin = std::min<size_t>(diagnostic.span.begin - line_begin, line.size());
  const size_t end = std::min<size_t>(
      std::max(diagnostic.span.end, diagnostic.span.begin) - line_begin, line.size());
  const Excerpt excerpt = CutExcerpt(line, begin, end);

  const std::string number = std::to_string(place.line);
  const std::string margin(number.size(), ' ');
  const std::string label = diagnostic.label.empty() ? "" : " " + diagnostic.label;
  return fmt::format("{0}--> {1}:{2}:{3}\n{0} |\n{2} | {4}\n{0} | {5}{6}{7}\n", margin,
                     source.name(), number, place.column, excerpt.line,
                     std::string(excerpt.caret_column, ' '), std::string(excerpt.caret_count, '^'),
                     label);
}

}  // namespace

Diagnostic Diagnostic::At(SourceTextPtr source, Span span, std::string_view condition,
                          std::string message, std::string label, std::vector<std::string> hints) {
  Diagnostic diagnostic = Unplaced(condition, std::move(message), std::move(hints));
  diagnostic.source = std::move(source);
  diagnostic.span = span;
  diagnostic.label = std::move(label);
  return diagnostic;
}

Diagnostic Diagnostic::Unplaced(std::string_view condition, std::string message,
                                std::vector<std::string> hints) {
  Diagnostic diagnostic;
  diagnostic.condition = std::string(condition);
  diagnostic.message = std::move(message);
  diagnostic.hints = std::move(hints);
  return diagnostic;
}

std::string Render(const Diagnostic& diagnostic) {
  std::string text(SeverityName(diagnostic.severity));
  if (!diagnostic.condition.empty()) {
    text += "[" + diagnostic.condition + "]";
  }
  text += ": " + diagnostic.message + "\n";
  std::string margin;
  if (diagnostic.source != nullptr) {
    text += RenderPlace(diagnostic);
    margin.append(std::to_string(diagnostic.source->Locate(diagnostic.span.begin).line).size(),
                  ' ');
  }
  for (const std::string& hint : diagnostic.hints) {
    text += margin + " = help: " + hint + "\n";
  }
  return text;
}

}  // namespace medallion
