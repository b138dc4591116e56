#include "ingest/file_contents.h"

#include <utility>

namespace medallion::ingest {

bool FileContents::HasRoomFor(uint64_t size_bytes) const {
  const std::lock_guard lock(mutex_);
  return size_bytes <= held_bytes_max_ - bytes_held_;
}

void FileContents::Put(const LandedFile& file, std::string bytes) {
  const std::lock_guard lock(mutex_);
  if (const auto older = held_.find(file.path); older != held_.end()) {
    Remove(older);
  }
  const bool whole = bytes.size() == file.size_bytes;
  const uint64_t bound = whole ? held_bytes_max_ : held_bytes_max_ / kHeadsShare;
  if (bytes_held_ + bytes.size() > bound) {
    return;
  }
  bytes_held_ += bytes.size();
  held_[file.path] = {file.version_tag, std::move(bytes)};
}

std::string FileContents::Take(const LandedFile& file) {
  const std::lock_guard lock(mutex_);
  const auto found = held_.find(file.path);
  if (found == held_.end()) {
    return {};
  }
  const bool same_state = found->second.version_tag == file.version_tag;
  std::string bytes = Remove(found);
  return same_state ? std::move(bytes) : std::string();
}

std::optional<std::string> FileContents::TakeWhole(const LandedFile& file) {
  const std::lock_guard lock(mutex_);
  const auto found = held_.find(file.path);
  if (found == held_.end() || found->second.version_tag != file.version_tag ||
      found->second.bytes.size() != file.size_bytes) {
    return std::nullopt;
  }
  return Remove(found);
}

uint64_t FileContents::bytes_held() const {
  const std::lock_guard lock(mutex_);
  return bytes_held_;
}

// The caller holds the lock.
std::string FileContents::Remove(std::map<std::string, Held>::iterator at) {
  std::string bytes = std::move(at->second.bytes);
  bytes_held_ -= bytes.size();
  held_.erase(at);
  return bytes;
}

}  // namespace medallion::ingest
