#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "base/schema.h"
#include "base/source_text.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "ingest/file_source.h"
#include "pipeline/project.h"
#include "pipeline/world.h"
#include "sql/bound_query.h"
#include "sql/statement.h"

// The dataflow graph: what the project's files say, resolved and typed. An immutable value;
// building it runs nothing and writes nothing.

namespace medallion::pipeline {

struct Expectation {
  std::string name;
  // Over the columns of each of the dataset's flows: one predicate per entry of Dataset::flows,
  // same order, because column ids belong to one query. Already total where `expectations.null_is`
  // is `pass`.
  std::vector<sql::ExprPtr> predicates;
  std::string predicate_text;  // as written
  sql::ViolationAction action = sql::ViolationAction::kWarn;
  Place place;
};

// A stored table or a temporary view of the pipeline.
struct Dataset {
  sql::DatasetKind kind = sql::DatasetKind::kMaterializedView;
  // Full. Temporary views have only `table`; catalog and schema are empty.
  TableName name;
  bool is_private = false;
  // The columns as stored: names, types, comments, NOT NULL.
  Schema schema;
  std::vector<std::string> partition_by;
  std::vector<std::string> cluster_by;
  std::string comment;
  std::map<std::string, std::string> properties;  // TBLPROPERTIES as given
  std::vector<Expectation> expectations;
  std::vector<size_t> flows;  // indices into Graph::flows; one for all but streaming tables
  bool streaming = false;     // a streaming table, or a view over a stream
  Place place;                // of the name in its CREATE statement

  bool IsStored() const;  // streaming tables and materialized views
  // Streaming tables and materialized views: catalog.schema.table; temporary views: the name.
  std::string DisplayName() const;
};

// A table that a flow reads, by index as BoundQuery::tables.
struct FlowTable {
  TableName name;
  std::optional<size_t>
      dataset;  // index into Graph::datasets; nothing: a table outside the pipeline
  bool streaming = false;
};

// A `read_files` that a flow reads, by index as BoundQuery::files.
struct FlowFiles {
  std::string path;  // absolute: relative ones resolve against the project's folder
  ingest::FileSourceOptions options;
  Schema schema;            // as BoundQuery::files[i].schema
  ingest::Listing listing;  // every file that lies there
  bool streaming = false;
  // What earlier updates took of it; null if nothing.
  std::shared_ptr<const KnownFiles> known;
  // Bytes of the files that planning read and the flow need not read again. Shared by all flows of
  // the update, bounded, no part of the plan's value.
  std::shared_ptr<ingest::FileContents> contents;
};

// One query that fills a dataset.
struct Flow {
  std::string name;   // of CREATE FLOW, else the target's DisplayName()
  size_t target = 0;  // index into Graph::datasets
  // Projected to the target's columns. Temporary views are inlined.
  sql::BoundQueryPtr query;
  // Of a REPLACE WHERE flow, which replaces the rows of its predicate: the target's rows that stay,
  // a query of the target alone. Null for other flows.
  sql::BoundQueryPtr outside;
  std::string replace_where;  // its predicate, parameters substituted
  std::vector<FlowTable> tables;
  std::vector<FlowFiles> files;
  bool streaming = false;  // reads at least one stream
  bool once = false;
  std::string comment;
  // Datasets that the query names, views included, sorted and unique: the edges people see. A
  // REPLACE WHERE flow may name its target: it sees the rows from before the update.
  std::vector<size_t> reads;
  // Stored datasets that must be up to date first, views looked through, sorted and unique; never
  // the target.
  std::vector<size_t> upstream;
  // The statement after parameter substitution, for events and the definition hash.
  std::string definition;
  // Of the definition, declared columns, expectations, partitioning and the session zone;
  // parameters count through the text they were substituted into, and so do the views that are
  // inlined. Stable across runs and machines.
  uint64_t definition_hash = 0;
  Place place;  // of the statement
};

struct Graph {
  std::vector<Dataset> datasets;  // in topological order; among equals, in the order of the files
  std::vector<Flow> flows;        // in topological order of their targets
  std::string session_time_zone = "UTC";
  // Findings that do not prevent running, e.g. a drop rule that looks inverted.
  std::vector<Diagnostic> warnings;

  // By full name, by `schema.table` or by the last part, ignoring letter case; nothing if none or
  // several have it.
  std::optional<size_t> FindDataset(std::string_view name) const;
  // Every dataset that the name fits.
  std::vector<size_t> FindDatasets(std::string_view name) const;
  const Dataset& target(const Flow& flow) const { return datasets[flow.target]; }
  // Whether input `i` of Flow::tables is the flow's own target.
  static bool ReadsItself(const Flow& flow, size_t i) {
    return flow.tables[i].dataset == flow.target;
  }
};

using GraphPtr = std::shared_ptr<const Graph>;

// The expectations of the flow's target as the engine wants them, in the order of declaration.
std::vector<Rule> FlowRules(const Graph& graph, size_t flow);

// Parses every file of the project, resolves names against the pipeline first and `world` second,
// and types every query. The error carries every finding of every file; findings that only repeat
// an earlier one (a reader of a table that failed) are left out.
Result<GraphPtr> BuildGraph(const Project& project, World& world);

}  // namespace medallion::pipeline
