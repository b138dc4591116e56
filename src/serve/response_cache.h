#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace medallion::serve {

// An answer in JSON, ready to send.
struct CachedResponse {
  std::string body;
  std::string gzip;  // empty if it is not worth it
  std::string etag;  // strong, quoted
  // What it was made from: versions of tables by key, and of the history of updates where it
  // matters.
  std::map<std::string, int64_t> versions;
  std::optional<uint64_t> revision;
};

using CachedResponsePtr = std::shared_ptr<const CachedResponse>;

// Makes `body` ready: compresses it and gives it an entity tag.
CachedResponse MakeResponse(std::string body);

// The two newest answers by request, bounded by their bytes: while those for a new view of the
// tables are made, the one before is still asked for. Thread-safe.
class ResponseCache {
 public:
  static constexpr size_t kBytesMax = 64 << 20;
  // A request that was not made while Watched was called this often is no longer watched.
  static constexpr int kRoundsWatched = 5;

  using IsFresh = std::function<bool(const CachedResponse&)>;

  // A request by somebody: the newest answer that is fresh, null if none is.
  CachedResponsePtr Find(const std::string& request, const IsFresh& is_fresh);
  // As Find, but nobody asked.
  CachedResponsePtr Peek(const std::string& request, const IsFresh& is_fresh);
  void Put(const std::string& request, CachedResponsePtr response);

  // As if somebody had made the request.
  void Watch(const std::string& request);
  // The requests that are made again and again, the last made first.
  std::vector<std::string> Watched();

 private:
  struct Entry {
    CachedResponsePtr newest;              // null if it was never answered
    CachedResponsePtr before;              // null if it was answered once
    std::list<std::string>::iterator use;  // in order_
    int rounds_unused = 0;

    CachedResponsePtr Fresh(const IsFresh& is_fresh) const;
    size_t bytes() const;
  };

  // With mutex_ held.
  Entry& Touch(const std::string& request);

  std::mutex mutex_;
  std::map<std::string, Entry> entries_;  // guarded by mutex_
  std::list<std::string> order_;          // guarded by mutex_; the last used first
  size_t bytes_ = 0;                      // guarded by mutex_
};

}  // namespace medallion::serve
