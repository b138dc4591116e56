#include "ingest/file_ledger.h"

namespace medallion::ingest {
namespace {

// Whether the file may still be growing. A time beyond the clock says nothing: such a file is
// taken.
bool IsUnstable(const LandedFile& file, int64_t now_micros) {
  return file.modified_micros > now_micros - kStabilityMicros &&
         file.modified_micros <= now_micros + kStabilityMicros;
}

bool Fits(const FileBatch& batch, uint64_t batch_bytes, const LandedFile& file,
          const FileSourceOptions& options) {
  if (batch.backlog_files > 0) {
    return false;  // keep the order: nothing overtakes a file that waits
  }
  if (static_cast<int64_t>(batch.files.size()) >= options.max_files_per_trigger) {
    return false;
  }
  return batch.files.empty() || !options.max_bytes_per_trigger ||
         batch_bytes + file.size_bytes <= static_cast<uint64_t>(*options.max_bytes_per_trigger);
}

}  // namespace

FileBatch PlanFileBatch(const Listing& listing, const FileLedger& ledger,
                        const FileSourceOptions& options, int64_t now_micros) {
  FileBatch batch;
  uint64_t batch_bytes = 0;
  for (const LandedFile& file : listing.files) {
    const LandedFile* const recorded = ledger.Find(file.path);
    if (recorded != nullptr && recorded->version_tag == file.version_tag) {
      continue;
    }
    if (recorded != nullptr && !options.allow_overwrites) {
      batch.changed.push_back(file.path);
    } else if (IsUnstable(file, now_micros)) {
      batch.unstable.push_back(file.path);
    } else if (Fits(batch, batch_bytes, file, options)) {
      batch.files.push_back(file);
      batch_bytes += file.size_bytes;
    } else {
      ++batch.backlog_files;
      batch.backlog_bytes += file.size_bytes;
    }
  }
  return batch;
}

}  // namespace medallion::ingest
