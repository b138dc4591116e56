#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "delta/actions.h"
#include "delta/snapshot.h"

namespace medallion::delta {

// Delta's isolation levels. kSerializable: nothing may have been added to what we read;
// kWriteSerializable: blind appends of others are forgiven.
enum class IsolationLevel { kSerializable, kWriteSerializable, kSnapshot };

// The seven conflict checks, in the order in which they are made.
enum class ConflictKind {
  kProtocol,
  kMetadata,
  kDomain,
  kAppTransaction,
  kAppendedFiles,
  kDeleteRead,
  kDeleteDelete,
};

struct TransactionOptions {
  IsolationLevel isolation = IsolationLevel::kWriteSerializable;
  std::string operation = "WRITE";
  std::map<std::string, std::string> operation_parameters;
  std::map<std::string, std::string> operation_metrics;
  std::optional<std::string> user_metadata;
  int attempts_max = 50;  // of commit versions, with random back-off; then kRetriesExhausted
};

struct CommitResult {
  int64_t version = 0;
  int attempts = 1;
  SnapshotPtr snapshot;  // the table after the commit
  // Post-commit work (checkpoint, hint) may fail without harming the commit; said here.
  std::optional<std::string> warning;
};

// A set of actions to be committed on top of a snapshot. Move-only, one thread, consumed by Commit.
//
// Crash safety: every data file given to Add is already durable. Commit makes exactly one object,
// by put-if-absent. A lost answer is settled by reading the commit back and comparing `txn_id`.
class Transaction {
 public:
  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) noexcept;
  ~Transaction();

  // Null if the table does not exist yet.
  const SnapshotPtr& base() const;

  // The transaction's result depends on the whole table (overwrites, aggregations over itself).
  void ReadWholeTable();
  // The result depends on one partition, given by some or all partition columns (overwriting it).
  void ReadPartition(PartitionValues values);
  // Creates the table or replaces its metadata. Required in the first commit. Names that Spark
  // refuses (space , ; { } ( ) newline tab =) and names equal but for case are kInvalidArgument.
  Status SetMetadata(Metadata metadata);
  void Add(AddFile file);
  void Remove(const AddFile& file);
  // Removes every live file of the base and reads the whole table: with the Adds, an overwrite.
  void RemoveAll();
  // `txn` action; a winner with the same app id is a conflict.
  void SetAppVersion(std::string app_id, int64_t version);
  // Depend on an app id without writing it.
  void ReadAppVersion(std::string app_id);
  // Nothing but reorganisation: dataChange=false on all file actions.
  void MarkNoDataChange();
  void SetMetric(std::string name, std::string value);

  // kConflict (condition `DELTA_CONCURRENT_…`, the winner's version in the message),
  // kCommitUnknown, kRetriesExhausted, kUnsupported (writer features by name), kIo. After any error
  // but kCommitUnknown nothing of it is in the table.
  Result<CommitResult> Commit() &&;

 private:
  friend class Table;
  struct Impl;
  explicit Transaction(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace medallion::delta
