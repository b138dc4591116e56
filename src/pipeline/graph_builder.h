#pragma once

#include <optional>
#include <string>
#include <vector>

#include "declarations.h"
#include "definition_hash.h"
#include "file_sources.h"
#include "flow_mentions.h"
#include "name_resolution.h"
#include "pipeline/graph.h"
#include "sql/analyzer.h"
#include "table_columns.h"

namespace medallion::pipeline {

// Builds one graph. The stages run in the order of the members below; each works on what the
// earlier ones could make sense of, so that one update of the files can repair everything at once.
// Used once.
class GraphBuilder final : private sql::Resolver {
 public:
  GraphBuilder(const Project& project, World& world);

  Result<GraphPtr> Build();

 private:
  struct FlowState {
    sql::BoundQueryPtr query;    // fitted to the target's columns; null if it failed
    sql::BoundQueryPtr outside;  // of a REPLACE WHERE flow
    std::vector<sql::ExprPtr> predicates;
  };
  struct DatasetState {
    std::vector<size_t> flows;      // indices into Declarations::flows
    std::optional<Schema> schema;   // nothing: readers cannot be analysed
    sql::BoundQueryPtr view_query;  // of temporary views
    bool streaming = false;
  };

  void CheckConfiguration();
  void PrepareDatasets();
  // Analyses the dataset's flows and settles its schema; everything it needs was analysed before.
  void AnalyzeDataset(size_t dataset);
  sql::BoundQueryPtr AnalyzeFlow(size_t flow);
  Result<sql::BoundQueryPtr> AnalyzeIn(const FlowDeclaration& flow, const sql::ast::Query& query);
  void AnalyzeOutside(size_t flow);
  bool CanAnalyze(size_t flow);
  bool CheckViewStreams(size_t flow);
  void AnalyzeExpectations(size_t dataset);
  void ReportAnalysis(const FlowDeclaration& flow, const Error& error);

  Result<sql::ResolvedName> ResolveTable(const sql::QualifiedName& name, bool streaming) override;
  Result<sql::FileDescription> DescribeFiles(const std::string& path,
                                             const std::vector<sql::FileOption>& options,
                                             bool streaming) override;
  Result<std::shared_ptr<const KnownFiles>> FindKnown(bool streaming);

  GraphPtr Assemble();
  void WarnOf(size_t dataset);
  Dataset MakeDataset(size_t dataset, const std::vector<size_t>& new_flow_index) const;
  std::vector<Expectation> MakeExpectations(size_t dataset) const;
  Flow MakeFlow(size_t flow, const std::vector<size_t>& new_dataset_index) const;
  std::vector<FlowTable> MakeFlowTables(const sql::BoundQuery& query,
                                        const std::vector<size_t>& new_dataset_index) const;
  // Datasets that a flow names: all of them, or the stored ones with views looked through.
  std::vector<size_t> Mentioned(size_t flow) const;
  std::vector<size_t> StoredUpstream(size_t flow) const;
  uint64_t HashDefinition(size_t flow) const;

  const Project& project_;
  World& world_;
  std::vector<Diagnostic> findings_;
  std::vector<Diagnostic> warnings_;
  Declarations declarations_;
  std::vector<FlowMentions> mentions_;  // by flow
  std::vector<size_t> order_;           // of datasets; shorter than all if there are cycles
  std::vector<DatasetState> datasets_;
  std::vector<FlowState> flows_;
  FileSources files_;
  // While a query is analysed:
  const FlowDeclaration* current_ = nullptr;
  size_t current_stream_ = 0;  // streaming read_files calls of it so far
};

}  // namespace medallion::pipeline
