#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/error.h"

namespace medallion::cli {

// Errors and findings as `--json` prints them, one object per line (docs/json-output.md):
//   {"type":"diagnostic","severity":"error","code":"UNRESOLVED_COLUMN","message":"…","file":"…",
//    "line":14,"column":9,"end_line":14,"end_column":18,"snippet":"…","hints":["…"]}
std::string ToJsonLines(const Error& error);
std::string ToJsonLine(const Diagnostic& diagnostic);

// The findings of an error as people read them. `color` paints only the first word of each.
std::string RenderError(const Error& error, bool color);

}  // namespace medallion::cli
