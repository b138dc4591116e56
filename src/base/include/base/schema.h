#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/data_type.h"

namespace medallion {

// A named, typed column or struct member. `metadata` holds Delta's field metadata: values are JSON
// texts by key, e.g. {"comment", "\"Invoice number\""}.
struct Field {
  std::string name;
  DataType type;
  bool nullable = true;
  std::map<std::string, std::string> metadata = {};

  // The `comment` metadata, decoded; empty if there is none.
  std::string Comment() const;
  void SetComment(std::string_view comment);

  friend bool operator==(const Field& a, const Field& b) = default;
};

// The columns of a relation, in order. Lookups ignore letter case, as Spark's do.
class Schema {
 public:
  Schema() = default;
  explicit Schema(std::vector<Field> fields) : fields_(std::move(fields)) {}

  // Parses a column list in Spark's DDL: `id BIGINT NOT NULL, name STRING COMMENT 'who'`.
  static Result<Schema> FromDdl(std::string_view ddl);

  const std::vector<Field>& fields() const { return fields_; }
  size_t size() const { return fields_.size(); }
  const Field& operator[](size_t index) const { return fields_[index]; }
  std::optional<size_t> IndexOf(std::string_view name) const;
  void Append(Field field) { fields_.push_back(std::move(field)); }
  std::string ToDdl() const;

  friend bool operator==(const Schema& a, const Schema& b) = default;

 private:
  std::vector<Field> fields_;
};

}  // namespace medallion
