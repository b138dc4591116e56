#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>

namespace medallion::serve {

// A mutex per key: one holder of each at a time. Thread-safe.
class KeyedMutex {
 public:
  // Held until destroyed.
  class Lock {
   public:
    Lock(KeyedMutex& mutex, std::string key) : mutex_(mutex), key_(std::move(key)) {
      std::unique_lock lock(mutex_.mutex_);
      mutex_.released_.wait(lock, [this] { return !mutex_.held_.contains(key_); });
      mutex_.held_.insert(key_);
    }
    ~Lock() {
      const std::lock_guard lock(mutex_.mutex_);
      mutex_.held_.erase(key_);
      mutex_.released_.notify_all();
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

   private:
    KeyedMutex& mutex_;
    const std::string key_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable released_;
  std::set<std::string> held_;  // guarded by mutex_
};

}  // namespace medallion::serve
