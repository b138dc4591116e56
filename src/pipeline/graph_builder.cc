#include "graph_builder.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "finding_order.h"
#include "kmeans_rules.h"
#include "pipeline/session_date.h"
#include "replace_where.h"
#include "scoped_statements.h"
#include "sql/ast_printer.h"
#include "sql/plan.h"
#include "streaming_rules.h"

namespace medallion::pipeline {
namespace {

bool IsView(const DatasetDeclaration& dataset) {
  return dataset.statement.kind == sql::DatasetKind::kTemporaryView;
}

// A predicate that is met where it is NULL (`expectations: null_is: pass`).
sql::ExprPtr PassNull(const sql::ExprPtr& predicate) {
  auto met = std::make_shared<sql::Expr>();
  met->type = DataType::Boolean();
  met->nullable = false;
  met->span = predicate->span;
  met->node = sql::LiteralExpr{Value::Boolean(true)};
  auto total = std::make_shared<sql::Expr>(*met);
  total->node = sql::CallExpr{"coalesce", {predicate, met}};
  return total;
}

// Views are inlined at each place of use, so views over views can grow without bound. A pipeline's
// largest real queries have some hundred steps.
constexpr size_t kPlanStepsMax = 10'000;

bool IsTooLarge(const sql::BoundQuery& query) {
  std::vector<sql::RelationPtr> open = {query.root};
  size_t steps = 0;
  while (!open.empty() && steps <= kPlanStepsMax) {
    const sql::RelationPtr relation = open.back();
    open.pop_back();
    ++steps;
    const std::vector<sql::RelationPtr> children = sql::Children(*relation);
    open.insert(open.end(), children.begin(), children.end());
  }
  return steps > kPlanStepsMax;
}

sql::QualifiedName ToQualified(const TableName& name) {
  return {{name.catalog, name.schema, name.table}};
}

std::vector<size_t> SortedUnique(std::vector<size_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

}  // namespace

GraphBuilder::GraphBuilder(const Project& project, World& world)
    : project_(project),
      world_(world),
      warnings_(project.warnings),
      files_(project.folder, world) {}

Result<GraphPtr> GraphBuilder::Build() {
  CheckConfiguration();
  declarations_ = ReadDeclarations(project_, findings_);
  if (declarations_.datasets.empty() && findings_.empty()) {
    findings_.push_back(
        Diagnostic::At(nullptr, {}, "RUN_EMPTY_PIPELINE", "the pipeline declares no table", "",
                       {"name its .sql files under `libraries` of the project file"}));
  }
  NameResolution names(declarations_, world_);
  mentions_ = ResolveMentions(declarations_, names, findings_);
  const DependencyOrder order = OrderByDependency(DatasetDependencies(declarations_, mentions_));
  ReportCycles(declarations_, mentions_, order.cycles, findings_);
  order_ = order.order;
  PrepareDatasets();
  for (const size_t dataset : order_) {
    AnalyzeDataset(dataset);
  }
  if (!findings_.empty()) {
    SortByPlace(findings_);
    return Error(ErrorCode::kSpecification, std::move(findings_));
  }
  return Assemble();
}

void GraphBuilder::CheckConfiguration() {
  if (const Result<int32_t> date = DateInZone(0, project_.SessionTimeZone()); !date) {
    const auto zone = project_.configuration.find("spark.sql.session.timeZone");
    const Place place = zone != project_.configuration.end() ? zone->second.place : Place{};
    findings_.push_back(Diagnostic::At(
        place.source, place.span, date.error().condition(), date.error().message(), "no such zone",
        {"write a name such as Europe/London, or an offset such as +02:00"}));
  }
  for (const auto& [key, parameter] : project_.configuration) {
    const ConfEffect effect = ClassifyConf(key, parameter.value);
    if (effect == ConfEffect::kRefused) {
      findings_.push_back(
          Diagnostic::At(parameter.place.source, parameter.place.span, "UNSUPPORTED_CONFIGURATION",
                         fmt::format("not supported: {} = {}", key, parameter.value),
                         "changes what SQL means", {"remove it: queries follow Spark's defaults"}));
    } else if (effect == ConfEffect::kNoEffect) {
      Diagnostic warning = Diagnostic::At(
          parameter.place.source, parameter.place.span, "CONFIGURATION_WITHOUT_EFFECT",
          fmt::format("`{}` has no effect here, only on Spark", key), "", {});
      warning.severity = Severity::kWarning;
      warnings_.push_back(std::move(warning));
    }
  }
}

void GraphBuilder::PrepareDatasets() {
  datasets_.resize(declarations_.datasets.size());
  flows_.resize(declarations_.flows.size());
  for (size_t i = 0; i < flows_.size(); ++i) {
    datasets_[declarations_.flows[i].target].flows.push_back(i);
  }
  for (size_t i = 0; i < datasets_.size(); ++i) {
    if (!IsView(declarations_.datasets[i])) {
      datasets_[i].schema = DeclaredSchema(declarations_.datasets[i].statement);
    }
  }
}

Result<GraphPtr> BuildGraph(const Project& project, World& world) {
  return GraphBuilder(project, world).Build();
}

// --- Analysis ------------------------------------------------------------------------------------

bool GraphBuilder::CanAnalyze(size_t flow) {
  const size_t target = declarations_.flows[flow].target;
  for (const ResolvedMention& table : mentions_[flow].tables) {
    const auto* dataset = std::get_if<size_t>(&table.meaning);
    if (dataset != nullptr && *dataset == target && !datasets_[target].schema) {
      findings_.push_back(Diagnostic::At(
          declarations_.flows[flow].source, table.mention.span, "UNSUPPORTED_REPLACE_WHERE",
          fmt::format("`{}` reads itself and does not declare its columns",
                      declarations_.datasets[target].name.table),
          "its columns are not known here",
          {fmt::format("declare them: CREATE STREAMING TABLE {} (id INT, …)",
                       declarations_.datasets[target].name.table)}));
      return false;
    }
  }
  const auto is_unknown = [&](const ResolvedMention& table) {
    const auto* dataset = std::get_if<size_t>(&table.meaning);
    return dataset != nullptr && !datasets_[*dataset].schema;
  };
  const FlowMentions& mentions = mentions_[flow];
  return !mentions.broken &&
         std::none_of(mentions.tables.begin(), mentions.tables.end(), is_unknown) &&
         CheckViewStreams(flow);
}

// STREAM over a temporary view is STREAM over what the view reads, so the view must say so.
bool GraphBuilder::CheckViewStreams(size_t flow) {
  bool ok = true;
  for (const ResolvedMention& table : mentions_[flow].tables) {
    const auto* dataset = std::get_if<size_t>(&table.meaning);
    if (dataset == nullptr || !table.mention.streaming ||
        !IsView(declarations_.datasets[*dataset]) || datasets_[*dataset].streaming) {
      continue;
    }
    const DatasetDeclaration& view = declarations_.datasets[*dataset];
    findings_.push_back(Diagnostic::At(
        declarations_.flows[flow].source, table.mention.span, "INVALID_STREAMING_SOURCE",
        fmt::format("view `{}` reads no stream, so it cannot be read as one", view.name.table),
        "read as a stream",
        {fmt::format("put STREAM before the source inside the view ({})",
                     view.source->ShowPlace(view.statement.name.span))}));
    ok = false;
  }
  return ok;
}

Result<sql::BoundQueryPtr> GraphBuilder::AnalyzeIn(const FlowDeclaration& flow,
                                                   const sql::ast::Query& query) {
  current_ = &flow;
  current_stream_ = 0;
  Result<sql::BoundQueryPtr> bound =
      sql::Analyze(query, {flow.source, this, project_.SessionTimeZone()});
  current_ = nullptr;
  return bound;
}

// The table's columns are known.
void GraphBuilder::AnalyzeOutside(size_t flow) {
  const FlowDeclaration& declaration = declarations_.flows[flow];
  Result<sql::BoundQueryPtr> query = AnalyzeIn(
      declaration, *RowsOutside(ToQualified(declarations_.datasets[declaration.target].name),
                                *declaration.replace_where));
  if (!query) {
    ReportAnalysis(declaration, query.error());
    return;
  }
  if (!(*query)->deterministic) {
    findings_.push_back(Diagnostic::At(
        declaration.source, declaration.replace_where->span, "UNSUPPORTED_REPLACE_WHERE",
        "REPLACE WHERE must choose the same rows each time", "a random function", {}));
  }
  flows_[flow].outside = *std::move(query);
}

sql::BoundQueryPtr GraphBuilder::AnalyzeFlow(size_t flow) {
  if (!CanAnalyze(flow)) {
    return nullptr;
  }
  const FlowDeclaration& declaration = declarations_.flows[flow];
  Result<sql::BoundQueryPtr> query =
      AnalyzeIn(declaration, declaration.replace_where
                                 ? *RowsInside(declaration.query, *declaration.replace_where)
                                 : *declaration.query);
  if (!query) {
    ReportAnalysis(declaration, query.error());
    return nullptr;
  }
  if (IsTooLarge(**query)) {
    findings_.push_back(Diagnostic::At(
        declaration.source, declaration.name_span, "QUERY_TOO_LARGE",
        fmt::format("the query has more than {} steps once its views are put in", kPlanStepsMax),
        "too large", {"make one of the views that it reads repeatedly a MATERIALIZED VIEW"}));
    return nullptr;
  }
  const DatasetDeclaration& dataset = declarations_.datasets[declaration.target];
  const bool sound = CheckStreaming(dataset, declaration, **query, findings_) &&
                     CheckKMeans(declaration, **query, findings_);
  return sound ? *std::move(query) : nullptr;
}

void GraphBuilder::ReportAnalysis(const FlowDeclaration& flow, const Error& error) {
  if (error.diagnostics().empty()) {
    findings_.push_back(Diagnostic::At(flow.source, flow.name_span, error.condition(),
                                       error.message(), "in this query", {}));
  }
  for (Diagnostic finding : error.diagnostics()) {
    if (finding.source == nullptr) {
      finding.source = flow.source;
      finding.span = flow.name_span;
    }
    findings_.push_back(std::move(finding));
  }
}

void GraphBuilder::AnalyzeDataset(size_t dataset) {
  const DatasetDeclaration& declaration = declarations_.datasets[dataset];
  DatasetState& state = datasets_[dataset];
  std::vector<FlowColumns> analyzed;
  for (const size_t flow : state.flows) {
    if (sql::BoundQueryPtr query = AnalyzeFlow(flow)) {
      state.streaming = state.streaming || IsStreaming(*query);
      analyzed.push_back({&declarations_.flows[flow], std::move(query)});
    }
  }
  // With a flow missing, the union of the others would be a guess.
  if (analyzed.empty() || (!state.schema && analyzed.size() < state.flows.size())) {
    return;
  }
  const std::optional<Schema> schema = DatasetSchema(declaration, analyzed, findings_);
  if (!schema) {
    return;
  }
  if (!IsView(declaration)) {
    CheckStoredColumns(declaration, analyzed, *schema, findings_);
  }
  state.schema = schema;
  for (const FlowColumns& flow : analyzed) {
    const auto index = static_cast<size_t>(flow.flow - declarations_.flows.data());
    if (std::optional<sql::BoundQueryPtr> fitted =
            FitQuery(declaration, flow, *schema, findings_)) {
      flows_[index].query = *std::move(fitted);
    }
    if (flow.flow->replace_where) {
      AnalyzeOutside(index);
    }
  }
  if (IsView(declaration)) {
    state.view_query = flows_[state.flows.front()].query;
    state.schema = state.view_query == nullptr ? std::nullopt : schema;
  }
  AnalyzeExpectations(dataset);
}

void GraphBuilder::AnalyzeExpectations(size_t dataset) {
  const DatasetDeclaration& declaration = declarations_.datasets[dataset];
  // The parser refuses repeated names.
  for (const sql::ExpectationSpec& spec : declaration.statement.expectations) {
    for (const size_t flow : datasets_[dataset].flows) {
      if (flows_[flow].query == nullptr) {
        continue;
      }
      const sql::AnalyzerContext context{declaration.source, this, project_.SessionTimeZone()};
      Result<sql::ExprPtr> predicate =
          sql::AnalyzePredicate(*spec.predicate, *flows_[flow].query, context);
      if (!predicate) {
        FlowDeclaration at;
        at.source = declaration.source;
        at.name_span = spec.predicate_span;
        ReportAnalysis(at, predicate.error());
        continue;
      }
      const bool pass_null = project_.settings.expectations_null == Settings::NullOutcome::kPass;
      flows_[flow].predicates.push_back(pass_null ? PassNull(*predicate) : *std::move(predicate));
    }
  }
}

// --- sql::Resolver -------------------------------------------------------------------------------

Result<sql::ResolvedName> GraphBuilder::ResolveTable(const sql::QualifiedName& name,
                                                     bool /*streaming*/) {
  CHECK(current_ != nullptr);
  NameResolution names(declarations_, world_);
  ASSIGN_OR_RETURN(const NameMeaning meaning, names.Resolve(name, current_->where, false));
  if (const auto* outside = std::get_if<OutsideTable>(&meaning)) {
    return sql::ResolvedName(
        sql::ResolvedTable{ToQualified(outside->name), outside->snapshot->schema()});
  }
  const auto* dataset = std::get_if<size_t>(&meaning);
  if (dataset == nullptr || !datasets_[*dataset].schema) {
    return Error(ErrorCode::kNotFound, fmt::format("unknown table or view: {}", name.ToString()))
        .WithCondition("TABLE_OR_VIEW_NOT_FOUND");
  }
  const DatasetState& state = datasets_[*dataset];
  if (state.view_query != nullptr) {
    return sql::ResolvedName(sql::ResolvedView{state.view_query});
  }
  return sql::ResolvedName(
      sql::ResolvedTable{ToQualified(declarations_.datasets[*dataset].name), *state.schema});
}

Result<sql::FileDescription> GraphBuilder::DescribeFiles(
    const std::string& path, const std::vector<sql::FileOption>& options, bool streaming) {
  CHECK(current_ != nullptr);
  ASSIGN_OR_RETURN(std::shared_ptr<const KnownFiles> known, FindKnown(streaming));
  return files_.Describe(path, options, streaming, std::move(known), current_->source);
}

Result<std::shared_ptr<const KnownFiles>> GraphBuilder::FindKnown(bool streaming) {
  const DatasetDeclaration& target = declarations_.datasets[current_->target];
  const bool reads_view = std::any_of(
      mentions_[static_cast<size_t>(current_ - declarations_.flows.data())].tables.begin(),
      mentions_[static_cast<size_t>(current_ - declarations_.flows.data())].tables.end(),
      [&](const ResolvedMention& table) {
        const auto* dataset = std::get_if<size_t>(&table.meaning);
        return dataset != nullptr && IsView(declarations_.datasets[*dataset]) &&
               datasets_[*dataset].streaming;
      });
  // A view's streams are counted by the flows that read it, in another order than here.
  if (!streaming || IsView(target) || reads_view) {
    return std::shared_ptr<const KnownFiles>();
  }
  ASSIGN_OR_RETURN(std::optional<KnownFiles> known,
                   world_.FindKnownFiles(target.name, current_->name, current_stream_++));
  return known ? std::make_shared<const KnownFiles>(*std::move(known))
               : std::shared_ptr<const KnownFiles>();
}

// --- The graph -----------------------------------------------------------------------------------

GraphPtr GraphBuilder::Assemble() {
  auto graph = std::make_shared<Graph>();
  graph->session_time_zone = project_.SessionTimeZone();
  std::vector<size_t> new_dataset_index(datasets_.size());
  std::vector<size_t> new_flow_index(flows_.size());
  size_t flow_count = 0;
  for (size_t place = 0; place < order_.size(); ++place) {
    new_dataset_index[order_[place]] = place;
    for (const size_t flow : datasets_[order_[place]].flows) {
      new_flow_index[flow] = flow_count++;
    }
  }
  graph->flows.resize(flow_count);
  for (const size_t dataset : order_) {
    graph->datasets.push_back(MakeDataset(dataset, new_flow_index));
    for (const size_t flow : datasets_[dataset].flows) {
      graph->flows[new_flow_index[flow]] = MakeFlow(flow, new_dataset_index);
    }
    WarnOf(dataset);
  }
  SortByPlace(warnings_);
  graph->warnings = std::move(warnings_);
  return graph;
}

void GraphBuilder::WarnOf(size_t dataset) {
  const DatasetDeclaration& declaration = declarations_.datasets[dataset];
  const auto warn = [&](Span span, std::string_view condition, std::string message) {
    Diagnostic warning =
        Diagnostic::At(declaration.source, span, condition, std::move(message), "", {});
    warning.severity = Severity::kWarning;
    warnings_.push_back(std::move(warning));
  };
  const std::vector<sql::Identifier>& cluster_by = declaration.statement.cluster_by;
  if (!cluster_by.empty()) {
    warn(cluster_by.front().span, "CLUSTERING_NOT_APPLIED",
         "CLUSTER BY is noted, files are not clustered by it");
  }
  const bool repeats = std::all_of(datasets_[dataset].flows.begin(), datasets_[dataset].flows.end(),
                                   [&](size_t flow) { return flows_[flow].query->deterministic; });
  if (!repeats && declaration.statement.kind == sql::DatasetKind::kMaterializedView) {
    warn(declaration.statement.name.span, "NONDETERMINISTIC_VIEW",
         fmt::format("`{}` uses a random function: it is computed anew at each update",
                     declaration.name.table));
  }
}

Dataset GraphBuilder::MakeDataset(size_t dataset, const std::vector<size_t>& new_flow_index) const {
  const DatasetDeclaration& declaration = declarations_.datasets[dataset];
  Dataset made;
  made.kind = declaration.statement.kind;
  made.name = declaration.name;
  made.is_private = declaration.statement.is_private;
  made.schema = *datasets_[dataset].schema;
  for (const sql::Identifier& column : declaration.statement.partition_by) {
    made.partition_by.push_back(made.schema[*made.schema.IndexOf(column.text)].name);
  }
  for (const sql::Identifier& column : declaration.statement.cluster_by) {
    made.cluster_by.push_back(made.schema[*made.schema.IndexOf(column.text)].name);
  }
  made.comment = declaration.statement.comment.value_or("");
  made.properties = declaration.statement.properties;
  made.expectations = MakeExpectations(dataset);
  for (const size_t flow : datasets_[dataset].flows) {
    made.flows.push_back(new_flow_index[flow]);
  }
  made.streaming = datasets_[dataset].streaming;
  made.place = {declaration.source, declaration.statement.name.span};
  return made;
}

std::vector<Expectation> GraphBuilder::MakeExpectations(size_t dataset) const {
  const DatasetDeclaration& declaration = declarations_.datasets[dataset];
  std::vector<Expectation> expectations;
  for (size_t i = 0; i < declaration.statement.expectations.size(); ++i) {
    const sql::ExpectationSpec& spec = declaration.statement.expectations[i];
    Expectation made;
    made.name = spec.name.text;
    made.predicate_text = std::string(declaration.source->Slice(spec.predicate_span));
    made.action = spec.action;
    made.place = {declaration.source, spec.span};
    for (const size_t flow : datasets_[dataset].flows) {
      made.predicates.push_back(flows_[flow].predicates[i]);
    }
    expectations.push_back(std::move(made));
  }
  return expectations;
}

Flow GraphBuilder::MakeFlow(size_t flow, const std::vector<size_t>& new_dataset_index) const {
  const FlowDeclaration& declaration = declarations_.flows[flow];
  const auto renumber = [&](std::vector<size_t> datasets) {
    for (size_t& dataset : datasets) {
      dataset = new_dataset_index[dataset];
    }
    return SortedUnique(std::move(datasets));
  };
  Flow made;
  made.name = declaration.name;
  made.target = new_dataset_index[declaration.target];
  made.query = flows_[flow].query;
  made.outside = flows_[flow].outside;
  if (declaration.replace_where) {
    made.replace_where = sql::ToSql(*declaration.replace_where->predicate);
  }
  made.tables = MakeFlowTables(*made.query, new_dataset_index);
  for (const sql::FileInput& input : made.query->files) {
    made.files.push_back(files_.Find(input));
  }
  made.streaming = IsStreaming(*made.query);
  made.comment = declaration.comment;
  made.reads = renumber(Mentioned(flow));
  made.upstream = renumber(StoredUpstream(flow));
  made.definition = declaration.definition;
  made.definition_hash = HashDefinition(flow);
  made.place = {declaration.source, declaration.span};
  return made;
}

std::vector<FlowTable> GraphBuilder::MakeFlowTables(
    const sql::BoundQuery& query, const std::vector<size_t>& new_dataset_index) const {
  std::vector<FlowTable> tables;
  for (const sql::TableInput& input : query.tables) {
    FlowTable table;
    CHECK_EQ(input.name.parts.size(), 3u);
    table.name = {input.name.parts[0], input.name.parts[1], input.name.parts[2]};
    table.streaming = input.streaming;
    const auto dataset = declarations_.by_key.find(NameKey(table.name));
    if (dataset != declarations_.by_key.end()) {
      table.dataset = new_dataset_index[dataset->second];
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

std::vector<size_t> GraphBuilder::Mentioned(size_t flow) const {
  std::vector<size_t> datasets;
  for (const ResolvedMention& table : mentions_[flow].tables) {
    if (const auto* dataset = std::get_if<size_t>(&table.meaning)) {
      datasets.push_back(*dataset);
    }
  }
  return SortedUnique(std::move(datasets));
}

std::vector<size_t> GraphBuilder::StoredUpstream(size_t flow) const {
  std::set<size_t> seen = {declarations_.flows[flow].target};
  std::vector<size_t> stored;
  std::vector<size_t> open = Mentioned(flow);
  while (!open.empty()) {
    const size_t dataset = open.back();
    open.pop_back();
    if (!seen.insert(dataset).second) {
      continue;
    }
    if (!IsView(declarations_.datasets[dataset])) {
      stored.push_back(dataset);
      continue;
    }
    const std::vector<size_t> further = Mentioned(datasets_[dataset].flows.front());
    open.insert(open.end(), further.begin(), further.end());
  }
  return SortedUnique(std::move(stored));
}

// Everything that decides the flow's rows besides the rows of its inputs.
uint64_t GraphBuilder::HashDefinition(size_t flow) const {
  const FlowDeclaration& declaration = declarations_.flows[flow];
  std::vector<std::string> parts = {"medallion definition 1",
                                    project_.SessionTimeZone(),
                                    declaration.where.catalog,
                                    declaration.where.schema,
                                    declarations_.datasets[declaration.target].definition,
                                    declaration.definition};
  const bool pass_null = project_.settings.expectations_null == Settings::NullOutcome::kPass;
  parts.push_back(pass_null ? "null passes" : "null violates");
  std::set<size_t> views;
  std::vector<size_t> open = Mentioned(flow);
  while (!open.empty()) {
    const size_t dataset = open.back();
    open.pop_back();
    if (IsView(declarations_.datasets[dataset]) && views.insert(dataset).second) {
      const std::vector<size_t> further = Mentioned(datasets_[dataset].flows.front());
      open.insert(open.end(), further.begin(), further.end());
    }
  }
  std::map<std::string, std::string> view_texts;
  for (const size_t view : views) {
    view_texts[NameKey(declarations_.datasets[view].name)] =
        declarations_.datasets[view].definition;
  }
  for (const auto& [name, text] : view_texts) {
    parts.push_back(text);
  }
  // `:name` stays in the text; `${name}` was substituted.
  const std::string whole = Join(parts, "\n");
  for (const auto& [key, parameter] : project_.configuration) {
    if (whole.find(":" + key) != std::string::npos) {
      parts.push_back(key + "=" + parameter.value);
    }
  }
  return StableHash(parts);
}

}  // namespace medallion::pipeline
