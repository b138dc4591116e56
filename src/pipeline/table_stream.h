#pragma once

#include <string>

#include "delta/table.h"
#include "stream_source.h"

namespace medallion::pipeline {

// The rows added to a Delta table: first those of the snapshot at which the stream begins, then
// those of each commit. Rules: Delta "Table streaming reads", reference of the checkpoint format.
class TableStream final : public StreamSource {
 public:
  static constexpr int64_t kFilesPerBatchMax = 1000;  // Delta's default for maxFilesPerTrigger

  // Reads up to `snapshot` and no further: later commits wait for the next update. `reader` names
  // the dataset that reads, `source` the table, in messages.
  TableStream(delta::Table table, delta::SnapshotPtr snapshot, std::string source,
              std::string reader);

  Result<std::optional<SourceOffset>> Plan(int64_t batch_id,
                                           const std::optional<SourceOffset>& from) override;
  Result<SourceOffset> Stay(const std::optional<SourceOffset>& from) override;
  Result<SourceBatch> Load(int64_t batch_id, const std::optional<SourceOffset>& from,
                           const SourceOffset& to) override;
  Backlog backlog() const override { return backlog_; }

 private:
  struct Slice;

  Result<TableOffset> Start(const std::optional<SourceOffset>& from) const;
  Result<std::vector<delta::AddFile>> InitialFiles(int64_t version) const;
  Status TakeInitial(TableOffset& position, Slice& slice) const;
  Status TakeCommits(TableOffset& position, Slice& slice) const;
  Result<std::vector<delta::AddFile>> AddedBy(const delta::CommitChanges& commit) const;

  delta::Table table_;
  delta::SnapshotPtr snapshot_;
  std::string source_;
  std::string reader_;
  Backlog backlog_;
};

}  // namespace medallion::pipeline
