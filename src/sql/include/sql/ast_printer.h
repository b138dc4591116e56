#pragma once

#include <string>

#include "sql/ast.h"

namespace medallion::sql {

// Spark SQL on one line that parses to the same tree (spans aside). Every compound operand stands
// in parentheses, every name that needs it in back-quotes.
std::string ToSql(const ast::Expression& expression);
std::string ToSql(const ast::Query& query);
std::string ToSql(const ast::Relation& relation);
std::string ToSql(const Statement& statement);

}  // namespace medallion::sql
