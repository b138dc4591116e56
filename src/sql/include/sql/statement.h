#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/data_type.h"
#include "base/source_text.h"
#include "sql/qualified_name.h"

// Statements of pipeline files as parsed. Queries and expressions inside are opaque here: the
// analyser turns them into BoundQuery. Grammar: Databricks "Pipeline SQL reference".

namespace medallion::sql {

namespace ast {
struct Query;  // sql/ast.h
struct Expression;
}  // namespace ast

struct Identifier {
  std::string text;
  Span span;
};

struct NameNode {
  QualifiedName name;
  Span span;
};

struct ColumnSpec {
  Identifier name;
  std::optional<DataType> type;  // absent in views
  bool not_null = false;
  std::optional<std::string> comment;
  Span span;
};

enum class ViolationAction { kWarn, kDropRow, kFailUpdate };

// CONSTRAINT name EXPECT (predicate) [ON VIOLATION …]
struct ExpectationSpec {
  Identifier name;
  std::shared_ptr<const ast::Expression> predicate;
  Span predicate_span;
  ViolationAction action = ViolationAction::kWarn;
  Span span;
};

// Which rows of its table a flow's query stands for: they are replaced by those of its result.
struct ReplaceWhere {
  std::shared_ptr<const ast::Expression> predicate;  // over the table's columns
  Span span;                                         // of the predicate
};

enum class DatasetKind { kStreamingTable, kMaterializedView, kTemporaryView, kView };

struct CreateDataset {
  DatasetKind kind = DatasetKind::kMaterializedView;
  NameNode name;
  bool is_private = false;
  bool or_refresh = false;
  bool if_not_exists = false;
  std::vector<ColumnSpec> columns;
  std::vector<ExpectationSpec> expectations;
  std::vector<Identifier> partition_by;
  std::vector<Identifier> cluster_by;
  std::optional<std::string> comment;
  std::map<std::string, std::string> properties;
  // Of `FLOW REPLACE WHERE predicate BY NAME query`; else absent, and columns go by position.
  std::optional<ReplaceWhere> replace_where;
  // Absent for a streaming table fed by CREATE FLOW alone.
  std::shared_ptr<const ast::Query> query;
  Span span;
};

// CREATE FLOW name AS INSERT INTO target BY NAME [REPLACE WHERE predicate] query
struct CreateFlow {
  Identifier name;
  NameNode target;
  bool once = false;
  std::optional<std::string> comment;
  std::optional<ReplaceWhere> replace_where;
  std::shared_ptr<const ast::Query> query;
  Span span;
};

struct SetStatement {
  std::string key;
  std::string value;
  Span span;
};

struct UseStatement {
  enum class Kind { kCatalog, kSchema };  // USE a.b gives kSchema with two parts
  Kind kind = Kind::kSchema;
  NameNode name;
  Span span;
};

// A bare query: allowed by `medallion sql`, refused in pipeline files.
struct QueryStatement {
  std::shared_ptr<const ast::Query> query;
  Span span;
};

using Statement =
    std::variant<CreateDataset, CreateFlow, SetStatement, UseStatement, QueryStatement>;

}  // namespace medallion::sql
