#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/source_text.h"
#include "catalog/catalog.h"
#include "pipeline/project.h"
#include "sql/statement.h"

// What the project's SQL files declare, before any name in a query is looked up.

namespace medallion::pipeline {

// Where short names live at one place of a file: the project's default, or what `USE` said last.
struct Namespace {
  std::string catalog;
  std::string schema;
};

// The full name; nothing for more than three parts.
std::optional<TableName> Qualify(const sql::QualifiedName& name, const Namespace& where);

// For maps: lower case; temporary views have one part.
std::string NameKey(const TableName& name);

struct DatasetDeclaration {
  sql::CreateDataset statement;
  SourceTextPtr source;
  // Full; temporary views have only `table`.
  TableName name;
  std::string definition;  // text of the statement with parameters substituted
};

struct FlowDeclaration {
  std::string name;                              // of CREATE FLOW; else the target's display name
  size_t target = 0;                             // index into Declarations::datasets
  std::shared_ptr<const sql::ast::Query> query;  // as written
  bool by_name = false;                          // INSERT … BY NAME; else by position
  std::optional<sql::ReplaceWhere> replace_where;
  std::string comment;
  SourceTextPtr source;
  Span span;       // of the statement
  Span name_span;  // of the flow's or dataset's name
  Namespace where;
  std::string definition;  // text of the statement with parameters substituted
};

struct Declarations {
  std::vector<DatasetDeclaration> datasets;  // in the order of the files
  std::vector<FlowDeclaration> flows;        // likewise
  std::map<std::string, size_t> by_key;      // NameKey → index into `datasets`
  // Files with a statement that could not be read, or that declares something refused.
  std::vector<SourceTextPtr> broken_files;

  // Whether the dataset is filled by a REPLACE WHERE flow: then its rows may go again.
  bool IsReplaced(size_t dataset) const;
  // Whether a broken file seems to declare a table or view of this last name part. Then a reader of
  // it needs no error of its own.
  bool MayBeDeclared(std::string_view table) const;
};

// Parses every file and applies SET and USE within each. Appends what is wrong: syntax, unsupported
// forms, names declared twice, flows without their table. Of what is declared twice, the first
// stays.
Declarations ReadDeclarations(const Project& project, std::vector<Diagnostic>& findings);

}  // namespace medallion::pipeline
