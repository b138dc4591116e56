#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delta/actions.h"

namespace medallion::delta {

// The state of a table at one version: the result of log replay. Immutable, shared, thread-safe.
class Snapshot {
 public:
  struct State {
    int64_t version = 0;
    int64_t timestamp_ms = 0;  // of the commit, made monotonic
    Protocol protocol;
    Metadata metadata;
    std::vector<AddFile> files;          // live files, by path
    std::vector<RemoveFile> tombstones;  // for checkpoints
    std::map<std::string, Txn> transactions;
    std::map<std::string, DomainMetadata> domains;
  };

  explicit Snapshot(State state) : state_(std::move(state)) {}

  int64_t version() const { return state_.version; }
  int64_t timestamp_ms() const { return state_.timestamp_ms; }
  const Protocol& protocol() const { return state_.protocol; }
  const Metadata& metadata() const { return state_.metadata; }
  const Schema& schema() const { return state_.metadata.schema; }
  const std::vector<AddFile>& files() const { return state_.files; }
  const std::vector<RemoveFile>& tombstones() const { return state_.tombstones; }
  const std::map<std::string, Txn>& transactions() const { return state_.transactions; }
  const std::map<std::string, DomainMetadata>& domains() const { return state_.domains; }
  // The newest `txn.version` of this application id.
  std::optional<int64_t> AppVersion(std::string_view app_id) const;

 private:
  State state_;
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

}  // namespace medallion::delta
