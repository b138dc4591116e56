#include "streaming_rules.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "sql/plan.h"

namespace medallion::pipeline {
namespace {

// The place of the first input that is, or is not, a stream. Only tables: a view's inputs have
// places in its own file.
std::optional<Span> FirstInput(const sql::BoundQuery& query, const FlowDeclaration& flow,
                               bool streaming) {
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
  return Diagnostic::At(
      flow.source, input.value_or(flow.name_span),
      "INVALID_FLOW_QUERY_TYPE.BATCH_RELATION_FOR_STREAMING_TABLE",
      "a streaming table must read a stream, and this query reads none",
      input ? "read as a whole" : "",
      {"put STREAM before the source that grows: STREAM(table), STREAM read_files(…)",
       "or make it a MATERIALIZED VIEW, which is computed from all rows"});
}

Diagnostic StreamIntoView(const FlowDeclaration& flow, const sql::BoundQuery& query) {
  return Diagnostic::At(
      flow.source, FirstInput(query, flow, true).value_or(flow.name_span),
      "INVALID_FLOW_QUERY_TYPE.STREAMING_RELATION_FOR_MATERIALIZED_VIEW",
      "a materialized view cannot read a stream", "a stream",
      {"remove STREAM: a materialized view always reads all rows", "or make it a STREAMING TABLE"});
}

Diagnostic StreamIntoPart(const FlowDeclaration& flow, const sql::BoundQuery& query) {
  return Diagnostic::At(
      flow.source, FirstInput(query, flow, true).value_or(flow.name_span),
      "UNSUPPORTED_REPLACE_WHERE", "a REPLACE WHERE flow cannot read a stream", "a stream",
      {"remove STREAM: the rows of the predicate are computed from all rows at each update"});
}

// What else a person can do about it.
std::vector<std::string> StreamingAdvice(const sql::StreamingObstacle& obstacle) {
  std::vector<std::string> hints = {
      "a streaming table sees only new rows at each update; make it a MATERIALIZED VIEW and remove "
      "STREAM to compute "
      "over all rows"};
  if (obstacle.description.find("join") != std::string::npos) {
    hints.push_back(
        "or read one side without STREAM: it is then joined as it is at the time of the update");
  }
  return hints;
}

bool CheckStreamingQuery(const FlowDeclaration& flow, const sql::BoundQuery& query,
                         std::vector<Diagnostic>& findings) {
  const std::optional<sql::StreamingObstacle> obstacle = sql::FindStreamingObstacle(query);
  if (!obstacle) {
    return true;
  }
  findings.push_back(Diagnostic::At(
      flow.source, obstacle->span.end > obstacle->span.begin ? obstacle->span : flow.name_span,
      "UNSUPPORTED_STREAMING_OPERATION",
      fmt::format("not possible over a stream: {}", obstacle->description), obstacle->description,
      StreamingAdvice(*obstacle)));
  return false;
}

}  // namespace

bool IsStreaming(const sql::BoundQuery& query) {
  const auto streams = [](const auto& input) { return input.streaming; };
  return std::any_of(query.tables.begin(), query.tables.end(), streams) ||
         std::any_of(query.files.begin(), query.files.end(), streams);
}

bool CheckStreaming(const DatasetDeclaration& dataset, const FlowDeclaration& flow,
                    const sql::BoundQuery& query, std::vector<Diagnostic>& findings) {
  const bool streaming = IsStreaming(query);
  if (flow.replace_where) {
    if (streaming) {
      findings.push_back(StreamIntoPart(flow, query));
    }
    return !streaming;
  }
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
