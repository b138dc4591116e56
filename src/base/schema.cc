#include "base/schema.h"

#include <nlohmann/json.hpp>

#include "base/identifier.h"
#include "base/text.h"
#include "ddl_parser.h"

namespace medallion {
namespace {

std::string QuoteText(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') {
      quoted.push_back('\\');
    }
    quoted.push_back(c);
  }
  return quoted + "'";
}

}  // namespace

std::string Field::Comment() const {
  const auto entry = metadata.find("comment");
  if (entry == metadata.end()) {
    return {};
  }
  const auto json = nlohmann::json::parse(entry->second, nullptr, /*allow_exceptions=*/false);
  return json.is_string() ? json.get<std::string>() : std::string();
}

void Field::SetComment(std::string_view comment) {
  metadata["comment"] = nlohmann::json(std::string(comment))
                            .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<Schema> Schema::FromDdl(std::string_view ddl) { return DdlParser(ddl).ParseWholeSchema(); }

std::optional<size_t> Schema::IndexOf(std::string_view name) const {
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (EqualsIgnoreCase(fields_[i].name, name)) {
      return i;
    }
  }
  return std::nullopt;
}

std::string Schema::ToDdl() const {
  std::string text;
  for (const Field& field : fields_) {
    text += text.empty() ? "" : ", ";
    text += QuoteSparkIdentifier(field.name) + " " + field.type.ToDdl() +
            (field.nullable ? "" : " NOT NULL");
    if (const std::string comment = field.Comment(); !comment.empty()) {
      text += " COMMENT " + QuoteText(comment);
    }
  }
  return text;
}

}  // namespace medallion
