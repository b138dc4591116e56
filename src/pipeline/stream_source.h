#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "flow_events.h"
#include "ingest/file_source.h"
#include "pipeline/checkpoint.h"

namespace medallion::pipeline {

// What a source contributes to one batch. Exactly one of `files` and `table` is set.
struct SourceBatch {
  std::unique_ptr<ingest::CsvSource> files;
  std::optional<TableBinding> table;
  int64_t input_files = 0;
  int64_t input_bytes = 0;
};

// A stream that a flow reads batch by batch. One owner, not thread-safe.
class StreamSource {
 public:
  virtual ~StreamSource() = default;

  // Chooses what the new batch reads after `from` (nothing: from the beginning) and makes the
  // choice durable. Nothing if there is nothing new.
  virtual Result<std::optional<SourceOffset>> Plan(int64_t batch_id,
                                                   const std::optional<SourceOffset>& from) = 0;

  // Where the source stands if a batch reads nothing of it.
  virtual Result<SourceOffset> Stay(const std::optional<SourceOffset>& from) = 0;

  // The rows of the batch after `from` up to `to`, as they were chosen: whatever changed since is
  // an error that says so.
  virtual Result<SourceBatch> Load(int64_t batch_id, const std::optional<SourceOffset>& from,
                                   const SourceOffset& to) = 0;

  // What waits behind the batch planned last.
  virtual Backlog backlog() const = 0;
};

}  // namespace medallion::pipeline
