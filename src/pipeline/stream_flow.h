#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "pipeline/update.h"
#include "quarantine.h"
#include "run_context.h"
#include "stream_source.h"
#include "streaming_table.h"

namespace medallion::pipeline {

class FileStream;

// One flow of a streaming table: batch after batch until it has caught up with what was there when
// the update began (DESIGN §4, "A batch is"). One owner, not thread-safe.
class StreamFlow {
 public:
  // `context`, `table` and `result` outlive it.
  StreamFlow(RunContext& context, StreamingTable& table, size_t flow, FlowResult& result);
  ~StreamFlow();

  // Finishes a batch that a killed update left, then runs new ones. `result` grows with each batch
  // and holds what was done also if the flow fails.
  Status Run();

 private:
  Status OpenSources();
  Status FinishPendingBatch();
  Result<bool> RunNewBatch();
  Result<std::optional<BatchIntent>> PlanBatch();
  Result<std::map<std::string, PinnedTable>> PinTables() const;
  Status RunBatch(const BatchIntent& intent, const std::optional<BatchIntent>& previous);
  Result<BoundInputs> BindInputs(const BatchIntent& intent, std::vector<SourceBatch>& batches);
  Result<TableBinding> BindPinned(const FlowTable& input, const BatchIntent& intent) const;
  Result<const RowSource*> BindStaticFiles(const FlowFiles& files);
  Status CloseBatch(const BatchRecord& record, int64_t version,
                    const std::optional<Backlog>& backlog);
  Status RequireSameSources(const BatchIntent& intent) const;
  void TellRemarks();
  void TellListing(int64_t listed, int64_t new_files);
  void TellReplay(const BatchIntent& intent);

  RunContext& context_;
  StreamingTable& table_;
  size_t flow_index_;
  const Flow& flow_;
  Checkpoint& checkpoint_;
  FlowResult& result_;
  ExecutableQuery query_;
  // Streaming files in the order of Flow::files, then streaming tables in that of Flow::tables.
  std::vector<std::unique_ptr<StreamSource>> sources_;
  int64_t remarks_told_ = 0;
  std::vector<FileStream*> file_streams_;  // of sources_, for their remarks
  std::vector<std::unique_ptr<ingest::CsvSource>> static_files_;
};

}  // namespace medallion::pipeline
