#pragma once

#include <vector>

#include "base/row_source.h"
#include "base/schema.h"
#include "base/value.h"
#include "sql/bound_query.h"

namespace medallion {

// Rows held in memory, of columns of any type but arrays, maps, structs and intervals: what the
// program itself makes. Immutable, thread-safe.
class FlatRows final : public RowSource {
 public:
  // Each row has one value per column of `schema`.
  FlatRows(Schema schema, std::vector<std::vector<Value>> rows);

  const Schema& schema() const override { return schema_; }
  size_t partition_count() const override { return 1; }
  Result<std::unique_ptr<RowReader>> Open(size_t partition,
                                          const std::vector<size_t>& columns) const override;
  size_t row_count() const { return rows_.size(); }

 private:
  Schema schema_;
  std::vector<std::vector<Value>> rows_;
};

// The columns of a FlatRows as a query's input. Column i has id i + 1.
sql::RelationPtr ScanFlatRows(const Schema& schema);

// A query that reads one FlatRows, as its first file input, and yields `exprs` under these names;
// `root`'s input is ScanFlatRows(input).
sql::BoundQuery QueryFlatRows(const Schema& input, std::vector<sql::ExprPtr> exprs,
                              const std::vector<std::string>& names);

// As above: yields every column under its name.
sql::BoundQuery QueryFlatRows(const Schema& input);

// Expressions for it.
sql::ExprPtr ColumnOf(const Schema& input, size_t index);
sql::ExprPtr NullOf(DataType type);
// named_struct(names[0], members[0], …).
sql::ExprPtr StructOf(const std::vector<std::string>& names,
                      const std::vector<sql::ExprPtr>& members);
// array(element).
sql::ExprPtr ArrayOf(const sql::ExprPtr& element);
// CASE WHEN condition IS NOT NULL THEN value END.
sql::ExprPtr IfPresent(const sql::ExprPtr& condition, const sql::ExprPtr& value);

}  // namespace medallion
