#include "declarations.h"

#include <algorithm>
#include <utility>

#include <re2/re2.h>

#include "base/text.h"
#include "scoped_statements.h"

namespace medallion::pipeline {
namespace {

// Sorts statements into datasets and flows.
class DeclarationReader {
 public:
  explicit DeclarationReader(std::vector<Diagnostic>& findings) : findings_(findings) {}

  void Read(const SourceTextPtr& source, std::vector<ScopedStatement> statements) {
    for (ScopedStatement& scoped : statements) {
      if (auto* create = std::get_if<sql::CreateDataset>(&scoped.statement)) {
        AddDataset(source, std::move(*create), scoped);
      } else if (auto* flow = std::get_if<sql::CreateFlow>(&scoped.statement)) {
        pending_flows_.push_back({source, std::move(*flow), scoped.where, std::move(scoped.text)});
      }
    }
  }

  void MarkBroken(const SourceTextPtr& source) { result_.broken_files.push_back(source); }

  // Flows may stand before their table, in any file.
  Declarations Finish() {
    for (PendingFlow& flow : pending_flows_) {
      AddFlow(flow);
    }
    RefuseUnfedTables();
    RefuseSharedTables();
    return std::move(result_);
  }

 private:
  struct PendingFlow {
    SourceTextPtr source;
    sql::CreateFlow statement;
    Namespace where;
    std::string text;
  };

  void Report(const SourceTextPtr& source, Span span, std::string_view condition,
              std::string message, std::string label, std::vector<std::string> hints) {
    findings_.push_back(Diagnostic::At(source, span, condition, std::move(message),
                                       std::move(label), std::move(hints)));
  }

  void AddDataset(const SourceTextPtr& source, sql::CreateDataset create,
                  const ScopedStatement& scoped) {
    const std::optional<TableName> name = DatasetName(source, create, scoped.where);
    if (!name || !IsSupported(source, create)) {
      MarkBroken(source);
      return;
    }
    const auto [place, added] = result_.by_key.emplace(NameKey(*name), result_.datasets.size());
    if (!added) {
      const DatasetDeclaration& first = result_.datasets[place->second];
      Report(source, create.name.span, "PIPELINE_DUPLICATE_IDENTIFIERS.DATASET",
             fmt::format("`{}` is declared twice", create.name.name.ToString()), "declared again",
             {fmt::format("the first declaration is at {}: rename or remove one",
                          first.source->ShowPlace(first.statement.name.span)),
              "to feed one streaming table from several queries use CREATE FLOW … INSERT INTO … BY "
              "NAME"});
      return;
    }
    if (create.query != nullptr) {
      AddOwnFlow(source, create, *name, scoped);
    }
    result_.datasets.push_back({std::move(create), source, *name, scoped.text});
  }

  std::optional<TableName> DatasetName(const SourceTextPtr& source,
                                       const sql::CreateDataset& create, const Namespace& where) {
    const sql::QualifiedName& name = create.name.name;
    if (create.kind == sql::DatasetKind::kTemporaryView) {
      if (name.parts.size() == 1) {
        return TableName{"", "", name.last()};
      }
      Report(source, create.name.span, "TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS",
             fmt::format("a temporary view has a name of one part: {}", name.ToString()),
             "too many parts", {fmt::format("write `{}`", name.last())});
      return std::nullopt;
    }
    std::optional<TableName> full = Qualify(name, where);
    if (!full) {
      Report(source, create.name.span, "IDENTIFIER_TOO_MANY_NAME_PARTS",
             fmt::format("a name has at most three parts: {}", name.ToString()), "too many parts",
             {"write catalog.schema.table"});
    }
    return full;
  }

