#include "pipeline/diagnostic_json.h"

#include <nlohmann/json.hpp>

namespace medallion::pipeline {
namespace {

using DiagnosticJson = nlohmann::ordered_json;

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kError: return "error";
    case Severity::kWarning: return "warning";
    case Severity::kNote: return "note";
  }
  return "error";
}

std::string DiagnosticLine(const DiagnosticJson& object) {
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string DiagnosticJsonLine(const Diagnostic& diagnostic) {
  DiagnosticJson object = {{"type", "diagnostic"},
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
  return DiagnosticLine(object);
}

std::string DiagnosticJsonLines(const Error& error) {
  if (error.diagnostics().empty()) {
    const std::string code =
        error.condition().empty() ? std::string(ErrorCodeName(error.code())) : error.condition();
    return DiagnosticLine({{"type", "diagnostic"},
                           {"severity", "error"},
                           {"code", code},
                           {"message", error.message()},
                           {"hints", DiagnosticJson::array()}});
  }
  std::string lines;
  for (const Diagnostic& diagnostic : error.diagnostics()) {
    lines += DiagnosticJsonLine(diagnostic);
  }
  return lines;
}

}  // namespace medallion::pipeline
