#include "table_stream.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace medallion::pipeline {
namespace {

// Positions in the order in which the stream passes them. The initial snapshot of a version comes
// before the commits after it, which begin at version + 1.
auto OrderOf(const TableOffset& offset) { return std::tuple(offset.version, offset.index); }

bool ByAge(const delta::AddFile& a, const delta::AddFile& b) {
  return std::tie(a.modification_time_ms, a.path) < std::tie(b.modification_time_ms, b.path);
}

}  // namespace

// The files of one batch while they are collected.
struct TableStream::Slice {
  // Up to here, or as far as the snapshot goes.
  std::optional<TableOffset> end;
  int64_t files_max = kFilesPerBatchMax;
  std::vector<delta::AddFile> files;
  Backlog left;

  bool Full() const { return static_cast<int64_t>(files.size()) >= files_max; }

  // Takes files of one version from `position` on; what does not fit is left. `next` is the
  // position after the version's last file.
  void Take(const std::vector<delta::AddFile>& candidates, TableOffset& position,
            const TableOffset& next) {
    for (auto i = static_cast<size_t>(position.index + 1); i < candidates.size(); ++i) {
      const TableOffset here{position.table_id, position.version, static_cast<int64_t>(i),
                             position.initial_snapshot};
      if (Full() || (end && OrderOf(*end) < OrderOf(here))) {
        left.files += 1;
        left.bytes += candidates[i].size_bytes;
        continue;
      }
      files.push_back(candidates[i]);
      position = here;
    }
    if (left.files == 0 && (!end || OrderOf(next) <= OrderOf(*end))) {
      position = next;
    }
  }
};

TableStream::TableStream(delta::Table table, delta::SnapshotPtr snapshot, std::string source,
                         std::string reader)
    : table_(std::move(table)),
      snapshot_(std::move(snapshot)),
      source_(std::move(source)),
      reader_(std::move(reader)) {}

Result<TableOffset> TableStream::Start(const std::optional<SourceOffset>& from) const {
  if (!from) {
    return TableOffset{snapshot_->metadata().id, snapshot_->version(), -1, true};
  }
  const auto* offset = std::get_if<TableOffset>(&*from);
  if (offset == nullptr) {
    return Error(ErrorCode::kSpecification,
                 fmt::format("the flow into `{}` read files before and now reads the table `{}`; "
                             "its checkpoint does "
                             "not fit, use --full-refresh {}",
                             reader_, source_, reader_));
  }
  if (offset->table_id != snapshot_->metadata().id) {
    return Error(ErrorCode::kData,
                 fmt::format("`{}` was dropped and made anew since `{}` last read it (table id {}, "
                             "now {}); use --full-refresh {}",
                             source_, reader_, offset->table_id, snapshot_->metadata().id, reader_))
        .WithCondition("DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE");
  }
  return *offset;
}

Result<std::vector<delta::AddFile>> TableStream::InitialFiles(int64_t version) const {
  delta::SnapshotPtr snapshot = snapshot_;
  if (version != snapshot_->version()) {
    ASSIGN_OR_RETURN(snapshot, table_.AtVersion(version));
  }
  std::vector<delta::AddFile> files = snapshot->files();
  std::sort(files.begin(), files.end(), ByAge);
  return files;
}

Result<std::vector<delta::AddFile>> TableStream::AddedBy(const delta::CommitChanges& commit) const {
  std::vector<delta::AddFile> added;
  for (const delta::AddFile& file : commit.added) {
    if (file.data_change) {
      added.push_back(file);
    }
  }
  const bool removes = std::any_of(commit.removed.begin(), commit.removed.end(),
                                   [](const delta::RemoveFile& file) { return file.data_change; });
  if (!removes) {
    return added;
  }
  const bool deletes_only = added.empty();
  return Error(ErrorCode::kData,
               fmt::format("version {} of `{}` {} rows that `{}` may have read already; a "
                           "streaming table reads each "
                           "row once and cannot take them back. Make `{}` a materialized view, or "
                           "use --full-refresh {}",
                           commit.version, source_, deletes_only ? "deleted" : "changed", reader_,
                           reader_, reader_))
      .WithCondition(deletes_only ? "DELTA_SOURCE_IGNORE_DELETE"
                                  : "DELTA_SOURCE_TABLE_IGNORE_CHANGES");
}

Status TableStream::TakeInitial(TableOffset& position, Slice& slice) const {
  if (!position.initial_snapshot) {
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const auto files, InitialFiles(position.version));
  slice.Take(files, position, {position.table_id, position.version + 1, -1, false});
  return OkStatus();
}

Status TableStream::TakeCommits(TableOffset& position, Slice& slice) const {
  const int64_t last =
      slice.end ? std::min(slice.end->version, snapshot_->version()) : snapshot_->version();
  const bool reached = slice.end && OrderOf(position) >= OrderOf(*slice.end);
  if (position.initial_snapshot || position.version > last || reached) {
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const auto commits, table_.Changes(position.version, last));
  for (const delta::CommitChanges& commit : commits) {
    ASSIGN_OR_RETURN(const auto added, AddedBy(commit));
    if (slice.left.files == 0) {
      slice.Take(added, position, {position.table_id, commit.version + 1, -1, false});
    } else {
      slice.left.files += static_cast<int64_t>(added.size());
    }
  }
  return OkStatus();
}

Result<std::optional<SourceOffset>> TableStream::Plan(int64_t /*batch_id*/,
                                                      const std::optional<SourceOffset>& from) {
  ASSIGN_OR_RETURN(TableOffset position, Start(from));
  Slice slice;
  RETURN_IF_ERROR(TakeInitial(position, slice));
  RETURN_IF_ERROR(TakeCommits(position, slice));
  backlog_ = slice.left;
  return slice.files.empty() ? std::optional<SourceOffset>()
                             : std::optional<SourceOffset>(position);
}

Result<SourceOffset> TableStream::Stay(const std::optional<SourceOffset>& from) {
  ASSIGN_OR_RETURN(TableOffset position, Start(from));
  return SourceOffset(std::move(position));
}

Result<SourceBatch> TableStream::Load(int64_t /*batch_id*/, const std::optional<SourceOffset>& from,
                                      const SourceOffset& to) {
  ASSIGN_OR_RETURN(TableOffset position, Start(from));
  // Without a start the batch began with the snapshot that its end names.
  const auto* end = std::get_if<TableOffset>(&to);
  if (end == nullptr || end->table_id != position.table_id) {
    return Start(to).error();
  }
  if (!from) {
    position = {end->table_id, end->initial_snapshot ? end->version : end->version - 1, -1, true};
  }
  Slice slice;
  slice.end = *end;
  slice.files_max = INT64_MAX;
  RETURN_IF_ERROR(TakeInitial(position, slice));
  RETURN_IF_ERROR(TakeCommits(position, slice));
  SourceBatch batch;
  for (const delta::AddFile& file : slice.files) {
    batch.input_bytes += file.size_bytes;
  }
  batch.input_files = static_cast<int64_t>(slice.files.size());
  batch.table = TableBinding{table_.store(), snapshot_, std::move(slice.files)};
  return batch;
}

}  // namespace medallion::pipeline
