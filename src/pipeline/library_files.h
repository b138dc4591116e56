#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "base/source_text.h"
#include "project_spec.h"

namespace medallion::pipeline {

// A pipeline larger than this is several.
inline constexpr size_t kLibraryFilesMax = 1000;
// As the SQL parser's limit; YAML has the same.
inline constexpr size_t kTextBytesMax = size_t{1} << 20;

// Reads a text of at most kTextBytesMax bytes, without its byte order mark. `shown_name` is how
// messages call it.
Result<SourceTextPtr> ReadText(const std::string& path, const std::string& shown_name);

// The SQL files that the globs name, each once, in the order of the globs and within a folder by
// path. Appends to `findings`: missing files, Python files, other extensions (as Spark does),
// unreadable ones. Names beginning with a dot and `__pycache__` are passed over.
std::vector<SourceTextPtr> ReadLibraryFiles(const std::string& folder,
                                            const std::vector<LibraryGlob>& globs,
                                            std::vector<Diagnostic>& findings);

}  // namespace medallion::pipeline
