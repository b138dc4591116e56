#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "ingest/file_source.h"

namespace medallion::ingest {

// Memory between the steps of an update that look at the same landed file: InferSchema reads its
// head, InspectBatch all of it, CsvSource parses it. Each step takes over the bytes that the step
// before put here and reads only what is missing, so that a new file comes from disk once. What
// does not fit is read again.
//
// Bytes are raw, from the file's start, and belong to one state of the file: they were put here
// after its version tag was found unchanged behind the last read. Taking moves them out; whoever
// took them frees them. Thread-safe.
class FileContents {
 public:
  // A day's files many times over; small beside the engine's memory.
  static constexpr uint64_t kHeldBytesMax = 64ULL << 20;
  // Heads alone fill at most this share of the bound, so that a large backlog that planning looked
  // at leaves room for the files of the batch.
  static constexpr uint64_t kHeadsShare = 4;

  explicit FileContents(uint64_t held_bytes_max = kHeldBytesMax)
      : held_bytes_max_(held_bytes_max) {}

  // Whether a file of this size could be held whole now.
  bool HasRoomFor(uint64_t size_bytes) const;
  // Holds the first bytes of the file, all of it or a head; drops them if they do not fit.
  void Put(const LandedFile& file, std::string bytes);
  // What is held of the file in this very state; empty if nothing is.
  std::string Take(const LandedFile& file);
  // All bytes of the file, if they are held.
  std::optional<std::string> TakeWhole(const LandedFile& file);

  uint64_t bytes_held() const;
  // Bytes that came from disk rather than from here.
  uint64_t bytes_fetched() const { return bytes_fetched_; }
  void CountFetched(uint64_t bytes) { bytes_fetched_ += bytes; }

 private:
  struct Held {
    std::string version_tag;
    std::string bytes;
  };

  std::string Remove(std::map<std::string, Held>::iterator at);

  const uint64_t held_bytes_max_;
  mutable std::mutex mutex_;          // guards the two below
  std::map<std::string, Held> held_;  // by path
  uint64_t bytes_held_ = 0;
  std::atomic<uint64_t> bytes_fetched_ = 0;
};

}  // namespace medallion::ingest
