#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/error.h"

namespace medallion::pipeline {

// Errors and findings as `--json` prints them, one object per line (docs/json-output.md):
//   {"type":"diagnostic","severity":"error","code":"UNRESOLVED_COLUMN","message":"…","file":"…",
//    "line":14,"column":9,"end_line":14,"end_column":18,"snippet":"…","hints":["…"]}
std::string DiagnosticJsonLines(const Error& error);
std::string DiagnosticJsonLine(const Diagnostic& diagnostic);

}  // namespace medallion::pipeline
