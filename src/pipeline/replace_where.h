#pragma once

#include <memory>

#include "sql/ast.h"
#include "sql/qualified_name.h"
#include "sql/statement.h"

// The two queries of a REPLACE WHERE flow, made of the one that a person wrote. Together they give
// the table as the flow leaves it. Pure.

namespace medallion::pipeline {

// What the flow writes: the rows of `query` for which the predicate is true.
sql::ast::QueryPtr RowsInside(const sql::ast::QueryPtr& query, const sql::ReplaceWhere& replace);

// What the flow keeps: the table's rows for which the predicate is false or NULL.
sql::ast::QueryPtr RowsOutside(const sql::QualifiedName& table, const sql::ReplaceWhere& replace);

}  // namespace medallion::pipeline
