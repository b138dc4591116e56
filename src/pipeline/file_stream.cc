#include "file_stream.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace medallion::pipeline {
namespace {

bool SameBytes(const ingest::LandedFile& a, const ingest::LandedFile& b) {
  return a.path == b.path && a.size_bytes == b.size_bytes && a.modified_micros == b.modified_micros;
}

int64_t Bytes(const std::vector<ingest::LandedFile>& files) {
  int64_t bytes = 0;
  for (const ingest::LandedFile& file : files) {
    bytes += static_cast<int64_t>(file.size_bytes);
  }
  return bytes;
}

Error ChangedDuringUpdate(const ingest::NewColumn& column) {
  return Error(ErrorCode::kPreconditionFailed,
               fmt::format("column `{}` appeared while the update was being planned: {}; run the "
                           "update again",
                           column.name, column.file))
      .WithCondition("UNKNOWN_FIELD_EXCEPTION");
}

Error NewColumnRefused(const ingest::NewColumn& column) {
  return Error(ErrorCode::kData,
               fmt::format("column `{}` is not in the schema and schemaEvolutionMode is "
                           "`failOnNewColumns`: {}; add the "
                           "column to the schema, or remove the file",
                           column.name, column.file))
      .WithCondition("UNKNOWN_FIELD_EXCEPTION");
}

}  // namespace

Result<std::unique_ptr<FileStream>> FileStream::Open(Checkpoint& checkpoint, size_t source,
                                                     const FlowFiles& files,
                                                     std::vector<std::string> metadata_fields,
                                                     Clock& clock) {
  ASSIGN_OR_RETURN(ingest::FileLedger ledger,
                   ingest::FileLedger::Open(checkpoint.SourceStore(source)));
  auto stream = std::unique_ptr<FileStream>(new FileStream(
      checkpoint, source, files, std::move(metadata_fields), clock, std::move(ledger)));
  RETURN_IF_ERROR(stream->RequireWholeLedger());
  RETURN_IF_ERROR(stream->LoadSetAside());
  return stream;
}

// A lost ledger object would make its files look new: they would be read a second time.
Status FileStream::RequireWholeLedger() const {
  const auto& intent = checkpoint_.last_intent();
  if (!intent || source_ >= intent->sources.size()) {
    return OkStatus();
  }
  const auto* offset = std::get_if<FileOffset>(&intent->sources[source_]);
  if (offset == nullptr) {
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const auto next, ledger_.Batch(intent->batch_id + 1));
  const auto recorded = static_cast<int64_t>(ledger_.size());
  if (recorded == offset->files_recorded || (next && recorded > offset->files_recorded)) {
    return OkStatus();
  }
  return Error(
      ErrorCode::kCorruption,
      fmt::format(
          "checkpoint is incomplete, its list of files has {} entries and should have {}; restore "
          "sources/{} from a backup, or rebuild the table with --full-refresh",
          recorded, offset->files_recorded, source_));
}

FileStream::FileStream(Checkpoint& checkpoint, size_t source, const FlowFiles& files,
                       std::vector<std::string> metadata_fields, Clock& clock,
                       ingest::FileLedger ledger)
    : checkpoint_(checkpoint),
      source_(source),
      files_(files),
      metadata_fields_(std::move(metadata_fields)),
      clock_(clock),
      ledger_(std::move(ledger)),
      listing_(files.listing) {
  remarks_.listed = static_cast<int64_t>(listing_.files.size());
  remarks_.warnings = listing_.skipped;
}

Status FileStream::LoadSetAside() {
  ASSIGN_OR_RETURN(set_aside_, checkpoint_.ReadRejected(source_));
  for (const ingest::LandedFile& file : listing_.files) {
    if (IsSetAside(file)) {
      remarks_.warnings.push_back(
          fmt::format("still set aside, replace or remove it: {}", file.path));
    }
  }
  return OkStatus();
}

