#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis.h"

namespace medallion::sql {

// The hidden struct of every read_files (Databricks, "File metadata column").
inline constexpr std::string_view kMetadataColumn = "_metadata";

// Its members in the order of `SELECT _metadata`.
std::vector<std::string> FileMetadataNames();

// The column that holds the member of the files' metadata; from now on FileInput::metadata_fields
// has it. Nothing if there is no such member.
std::optional<BoundColumn> FileMetadataColumn(Analysis& analysis, size_t input,
                                              std::string_view member);

// The relation with those columns in its FileScans and in what passes all columns on.
RelationPtr WithMetadataColumns(const RelationPtr& relation, const Analysis& analysis);

}  // namespace medallion::sql
