#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

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

// The newest answers by request, bounded by their bytes. Who asks checks that what an answer was
// made from is unchanged. Thread-safe.
class ResponseCache {
 public:
  static constexpr size_t kBytesMax = 64 << 20;

  CachedResponsePtr Find(const std::string& request);
  void Put(const std::string& request, CachedResponsePtr response);

 private:
  struct Entry {
    CachedResponsePtr response;
    std::list<std::string>::iterator use;  // in order_
  };
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;  // guarded by mutex_
  std::list<std::string> order_;          // guarded by mutex_; the last used first
  size_t bytes_ = 0;                      // guarded by mutex_
};

}  // namespace medallion::serve
