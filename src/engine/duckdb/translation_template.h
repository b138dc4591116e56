#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace medallion::duckdb {

// Fills a translation: `{0}` is the first argument, `{*}` all of them parted by commas, `{T}` the
// result type's DuckDB name.
std::string FillTemplate(std::string_view text, const std::vector<std::string>& args,
                         std::string_view result_type);

// How many arguments a template takes: one more than its highest number; -1 for any number.
int TemplateArity(std::string_view text);

}  // namespace medallion::duckdb
