#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "printer.h"

namespace medallion::duckdb {

// One entry of the table of scalar translations: a template per number of arguments (see
// translation_template.h), or a function where types or literals decide.
struct Translation {
  std::vector<std::string_view> templates;
  Result<std::string> (*custom)(Printer& printer, const PrintedCall& call) = nullptr;
};
using Translations = std::map<std::string_view, Translation>;

// The entries of each topic.
Translations ConditionTranslations();
Translations CollectionTranslations();
Translations ArithmeticTranslations();
Translations DateTimeTranslations();
Translations RegexTranslations();
Translations TextTranslations();

}  // namespace medallion::duckdb
