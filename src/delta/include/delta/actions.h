#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/schema.h"

namespace medallion::delta {

// Delta protocol, "Actions". Field names follow the protocol in snake_case; unknown fields of
// foreign writers are ignored on read.

struct Protocol {
  int min_reader_version = 1;
  int min_writer_version = 2;
  // Present only at reader 3 and writer 7 respectively.
  std::optional<std::vector<std::string>> reader_features;
  std::optional<std::vector<std::string>> writer_features;
  friend bool operator==(const Protocol&, const Protocol&) = default;
};

struct Metadata {
  std::string id;  // uuid of the table
  std::optional<std::string> name;
  std::optional<std::string> description;
  Schema schema;
  std::vector<std::string> partition_columns;
  std::map<std::string, std::string> configuration;  // table properties
  std::optional<int64_t> created_time_ms;
  friend bool operator==(const Metadata&, const Metadata&) = default;
};

struct DeletionVectorDescriptor {
  std::string storage_type;  // "u", "i" or "p"
  std::string path_or_inline_dv;
  std::optional<int32_t> offset;
  int32_t size_in_bytes = 0;
  int64_t cardinality = 0;
  // Part of the replay key: storageType + pathOrInlineDv [+ "@" + offset].
  std::string UniqueId() const;
  friend bool operator==(const DeletionVectorDescriptor&,
                         const DeletionVectorDescriptor&) = default;
};

// A partition value is a string or null (Delta protocol, "Partition Value Serialization").
using PartitionValues = std::map<std::string, std::optional<std::string>>;

struct AddFile {
  std::string path;  // decoded once; relative to the table root unless absolute
  PartitionValues partition_values;
  int64_t size_bytes = 0;
  int64_t modification_time_ms = 0;
  bool data_change = true;
  std::optional<std::string> stats;  // JSON, Delta protocol "Per-file Statistics"
  std::map<std::string, std::string> tags;
  std::optional<DeletionVectorDescriptor> deletion_vector;
  // Kept verbatim for tables with row tracking, which we read but do not write.
  std::optional<int64_t> base_row_id;
  std::optional<int64_t> default_row_commit_version;
  friend bool operator==(const AddFile&, const AddFile&) = default;
};

struct RemoveFile {
  std::string path;
  std::optional<int64_t> deletion_timestamp_ms;
  bool data_change = true;
  std::optional<PartitionValues> partition_values;
  std::optional<int64_t> size_bytes;
  std::optional<DeletionVectorDescriptor> deletion_vector;
  friend bool operator==(const RemoveFile&, const RemoveFile&) = default;
};

struct Txn {
  std::string app_id;
  int64_t version = 0;
  std::optional<int64_t> last_updated_ms;
  friend bool operator==(const Txn&, const Txn&) = default;
};

struct DomainMetadata {
  std::string domain;
  std::string configuration;
  bool removed = false;
  friend bool operator==(const DomainMetadata&, const DomainMetadata&) = default;
};

// Provenance of a commit. Values of `operation_parameters`, `operation_metrics` and `user_metadata`
// are strings; `txn_id` is unique per commit attempt chain and lets a writer recognise its own
// commit.
struct CommitInfo {
  std::optional<int64_t> timestamp_ms;
  std::string operation;  // "WRITE", "STREAMING UPDATE", "CREATE TABLE", …
  std::map<std::string, std::string> operation_parameters;
  std::map<std::string, std::string> operation_metrics;
  std::optional<int64_t> read_version;
  std::optional<std::string> isolation_level;
  std::optional<bool> is_blind_append;
  std::optional<std::string> engine_info;
  std::optional<std::string> txn_id;
  std::optional<int64_t> in_commit_timestamp_ms;
  // Free text of the writer, Delta's `userMetadata`. The pipeline keeps its batch record here as
  // JSON.
  std::optional<std::string> user_metadata;
  friend bool operator==(const CommitInfo&, const CommitInfo&) = default;
};

using Action =
    std::variant<CommitInfo, Protocol, Metadata, AddFile, RemoveFile, Txn, DomainMetadata>;

}  // namespace medallion::delta
