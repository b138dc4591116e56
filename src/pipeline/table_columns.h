#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/schema.h"
#include "declarations.h"
#include "sql/bound_query.h"

// Which columns a dataset has: what it declares and what its queries give, and whether Delta can
// store them.

namespace medallion::pipeline {

// The schema if the statement gives every column a type; the dataset's readers need nothing else
// then.
std::optional<Schema> DeclaredSchema(const sql::CreateDataset& statement);

// One analysed query of a dataset.
struct FlowColumns {
  const FlowDeclaration* flow = nullptr;
  sql::BoundQueryPtr query;
};

// The dataset's schema. `flows` are those that could be analysed, at least one. Declared columns
// win; names without types take the types of the own query; without a column list several flows are
// united by name and must agree in type. Nothing if a finding was appended.
std::optional<Schema> DatasetSchema(const DatasetDeclaration& dataset,
                                    const std::vector<FlowColumns>& flows,
                                    std::vector<Diagnostic>& findings);

// The queries with exactly the columns of `schema`: by position for the own query, by name for
// INSERT … BY NAME. Nothing, with a finding, where that is impossible.
std::optional<sql::BoundQueryPtr> FitQuery(const DatasetDeclaration& dataset,
                                           const FlowColumns& flow, const Schema& schema,
                                           std::vector<Diagnostic>& findings);

// Appends a finding for everything Delta cannot store under this schema: names with forbidden
// characters, repeated names, columns without a type, intervals; partition and cluster columns that
// do not exist.
void CheckStoredColumns(const DatasetDeclaration& dataset, const std::vector<FlowColumns>& flows,
                        const Schema& schema, std::vector<Diagnostic>& findings);

// Where the query makes its `index`-th column.
Span ColumnSpan(const sql::BoundQuery& query, size_t index, Span fallback);

}  // namespace medallion::pipeline
