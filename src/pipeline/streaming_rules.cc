#include "streaming_rules.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "sql/plan.h"

namespace medallion::pipeline {
namespace {

Diagnostic Finding(const FlowDeclaration& flow, Span span, std::string_view condition, std::string message,
                   std::string label, std::vector<std::string> hints) {
  Diagnostic finding;
  finding.condition = std::string(condition);
  finding.message = std::move(message);
  finding.source = flow.source;
  finding.span = span;
  finding.label = std::move(label);
  finding.hints = std::move(hints);
  return finding;
}

// The place of the first input that is, or is not, a stream. Only tables: a view's inputs have places in
// its own file.
std::optional<Span> FirstInput(const sql::BoundQuery& query, const FlowDeclaration& flow, bool streaming) {
  if (query.source != flow.source) {
    return std::nullopt;
  }
  std::optional<Span> first;
  const auto consider = [&](const auto& input) {
    const bool inside = input.span.begin >= flow.span.begin && input.span.end <= flow.span.end;
    if (inside && input.streaming == streaming && (!first || input.span.begin < first->begin)) {
      first = input.span;
    }
  };
  std::for_each(query.tables.begin(), query.tables.end(), consider);
  std::for_each(query.files.begin(), query.files.end(), consider);
  return first;
}

Diagnostic BatchIntoStreamingTable(const FlowDeclaration& flow, const sql::BoundQuery& query) {
  const std::optional<Span> input = FirstInput(query, flow, false);
  return Finding(flow, input.value_or(flow.name_span), "INVALID_FLOW_QUERY_TYPE.BATCH_RELATION_FOR_STREAMING_TABLE",
                 "a streaming table must read a stream, and this query reads none", input ? "read as a whole" : "",
                 {"put STREAM before the source that grows: STREAM(table), STREAM read_files(…)",
                  "or make it a MATERIALIZED VIEW, which is computed from all rows"});
}

Diagnostic StreamIntoView(const FlowDeclaration& flow, const sql::BoundQuery& query) {
  return Finding(flow, FirstInput(query, flow, true).value_or(flow.name_span),
                 "INVALID_FLOW_QUERY_TYPE.STREAMING_RELATION_FOR_MATERIALIZED_VIEW",
                 "a materialized view cannot read a stream", "a stream",
                 {"remove STREAM: a materialized view always reads all rows", "or make it a STREAMING TABLE"});
}

// Finds a join of two streams: rows that meet only across batches would be lost.
class StreamJoinFinder {
 public:
  explicit StreamJoinFinder(const sql::BoundQuery& query) : query_(query) {}

  bool Found() {
    ReadsStream(*query_.root);
    return found_;
  }

 private:
  // Results are kept by node, so that shared parts of a plan are walked once.
  bool ReadsStream(const sql::Relation& relation) {
    const auto known = reads_.find(&relation);
    if (known != reads_.end()) {
      return known->second;
    }
    bool reads = false;
    if (const auto* scan = std::get_if<sql::TableScan>(&relation.node)) {
      reads = query_.tables[scan->input].streaming;
    } else if (const auto* files = std::get_if<sql::FileScan>(&relation.node)) {
      reads = query_.files[files->input].streaming;
    } else if (const auto* cte = std::get_if<sql::CteScan>(&relation.node)) {
      reads = definitions_[cte->id];
    } else {
      reads = AnyChildReads(relation);
    }
    reads_[&relation] = reads;
    return reads;
  }

  bool AnyChildReads(const sql::Relation& relation) {
    if (const auto* with = std::get_if<sql::With>(&relation.node)) {
      for (const sql::With::Definition& definition : with->definitions) {
        definitions_[definition.id] = ReadsStream(*definition.query);
      }
    }
    size_t streams = 0;
    for (const sql::RelationPtr& child : sql::Children(relation)) {
      streams += ReadsStream(*child) ? 1 : 0;
    }
    found_ = found_ || (streams > 1 && std::holds_alternative<sql::Join>(relation.node));
    return streams > 0;
  }

  const sql::BoundQuery& query_;
  std::map<const sql::Relation*, bool> reads_;
  std::map<int64_t, bool> definitions_;
  bool found_ = false;
};

bool CheckStreamingQuery(const FlowDeclaration& flow, const sql::BoundQuery& query,
                         std::vector<Diagnostic>& findings) {
  if (const std::optional<sql::StreamingObstacle> obstacle = sql::FindStreamingObstacle(query)) {
    findings.push_back(Finding(flow, obstacle->span.end > obstacle->span.begin ? obstacle->span : flow.name_span,
                               "UNSUPPORTED_STREAMING_OPERATION",
                               fmt::format("not possible over a stream: {}", obstacle->description),
                               obstacle->description,
                               {"a streaming table sees only new rows at each update; make it a MATERIALIZED VIEW and "
                                "remove STREAM to compute over all rows"}));
    return false;
  }
  if (StreamJoinFinder(query).Found()) {
    findings.push_back(Finding(flow, flow.name_span, "UNSUPPORTED_STREAMING_OPERATION",
                               "not supported: a join of two streams", "joins two streams",
                               {"read one side without STREAM: it is then joined as it is at the time of the update"}));
    return false;
  }
  return true;
}

}  // namespace

bool IsStreaming(const sql::BoundQuery& query) {
  const auto streams = [](const auto& input) { return input.streaming; };
  return std::any_of(query.tables.begin(), query.tables.end(), streams) ||
         std::any_of(query.files.begin(), query.files.end(), streams);
}

bool CheckStreaming(const DatasetDeclaration& dataset, const FlowDeclaration& flow, const sql::BoundQuery& query,
                    std::vector<Diagnostic>& findings) {
  const bool streaming = IsStreaming(query);
  if (dataset.statement.kind == sql::DatasetKind::kStreamingTable) {
    if (!streaming) {
      findings.push_back(BatchIntoStreamingTable(flow, query));
      return false;
    }
    return CheckStreamingQuery(flow, query, findings);
  }
  if (dataset.statement.kind == sql::DatasetKind::kMaterializedView && streaming) {
    findings.push_back(StreamIntoView(flow, query));
    return false;
  }
  return true;
}

}  // namespace medallion::pipeline
