#include "table_columns.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "sql/analyzer.h"

namespace medallion::pipeline {
namespace {

// Delta protocol, "Column Names": without column mapping, what Parquet cannot hold either.
constexpr std::string_view kForbiddenInNames = " ,;{}()\n\t=";

Field MakeField(const sql::ColumnSpec& spec, const DataType& type) {
  Field field{spec.name.text, type};
  if (spec.comment) {
    field.SetComment(*spec.comment);
  }
  return field;
}

// The column list's names over the own query's types.
std::optional<Schema> NamedColumns(const DatasetDeclaration& dataset,
                                   const std::vector<FlowColumns>& flows,
                                   std::vector<Diagnostic>& findings) {
  const std::vector<sql::ColumnSpec>& columns = dataset.statement.columns;
  const auto untyped =
      std::find_if(columns.begin(), columns.end(), [](const auto& spec) { return !spec.type; });
  const auto own = std::find_if(flows.begin(), flows.end(),
                                [](const FlowColumns& f) { return !f.flow->by_name; });
  if (own == flows.end()) {
    findings.push_back(Diagnostic::At(
        dataset.source, untyped->span, "COLUMN_TYPE_MISSING",
        fmt::format("column `{}` needs a type: the table has no query of its own",
                    untyped->name.text),
        "no type", {fmt::format("write `{} STRING`, or another type", untyped->name.text)}));
    return std::nullopt;
  }
  const Schema output = own->query->OutputSchema();
  Schema schema;
  for (size_t i = 0; i < columns.size(); ++i) {
    const DataType type = i < output.size() ? output[i].type : DataType::Void();
    schema.Append(MakeField(columns[i], columns[i].type.value_or(type)));
  }
  return schema;
}

// Columns of several flows by name, in the order of first appearance.
std::optional<Schema> UnitedColumns(const std::vector<FlowColumns>& flows,
                                    std::vector<Diagnostic>& findings) {
  Schema united;
  std::vector<const FlowDeclaration*> first_flow;
  bool agree = true;
  for (const FlowColumns& flow : flows) {
    const Schema output = flow.query->OutputSchema();
    for (size_t i = 0; i < output.size(); ++i) {
      const std::optional<size_t> known = united.IndexOf(output[i].name);
      if (!known) {
        united.Append(output[i]);
        first_flow.push_back(flow.flow);
        continue;
      }
      if (united[*known].type == output[i].type) {
        continue;
      }
      agree = false;
      const FlowDeclaration& first = *first_flow[*known];
      findings.push_back(Diagnostic::At(
          flow.flow->source, ColumnSpan(*flow.query, i, flow.flow->name_span),
          "CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE",
          fmt::format("column `{}` is {} in flow `{}` and {} in flow `{}`", output[i].name,
                      output[i].type.ToDdl(), flow.flow->name, united[*known].type.ToDdl(),
                      first.name),
          output[i].type.ToDdl(),
          {fmt::format(
              "the other flow is at {}: cast one of the two, or declare the column in the table",
              first.source->ShowPlace(first.name_span))}));
    }
  }
  return agree ? std::optional(std::move(united)) : std::nullopt;
}

// What Delta cannot store of a type, in words; empty if it can.
std::string StorageObstacle(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kVoid: return "has no type (NULL)";
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval: return "is an interval";
    case TypeKind::kArray: return StorageObstacle(type.element());
    case TypeKind::kMap: {
      const std::string key = StorageObstacle(type.key());
      return key.empty() ? StorageObstacle(type.value()) : key;
    }
    case TypeKind::kStruct:
      for (const Field& field : type.fields()) {
        if (std::string obstacle = StorageObstacle(field.type); !obstacle.empty()) {
          return obstacle;
        }
      }
      return "";
    default: return "";
  }
}

// Checks one dataset's columns against Delta.
class StorageCheck {
 public:
  StorageCheck(const DatasetDeclaration& dataset, const std::vector<FlowColumns>& flows,
               const Schema& schema, std::vector<Diagnostic>& findings)
      : dataset_(dataset), flows_(flows), schema_(schema), findings_(findings) {}