bool FileStream::IsSetAside(const ingest::LandedFile& file) const {
  return std::any_of(set_aside_.begin(), set_aside_.end(), [&](const SetAsideFile& known) {
    return known.path == file.path && known.version_tag == file.version_tag;
  });
}

ingest::FileBatch FileStream::PlanFiles() {
  ingest::Listing candidates;
  for (const ingest::LandedFile& file : listing_.files) {
    if (!IsSetAside(file)) {
      candidates.files.push_back(file);
    }
  }
  // After the wait every file left in the listing has been seen twice unchanged.
  const int64_t now = waited_ ? std::numeric_limits<int64_t>::max() / 2 : clock_.NowMicros();
  return ingest::PlanFileBatch(candidates, ledger_, files_.options, now);
}

// Looks a second time at files that may still be growing, as soon as the youngest is old enough:
// those that did not move meanwhile are taken, the others leave the listing and wait for the next
// update. Once per update.
Status FileStream::WaitForUnstableFiles(const std::vector<std::string>& unstable) {
  waited_ = true;
  int64_t youngest = 0;
  for (const ingest::LandedFile& file : listing_.files) {
    if (std::find(unstable.begin(), unstable.end(), file.path) != unstable.end()) {
      youngest = std::max(youngest, file.modified_micros);
    }
  }
  const int64_t wait = std::clamp(youngest + ingest::kStabilityMicros - clock_.NowMicros(),
                                  int64_t{0}, ingest::kStabilityMicros);
  clock_.Sleep(std::chrono::ceil<std::chrono::milliseconds>(std::chrono::microseconds(wait)));
  ASSIGN_OR_RETURN(const ingest::Listing again, ingest::ListFiles(files_.path, files_.options));
  std::erase_if(listing_.files, [&](const ingest::LandedFile& file) {
    const bool was_stable =
        std::find(unstable.begin(), unstable.end(), file.path) == unstable.end();
    const bool same =
        was_stable || std::any_of(again.files.begin(), again.files.end(),
                                  [&](const auto& other) { return SameBytes(file, other); });
    if (!same) {
      remarks_.warnings.push_back(
          fmt::format("still being written, waits for the next update: {}", file.path));
    }
    return !same;
  });
  return OkStatus();
}

Status FileStream::SetAside(const std::vector<ingest::RejectedFile>& rejected) {
  for (const ingest::RejectedFile& file : rejected) {
    SetAsideFile entry{file.file.path, file.file.version_tag, file.reason};
    std::erase_if(set_aside_, [&](const SetAsideFile& known) { return known.path == entry.path; });
    set_aside_.push_back(entry);
    remarks_.set_aside.push_back(std::move(entry));
  }
  return checkpoint_.WriteRejected(source_, set_aside_);
}

// Forgets that these files were set aside before.
Status FileStream::Reinstate(const std::vector<ingest::LandedFile>& files) {
  const size_t erased = std::erase_if(set_aside_, [&](const SetAsideFile& known) {
    return std::any_of(files.begin(), files.end(),
                       [&](const auto& file) { return file.path == known.path; });
  });
  return erased > 0 ? checkpoint_.WriteRejected(source_, set_aside_) : OkStatus();
}

Result<std::vector<ingest::LandedFile>> FileStream::Inspect(
    const std::vector<ingest::LandedFile>& files) {
  ASSIGN_OR_RETURN(
      ingest::BatchInspection inspection,
      ingest::InspectBatch(files, files_.options, files_.schema, files_.contents.get()));
  if (!inspection.rejected.empty()) {
    RETURN_IF_ERROR(SetAside(inspection.rejected));
  }
  if (!inspection.new_columns.empty()) {
    const ingest::NewColumn& column = inspection.new_columns.front();
    return files_.options.schema_evolution_mode == ingest::SchemaEvolutionMode::kFailOnNewColumns
               ? NewColumnRefused(column)
               : ChangedDuringUpdate(column);
  }
  remarks_.warnings.insert(remarks_.warnings.end(), inspection.warnings.begin(),
                           inspection.warnings.end());
  return std::move(inspection.readable);
}