  bool IsSupported(const SourceTextPtr& source, const sql::CreateDataset& create) {
    if (create.kind == sql::DatasetKind::kView) {
      Report(source, create.name.span, "UNSUPPORTED_PIPELINE_STATEMENT",
             "not supported: persisted views (CREATE VIEW)", "persisted view",
             {"use CREATE TEMPORARY VIEW for this pipeline alone, or CREATE OR REFRESH "
              "MATERIALIZED VIEW to store it"});
      return false;
    }
    const bool is_view = create.kind == sql::DatasetKind::kTemporaryView;
    if (is_view && !create.expectations.empty()) {
      Report(source, create.expectations.front().span, "UNSUPPORTED_EXPECTATION",
             "not supported: expectations on a temporary view", "on a view",
             {"put the rule on the tables that read the view"});
      return false;
    }
    // Reported, and the column is taken as nullable, so that the rest is checked too.
    for (const sql::ColumnSpec& column : create.columns) {
      if (column.not_null) {
        Report(source, column.span, "UNSUPPORTED_COLUMN_CONSTRAINT",
               fmt::format("not supported: NOT NULL on column `{}`", column.name.text), "NOT NULL",
               {fmt::format(
                   "write CONSTRAINT {0}_present EXPECT ({0} IS NOT NULL) ON VIOLATION FAIL UPDATE",
                   column.name.text)});
      }
    }
    return true;
  }

  void AddOwnFlow(const SourceTextPtr& source, const sql::CreateDataset& create,
                  const TableName& name, const ScopedStatement& scoped) {
    FlowDeclaration flow;
    flow.name = name.catalog.empty() ? name.table : name.ToString();
    flow.target = result_.datasets.size();
    flow.query = create.query;
    flow.by_name = create.replace_where.has_value();
    flow.replace_where = create.replace_where;
    flow.comment = create.comment.value_or("");
    flow.source = source;
    flow.span = create.span;
    flow.name_span = create.name.span;
    flow.where = scoped.where;
    flow.definition = scoped.text;
    result_.flows.push_back(std::move(flow));
  }

  void AddFlow(PendingFlow& pending) {
    const std::optional<size_t> target = FlowTarget(pending);
    if (!target || !CheckFlow(pending)) {
      return;
    }
    FlowDeclaration flow;
    flow.name = pending.statement.name.text;
    flow.target = *target;
    flow.query = pending.statement.query;
    flow.by_name = true;
    flow.replace_where = pending.statement.replace_where;
    flow.comment = pending.statement.comment.value_or("");
    flow.source = pending.source;
    flow.span = pending.statement.span;
    flow.name_span = pending.statement.name.span;
    flow.where = pending.where;
    flow.definition = std::move(pending.text);
    result_.flows.push_back(std::move(flow));
  }

  bool CheckFlow(const PendingFlow& pending) {
    const sql::CreateFlow& create = pending.statement;
    if (create.once) {
      Report(pending.source, create.span, "UNSUPPORTED_PIPELINE_STATEMENT",
             "not supported: one-time flows (ONCE)", "one-time flow",
             {"remove ONCE to append new rows at each update"});
      return false;
    }
    for (const FlowDeclaration& other : result_.flows) {
      if (EqualsIgnoreCase(other.name, create.name.text)) {
        Report(pending.source, create.name.span, "PIPELINE_DUPLICATE_IDENTIFIERS.FLOW",
               fmt::format("flow `{}` is declared twice", create.name.text), "declared again",
               {fmt::format("the first is at {}: rename one",
                            other.source->ShowPlace(other.name_span))});
        return false;
      }
    }
    return true;
  }

  std::optional<size_t> FlowTarget(const PendingFlow& pending) {
    const sql::NameNode& target = pending.statement.target;
    const std::optional<TableName> name = Qualify(target.name, pending.where);
    const auto found = name ? result_.by_key.find(NameKey(*name)) : result_.by_key.end();
    if (found == result_.by_key.end() && result_.MayBeDeclared(target.name.last())) {
      return std::nullopt;
    }
    if (found == result_.by_key.end()) {
      std::vector<std::string> hints = {
          fmt::format("declare it: CREATE OR REFRESH STREAMING TABLE {}", target.name.ToString())};
      if (const auto nearest = NearestName(target.name.last(), StreamingTableNames())) {
        hints.insert(hints.begin(), fmt::format("did you mean `{}`?", *nearest));
      }
      Report(pending.source, target.span, "TABLE_OR_VIEW_NOT_FOUND",
             fmt::format("flow `{}` inserts into a table that the pipeline does not declare: {}",
                         pending.statement.name.text, target.name.ToString()),
             "no such table", std::move(hints));
      return std::nullopt;
    }
    const DatasetDeclaration& dataset = result_.datasets[found->second];
    if (dataset.statement.kind != sql::DatasetKind::kStreamingTable) {
      Report(
          pending.source, target.span, "INVALID_FLOW_TARGET",
          fmt::format("a flow can insert into a streaming table only: {}", target.name.ToString()),
          "not a streaming table",
          {fmt::format("declared at {}: make it a STREAMING TABLE, or drop the flow",
                       dataset.source->ShowPlace(dataset.statement.name.span))});
      return std::nullopt;
    }
    return found->second;
  }