  void Run() {
    std::set<std::string> names;
    for (size_t i = 0; i < schema_.size(); ++i) {
      CheckName(i);
      CheckType(i);
      if (!names.insert(ToLower(schema_[i].name)).second) {
        Report(i, "COLUMN_ALREADY_EXISTS",
               fmt::format("two columns are named `{}`", schema_[i].name), "again",
               "give one another name with AS; letter case does not count");
      }
    }
    CheckColumnNames(dataset_.statement.partition_by, "PARTITIONED BY");
    CheckColumnNames(dataset_.statement.cluster_by, "CLUSTER BY");
    const std::vector<sql::Identifier>& partition = dataset_.statement.partition_by;
    if (!partition.empty() && partition.size() == schema_.size()) {
      findings_.push_back(Diagnostic::At(
          dataset_.source, partition.front().span, "ALL_PARTITION_COLUMNS_NOT_ALLOWED",
          "every column is a partition column", "", {"leave one column for the data"}));
    }
  }

 private:
  void CheckName(size_t index) {
    const std::string& name = schema_[index].name;
    if (name.find_first_of(kForbiddenInNames) == std::string::npos && !name.empty()) {
      return;
    }
    std::string proposal;
    std::copy_if(name.begin(), name.end(), std::back_inserter(proposal),
                 [](char c) { return kForbiddenInNames.find(c) == std::string_view::npos; });
    Report(index, "DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES",
           fmt::format("column name `{}` has a character that Delta refuses", name),
           "column of this name",
           proposal.empty() ? "give it a name with AS"
                            : fmt::format("give it another name: `{}` AS {}", name, proposal));
  }

  void CheckType(size_t index) {
    const std::string obstacle = StorageObstacle(schema_[index].type);
    if (!obstacle.empty()) {
      Report(index, "DELTA_UNSUPPORTED_DATA_TYPES",
             fmt::format("column `{}` {}, which Delta cannot store", schema_[index].name, obstacle),
             schema_[index].type.ToDdl(),
             fmt::format("cast it: CAST(… AS STRING) AS {}", schema_[index].name));
    }
  }

  void CheckColumnNames(const std::vector<sql::Identifier>& names, std::string_view clause) {
    std::vector<std::string> known;
    for (const Field& field : schema_.fields()) {
      known.push_back(field.name);
    }
    for (const sql::Identifier& name : names) {
      if (schema_.IndexOf(name.text)) {
        continue;
      }
      const std::optional<std::string> nearest = NearestName(name.text, known);
      findings_.push_back(Diagnostic::At(
          dataset_.source, name.span, "UNRESOLVED_COLUMN",
          fmt::format("{} names a column that the table does not have: `{}`", clause, name.text),
          "no such column",
          {nearest ? fmt::format("did you mean `{}`?", *nearest)
                   : fmt::format("columns: {}", Join(known, ", "))}));
    }
  }

  // At the column list's entry, else where the first query with that column makes it.
  void Report(size_t index, std::string_view condition, std::string message, std::string label,
              std::string hint) {
    const std::vector<sql::ColumnSpec>& columns = dataset_.statement.columns;
    SourceTextPtr source = dataset_.source;
    Span span = dataset_.statement.name.span;
    if (index < columns.size()) {
      span = columns[index].name.span;
    } else if (!flows_.empty()) {
      source = flows_.front().flow->source;
      span = ColumnSpan(*flows_.front().query, index, flows_.front().flow->name_span);
    }
    findings_.push_back(Diagnostic::At(source, span, condition, std::move(message),
                                       std::move(label), {std::move(hint)}));
  }

