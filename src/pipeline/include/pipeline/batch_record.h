#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "delta/actions.h"
#include "delta/snapshot.h"
#include "delta/table.h"
#include "engine/engine.h"

namespace medallion::pipeline {

// What happened in one batch of a streaming table or one build of a view. It travels in the same
// commit as the data, as `commitInfo.userMetadata`, so that whatever comes after the decision (the
// quarantine commit, the event) can be done from the table alone after a crash. Format:
// docs/formats/commit_record.md.
struct BatchRecord {
  struct RuleOutcome {
    std::string name;
    RuleAction action = RuleAction::kWarn;
    int64_t passed = 0;
    int64_t failed = 0;
    int64_t failed_null = 0;
    friend bool operator==(const RuleOutcome&, const RuleOutcome&) = default;
  };

  std::string update_id;
  std::string flow;
  // The `txn` that the commit carries: the checkpoint's uuid and the batch, or kViewBuildAppId and
  // the build.
  std::string app_id;
  int64_t batch_id = 0;
  int64_t update_time_micros = 0;
  int64_t rows_read = 0;
  int64_t rows_written = 0;
  int64_t rows_dropped = 0;
  int64_t bytes_written = 0;
  int64_t input_files = 0;
  int64_t input_bytes = 0;
  int64_t rows_rescued = 0;
  int64_t rows_malformed_dropped = 0;
  int64_t duration_ms = 0;
  std::vector<RuleOutcome> rules;
  // Durable files of rejected rows that the quarantine table is to get, and its columns if it has
  // to be created.
  std::vector<delta::AddFile> quarantine_files;
  std::optional<Schema> quarantine_schema;
  friend bool operator==(const BatchRecord&, const BatchRecord&) = default;
};

// The app id under which a view's commits count its builds.
inline constexpr std::string_view kViewBuildAppId = "medallion/view/build";

std::string FormatBatchRecord(const BatchRecord& record);
// Nothing if the text is not a record of ours; kUnsupported for one of a newer program.
Result<std::optional<BatchRecord>> ParseBatchRecord(std::string_view text);

// The record of the commit that carries this `txn`, searched from the newest commit back. Nothing
// if the log no longer has it.
Result<std::optional<BatchRecord>> FindBatchRecord(const delta::Table& table,
                                                   const delta::SnapshotPtr& snapshot,
                                                   std::string_view app_id, int64_t version);

}  // namespace medallion::pipeline