Status FileStream::RememberSchema() {
  if (schema_remembered_) {
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const auto known, checkpoint_.ReadSchema(source_));
  if (!known || !(*known == files_.schema)) {
    RETURN_IF_ERROR(checkpoint_.WriteSchema(source_, files_.schema));
  }
  schema_remembered_ = true;
  return OkStatus();
}

SourceOffset FileStream::OffsetOf(int64_t batch_id) const {
  return FileOffset{batch_id, static_cast<int64_t>(ledger_.size())};
}

Result<std::optional<SourceOffset>> FileStream::Plan(int64_t batch_id,
                                                     const std::optional<SourceOffset>& /*from*/) {
  // A process that died between the ledger's entry and the intent has chosen already.
  ASSIGN_OR_RETURN(const auto chosen, ledger_.Batch(batch_id));
  if (chosen) {
    return std::optional<SourceOffset>(OffsetOf(batch_id));
  }
  for (;;) {
    const ingest::FileBatch batch = PlanFiles();
    if (!batch.unstable.empty() && !waited_) {
      RETURN_IF_ERROR(WaitForUnstableFiles(batch.unstable));
      continue;
    }
    backlog_ = {batch.backlog_files, static_cast<int64_t>(batch.backlog_bytes)};
    if (batch.files.empty()) {
      for (const std::string& path : batch.changed) {
        remarks_.warnings.push_back(fmt::format(
            "size, time or inode differ from when it was read, not read again (allowOverwrites is "
            "false): {}",
            path));
      }
      return std::optional<SourceOffset>();
    }
    const size_t set_aside_before = set_aside_.size();
    ASSIGN_OR_RETURN(const auto readable, Inspect(batch.files));
    if (readable.empty() && set_aside_.size() > set_aside_before) {
      continue;  // all set aside, so the next plan has others or none
    }
    if (readable.empty()) {
      return std::optional<SourceOffset>();
    }
    RETURN_IF_ERROR(RememberSchema());
    RETURN_IF_ERROR(ledger_.Record(batch_id, readable));
    RETURN_IF_ERROR(Reinstate(readable));
    remarks_.new_files += static_cast<int64_t>(readable.size());
    return std::optional<SourceOffset>(OffsetOf(batch_id));
  }
}

Result<SourceOffset> FileStream::Stay(const std::optional<SourceOffset>& from) {
  return from ? *from : SourceOffset(FileOffset{-1, 0});
}

Result<SourceBatch> FileStream::Load(int64_t batch_id, const std::optional<SourceOffset>& /*from*/,
                                     const SourceOffset& to) {
  const auto* end = std::get_if<FileOffset>(&to);
  if (end == nullptr) {
    return Error(ErrorCode::kSpecification,
                 fmt::format("the flow read a table before and now reads files of {}; its "
                             "checkpoint does not fit, use "
                             "--full-refresh",
                             files_.path));
  }
  std::vector<ingest::LandedFile> files;
  if (end->log_offset == batch_id) {
    ASSIGN_OR_RETURN(auto recorded, ledger_.Batch(batch_id));
    if (!recorded) {
      return Error(ErrorCode::kCorruption,
                   fmt::format("checkpoint is incomplete, the list of files of batch {} is "
                               "missing; restore it from a "
                               "backup, or rebuild the table with --full-refresh",
                               batch_id));
    }
    files = *std::move(recorded);
  }
  SourceBatch batch;
  batch.input_files = static_cast<int64_t>(files.size());
  batch.input_bytes = Bytes(files);
  batch.files = std::make_unique<ingest::CsvSource>(std::move(files), files_.options, files_.schema,
                                                    metadata_fields_, files_.contents);
  return batch;
}

FileStream::Remarks FileStream::TakeRemarks() { return std::exchange(remarks_, {}); }

}  // namespace medallion::pipeline
