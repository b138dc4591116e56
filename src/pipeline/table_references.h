#pragma once

#include <vector>

#include "sql/ast.h"

namespace medallion::pipeline {

// A table name as a query mentions it.
struct TableMention {
  sql::QualifiedName name;
  Span span;
  bool live = false;
  bool streaming = false;
};

// Every table that the query names, in the order of the text and with repetitions; names of common
// table expressions in scope are left out, as Spark does: a one-part name means the CTE.
std::vector<TableMention> FindTableReferences(const sql::ast::Query& query);

}  // namespace medallion::pipeline
