#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/source_text.h"

namespace medallion {

enum class Severity { kError, kWarning, kNote };

// One finding about something a person wrote: what is wrong, where, and what to do.
struct Diagnostic {
  Severity severity = Severity::kError;
  // Spark's or Delta's error condition where one exists, e.g. `TABLE_OR_VIEW_NOT_FOUND`; else ours.
  std::string condition;
  std::string message;
  // Null if the finding has no place in a text.
  SourceTextPtr source;
  Span span;
  // Said right under the caret, e.g. "no such column"; may be empty.
  std::string label;
  // Advice, one sentence each: nearest name, supported form, option to set.
  std::vector<std::string> hints;

  // Errors; `label` may be empty.
  static Diagnostic At(SourceTextPtr source, Span span, std::string_view condition,
                       std::string message, std::string label, std::vector<std::string> hints);
  static Diagnostic Unplaced(std::string_view condition, std::string message,
                             std::vector<std::string> hints);
};

// Renders for a terminal, without escape codes and with a final newline:
//
//   error[UNRESOLVED_COLUMN]: unknown column `UnitPrise`
//     --> transformations/silver.sql:14:9
//      |
//   14 |   CAST(UnitPrise AS DECIMAL(10,2)) AS UnitPrice,
//      |        ^^^^^^^^^ no such column
//      = help: did you mean `Price`?
std::string Render(const Diagnostic& diagnostic);

}  // namespace medallion