  std::vector<std::string> StreamingTableNames() const {
    std::vector<std::string> names;
    for (const DatasetDeclaration& dataset : result_.datasets) {
      if (dataset.statement.kind == sql::DatasetKind::kStreamingTable) {
        names.push_back(dataset.name.table);
      }
    }
    return names;
  }

  void RefuseUnfedTables() {
    if (!result_.broken_files.empty()) {
      return;  // the flow may be what could not be read
    }
    std::vector<bool> fed(result_.datasets.size(), false);
    for (const FlowDeclaration& flow : result_.flows) {
      fed[flow.target] = true;
    }
    for (size_t i = 0; i < fed.size(); ++i) {
      const DatasetDeclaration& dataset = result_.datasets[i];
      if (!fed[i]) {
        Report(dataset.source, dataset.statement.name.span, "PIPELINE_DATASET_WITHOUT_FLOW",
               fmt::format("nothing fills `{}`", dataset.name.table), "no query, no flow",
               {"add AS SELECT … to it, or CREATE FLOW … AS INSERT INTO it BY NAME"});
      }
    }
  }

  // A REPLACE WHERE flow may remove rows of any other flow.
  void RefuseSharedTables() {
    for (const FlowDeclaration& flow : result_.flows) {
      const auto other =
          std::find_if(result_.flows.begin(), result_.flows.end(), [&](const auto& candidate) {
            return candidate.target == flow.target && &candidate != &flow;
          });
      if (flow.replace_where && other != result_.flows.end()) {
        Report(flow.source, flow.name_span, "UNSUPPORTED_REPLACE_WHERE",
               fmt::format("`{}` has a REPLACE WHERE flow beside another flow",
                           result_.datasets[flow.target].name.table),
               "replaces part of the table",
               {fmt::format("the other flow is at {}: give it a table of its own",
                            other->source->ShowPlace(other->name_span))});
      }
    }
  }

  std::vector<Diagnostic>& findings_;
  Declarations result_;
  std::vector<PendingFlow> pending_flows_;
};

}  // namespace

bool Declarations::IsReplaced(size_t dataset) const {
  return std::any_of(flows.begin(), flows.end(), [&](const FlowDeclaration& flow) {
    return flow.target == dataset && flow.replace_where;
  });
}

bool Declarations::MayBeDeclared(std::string_view table) const {
  const RE2 declaration(
      fmt::format(R"((?i)(TABLE|VIEW)\s+(IF\s+NOT\s+EXISTS\s+)?([\w.`]*\.)?`?{}\b)",
                  RE2::QuoteMeta(std::string(table))));
  return std::any_of(broken_files.begin(), broken_files.end(), [&](const SourceTextPtr& file) {
    return RE2::PartialMatch(file->text(), declaration);
  });
}

std::optional<TableName> Qualify(const sql::QualifiedName& name, const Namespace& where) {
  switch (name.parts.size()) {
    case 1: return TableName{where.catalog, where.schema, name.parts[0]};
    case 2: return TableName{where.catalog, name.parts[0], name.parts[1]};
    case 3: return TableName{name.parts[0], name.parts[1], name.parts[2]};
    default: return std::nullopt;
  }
}

std::string NameKey(const TableName& name) {
  return name.catalog.empty()
             ? ToLower(name.table)
             : ToLower(fmt::format("{}\n{}\n{}", name.catalog, name.schema, name.table));
}

Declarations ReadDeclarations(const Project& project, std::vector<Diagnostic>& findings) {
  DeclarationReader reader(findings);
  for (const SourceTextPtr& source : project.files) {
    const size_t findings_before = findings.size();
    std::vector<ScopedStatement> statements = ParseScoped(project, source, findings);
    if (findings.size() > findings_before) {
      reader.MarkBroken(source);
    }
    reader.Read(source, std::move(statements));
  }
  return reader.Finish();
}

}  // namespace medallion::pipeline
