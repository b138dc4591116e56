#pragma once

#include <string>

#include "engine/engine.h"
#include "http_message.h"
#include "query/stored_query.h"

namespace medallion::serve {

// Rows as a file to download, of any number. CSV is sent while it is made, with formulas guarded
// (query/row_csv.h); XLSX and Parquet are made in `scratch_folder` first. `name` without the
// ending. kInvalidArgument for another format.
Result<HttpResponse> ExportRows(const query::PreparedQuery& rows, const std::string& format,
                                const std::string& name, const std::string& scratch_folder,
                                const std::string& unique, Engine& engine);

}  // namespace medallion::serve
