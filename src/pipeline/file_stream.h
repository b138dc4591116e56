#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "ingest/file_ledger.h"
#include "pipeline/graph.h"
#include "stream_source.h"

namespace medallion::pipeline {

// Landed files, each taken once. Files that arrive after the update's listing wait for the next
// update.
class FileStream final : public StreamSource {
 public:
  // What the stream has to say besides rows; the caller turns it into events.
  struct Remarks {
    std::vector<SetAsideFile> set_aside;  // newly, in this update
    std::vector<std::string> warnings;
    int64_t listed = 0;
    int64_t new_files = 0;
  };

  // `checkpoint` and `clock` outlive the stream. `source` is its index among the flow's streams;
  // `metadata_fields` are those that the executed query reads.
  static Result<std::unique_ptr<FileStream>> Open(Checkpoint& checkpoint, size_t source,
                                                  const FlowFiles& files,
                                                  std::vector<std::string> metadata_fields,
                                                  Clock& clock);

  Result<std::optional<SourceOffset>> Plan(int64_t batch_id,
                                           const std::optional<SourceOffset>& from) override;
  Result<SourceOffset> Stay(const std::optional<SourceOffset>& from) override;
  Result<SourceBatch> Load(int64_t batch_id, const std::optional<SourceOffset>& from,
                           const SourceOffset& to) override;
  Backlog backlog() const override { return backlog_; }

  // Remarks since the last call.
  Remarks TakeRemarks();

 private:
  FileStream(Checkpoint& checkpoint, size_t source, const FlowFiles& files,
             std::vector<std::string> metadata_fields, Clock& clock, ingest::FileLedger ledger);

  Status RequireWholeLedger() const;
  Status LoadSetAside();
  Status WaitForUnstableFiles(const std::vector<std::string>& unstable);
  bool IsSetAside(const ingest::LandedFile& file) const;
  ingest::FileBatch PlanFiles();
  Result<std::vector<ingest::LandedFile>> Inspect(const std::vector<ingest::LandedFile>& files);
  Status SetAside(const std::vector<ingest::RejectedFile>& rejected);
  Status Reinstate(const std::vector<ingest::LandedFile>& files);
  Status RememberSchema();
  SourceOffset OffsetOf(int64_t batch_id) const;

  Checkpoint& checkpoint_;
  size_t source_;
  const FlowFiles& files_;
  std::vector<std::string> metadata_fields_;
  Clock& clock_;
  ingest::FileLedger ledger_;
  ingest::Listing listing_;
  bool waited_ = false;
  bool schema_remembered_ = false;
  std::vector<SetAsideFile> set_aside_;
  Backlog backlog_;
  Remarks remarks_;
};

}  // namespace medallion::pipeline
