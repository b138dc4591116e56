#include "error_output.h"

#include <nlohmann/json.hpp>

#include "terminal.h"

namespace medallion::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kError: return "error";
    case Severity::kWarning: return "warning";
    case Severity::kNote: return "note";
  }
  return "error";
}

std::string Dump(const Json& object) {
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string ToJsonLine(const Diagnostic& diagnostic) {
  Json object = {{"type", "diagnostic"},
                 {"severity", SeverityName(diagnostic.severity)},
                 {"code", diagnostic.condition},
                 {"message", diagnostic.message}};
  if (diagnostic.source) {
    const LineColumn begin = diagnostic.source->Locate(diagnostic.span.begin);
    const LineColumn end = diagnostic.source->Locate(diagnostic.span.end);
    object["file"] = diagnostic.source->name();
    object["line"] = begin.line;
    object["column"] = begin.column;
    object["end_line"] = end.line;
    object["end_column"] = end.column;
    object["snippet"] = std::string(diagnostic.source->Line(begin.line));
  }
  object["hints"] = diagnostic.hints;
  return Dump(object);
}

std::string ToJsonLines(const Error& error) {
  if (error.diagnostics().empty()) {
    const std::string code =
        error.condition().empty() ? std::string(ErrorCodeName(error.code())) : error.condition();
    return Dump({{"type", "diagnostic"},
                 {"severity", "error"},
                 {"code", code},
                 {"message", error.message()},
                 {"hints", Json::array()}});
  }
  std::string lines;
  for (const Diagnostic& diagnostic : error.diagnostics()) {
    lines += ToJsonLine(diagnostic);
  }
  return lines;
}

std::string RenderError(const Error& error, bool color) {
  const std::string text = error.ToString();
  std::string painted;
  size_t begin = 0;
  while (begin < text.size()) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    const size_t colon = line.find(": ");
    if (color && line.starts_with("error") && colon != std::string_view::npos) {
      painted += Paint(true, Ink::kRed, line.substr(0, colon)) + std::string(line.substr(colon));
    } else if (color && line.starts_with("warning") && colon != std::string_view::npos) {
      painted += Paint(true, Ink::kYellow, line.substr(0, colon)) + std::string(line.substr(colon));
    } else {
      painted += line;
    }
    painted += "\n";
    begin = end + 1;
  }
  return painted;
}

}  // namespace medallion::cli