  const DatasetDeclaration& dataset_;
  const std::vector<FlowColumns>& flows_;
  const Schema& schema_;
  std::vector<Diagnostic>& findings_;
};

// The project that makes the query's columns, below ORDER BY and the like.
const sql::Project* OutputProject(const sql::Relation& relation) {
  if (const auto* project = std::get_if<sql::Project>(&relation.node)) {
    return project;
  }
  if (const auto* sort = std::get_if<sql::Sort>(&relation.node)) {
    return OutputProject(*sort->input);
  }
  if (const auto* limit = std::get_if<sql::Limit>(&relation.node)) {
    return OutputProject(*limit->input);
  }
  if (const auto* distinct = std::get_if<sql::Distinct>(&relation.node)) {
    return OutputProject(*distinct->input);
  }
  if (const auto* with = std::get_if<sql::With>(&relation.node)) {
    return OutputProject(*with->body);
  }
  return nullptr;
}

}  // namespace

Span ColumnSpan(const sql::BoundQuery& query, size_t index, Span fallback) {
  const sql::Project* project = OutputProject(*query.root);
  if (project == nullptr || index >= project->exprs.size()) {
    return fallback;
  }
  const Span span = project->exprs[index]->span;
  return span.begin == span.end ? fallback : span;
}

std::optional<Schema> DeclaredSchema(const sql::CreateDataset& statement) {
  Schema schema;
  for (const sql::ColumnSpec& spec : statement.columns) {
    if (!spec.type) {
      return std::nullopt;
    }
    schema.Append(MakeField(spec, *spec.type));
  }
  return schema.size() == 0 ? std::nullopt : std::optional(std::move(schema));
}

std::optional<Schema> DatasetSchema(const DatasetDeclaration& dataset,
                                    const std::vector<FlowColumns>& flows,
                                    std::vector<Diagnostic>& findings) {
  if (std::optional<Schema> declared = DeclaredSchema(dataset.statement)) {
    return declared;
  }
  if (!dataset.statement.columns.empty()) {
    return NamedColumns(dataset, flows, findings);
  }
  return flows.size() == 1 ? std::optional(flows.front().query->OutputSchema())
                           : UnitedColumns(flows, findings);
}

std::optional<sql::BoundQueryPtr> FitQuery(const DatasetDeclaration& dataset,
                                           const FlowColumns& flow, const Schema& schema,
                                           std::vector<Diagnostic>& findings) {
  const FlowDeclaration& declaration = *flow.flow;
  const std::vector<sql::ColumnSpec>& columns = dataset.statement.columns;
  const size_t given = flow.query->root->columns.size();
  if (!declaration.by_name && !columns.empty() && given != columns.size()) {
    const Span list = Span::Cover(columns.front().span, columns.back().span);
    findings.push_back(
        Diagnostic::At(dataset.source, list, "CREATE_VIEW_COLUMN_ARITY_MISMATCH",
                       fmt::format("`{}` declares {} columns and its query gives {}",
                                   dataset.name.table, columns.size(), given),
                       fmt::format("{} columns", columns.size()),
                       {"columns are matched by position: list as many as the query selects"}));
    return std::nullopt;
  }
  if (columns.empty() && flow.query->OutputSchema() == schema) {
    return flow.query;
  }
  Result<sql::BoundQueryPtr> fitted =
      sql::ProjectTo(flow.query, schema, declaration.by_name || columns.empty());
  if (fitted) {
    return *std::move(fitted);
  }
  const Error& error = fitted.error();
  if (error.diagnostics().empty() || error.diagnostics().front().source == nullptr) {
    findings.push_back(Diagnostic::At(declaration.source, declaration.name_span, error.condition(),
                                      error.message(), "this query",
                                      {"cast or rename the column in the select list"}));
  } else {
    findings.insert(findings.end(), error.diagnostics().begin(), error.diagnostics().end());
  }
  return std::nullopt;
}

void CheckStoredColumns(const DatasetDeclaration& dataset, const std::vector<FlowColumns>& flows,
                        const Schema& schema, std::vector<Diagnostic>& findings) {
  StorageCheck(dataset, flows, schema, findings).Run();
}

}  // namespace medallion::pipeline
