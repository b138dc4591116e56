#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/schema.h"
#include "catalog/catalog.h"
#include "storage/object_store.h"

// The durable memory of one streaming flow, in the layout and with the protocol of Spark's
// streaming checkpoints (docs/formats/checkpoint.md):
//
//   _checkpoints/<catalog>/<schema>/<table>/<flow>/<generation>/
//     metadata       {"id": "<uuid>"}: the appId under which the target's Delta log knows our
//     batches offsets/N      intent: what batch N reads, up to where, at which time; put-if-absent
//     commits/N      batch N is done in every table
//     sources/I/     the I-th source's own memory (ingest::FileLedger)
//     schemas/I      the columns of the I-th file source so far
//     rejected/I     files of the I-th file source that were set aside, with the reason

namespace medallion::pipeline {

// How far a file source was read: the batches 0…log_offset of its ledger.
struct FileOffset {
  int64_t log_offset = 0;
  // Size of the ledger then, so that a lost ledger object is noticed instead of its files being
  // read again.
  int64_t files_recorded = 0;
  friend bool operator==(const FileOffset&, const FileOffset&) = default;
};

// How far a Delta table was read, in Delta's own streaming offset: of `version`, the files 0…index
// of the commit's adds, or of the snapshot's files while the initial snapshot is read; -1 is before
// the first. Files are ordered by modification time and path (snapshot) or as the commit lists
// them.
struct TableOffset {
  std::string table_id;
  int64_t version = 0;
  int64_t index = -1;
  bool initial_snapshot = false;
  friend bool operator==(const TableOffset&, const TableOffset&) = default;
};

using SourceOffset = std::variant<FileOffset, TableOffset>;

// A table that the flow reads as a whole, at the version that the batch sees.
struct PinnedTable {
  std::string table_id;
  int64_t version = 0;
  friend bool operator==(const PinnedTable&, const PinnedTable&) = default;
};

// All that decides the rows of a batch.
struct BatchIntent {
  int64_t batch_id = 0;
  std::string update_id;
  int64_t update_time_micros = 0;
  std::string session_time_zone = "UTC";
  std::map<std::string, std::string> parameters;
  uint64_t definition_hash = 0;
  std::map<std::string, PinnedTable> pinned_tables;  // by lower-case full name
  std::vector<SourceOffset> sources;                 // where the batch ends
  friend bool operator==(const BatchIntent&, const BatchIntent&) = default;
};

// A file that was set aside as a whole; tried again when its `version_tag` differs.
struct SetAsideFile {
  std::string path;
  std::string version_tag;
  std::string reason;
  friend bool operator==(const SetAsideFile&, const SetAsideFile&) = default;
};

// One generation of one flow's checkpoint. A value with one owner, not thread-safe; the update lock
// and put-if-absent keep other processes from interleaving.
class Checkpoint {
 public:
  // Batches kept in offsets/ and commits/; older ones are deleted when N is a multiple of it.
  static constexpr int64_t kCompactionInterval = 10;

  // `_checkpoints/<catalog>/<schema>/<table>/<flow>/`, relative to the storage root.
  static std::string FlowPath(const TableName& target, std::string_view flow);

  // The newest generation; nothing if the flow never ran. A generation without its `metadata` is
  // kCorruption with the advice to refresh in full.
  static Result<std::optional<Checkpoint>> Open(const std::shared_ptr<ObjectStore>& root,
                                                const TableName& target, std::string_view flow);
  // The number of the newest generation, whole or not.
  static Result<std::optional<int64_t>> NewestGeneration(const std::shared_ptr<ObjectStore>& root,
                                                         const TableName& target,
                                                         std::string_view flow);
  // Starts generation `generation`, under a new uuid. kPreconditionFailed if it exists already.
  // Generations older than the one before it are deleted.
  static Result<Checkpoint> Create(const std::shared_ptr<ObjectStore>& root,
                                   const TableName& target, std::string_view flow,
                                   int64_t generation, Random& random);

  const std::string& app_id() const { return app_id_; }
  int64_t generation() const { return generation_; }

  // The newest intent; nothing before the first batch.
  const std::optional<BatchIntent>& last_intent() const { return last_intent_; }
  // The intent before the newest one, i.e. where the newest batch starts; read on demand.
  // kCorruption if it should be there and is not.
  Result<std::optional<BatchIntent>> PreviousIntent() const;
  // Whether the newest intent has no commit: a batch to finish.
  bool HasPendingBatch() const;
  // The newest batch that is done in every table.
  std::optional<int64_t> last_committed() const;
  // The id that the next new batch gets.
  int64_t NextBatchId() const;

  // `intent.batch_id` must be NextBatchId() and nothing pending. Durable when it returns.
  // kPreconditionFailed if somebody else wrote that batch.
  Status WriteIntent(const BatchIntent& intent);
  // Closes the pending batch and compacts every kCompactionInterval batches.
  Status WriteCommit(int64_t table_version);

  // The memory of a file source.
  std::shared_ptr<ObjectStore> SourceStore(size_t source) const;
  Result<std::optional<Schema>> ReadSchema(size_t source) const;
  Status WriteSchema(size_t source, const Schema& schema);
  Result<std::vector<SetAsideFile>> ReadRejected(size_t source) const;
  Status WriteRejected(size_t source, const std::vector<SetAsideFile>& files);

 private:
  Checkpoint(std::shared_ptr<ObjectStore> store, std::string path, int64_t generation,
             std::string app_id);

  Status LoadNewestIntent();
  Status Compact();

  std::shared_ptr<ObjectStore> store_;  // rooted at the generation's folder
  std::string path_;                    // of that folder, for messages
  int64_t generation_ = 0;
  std::string app_id_;
  std::set<int64_t> intents_;  // batch ids present in offsets/
  std::set<int64_t> commits_;  // and in commits/
  std::optional<BatchIntent> last_intent_;
};

}  // namespace medallion::pipeline
