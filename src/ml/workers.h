#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace medallion::ml {

// A team of threads that lives as long as one computation, so that a pass of a fraction of a
// millisecond is worth sharing. One caller at a time; tasks must not call Run.
class Workers {
 public:
  // The caller is one of the `threads`, so 1 starts none. Values below 1 count as 1.
  explicit Workers(int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Calls task(0) … task(count − 1), each once, in any order and on any thread; returns when all
  // have returned. What a task computes may depend on its number only.
  void Run(size_t count, const std::function<void(size_t)>& task);

 private:
  void Serve();
  void TakeTasks(const std::function<void(size_t)>& task, size_t count);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  const std::function<void(size_t)>* task_ = nullptr;  // guarded by mutex_
  size_t count_ = 0;                                   // guarded by mutex_
  size_t round_ = 0;                                   // guarded by mutex_
  size_t busy_ = 0;                                    // guarded by mutex_
  bool stopping_ = false;                              // guarded by mutex_
  std::atomic<size_t> next_{0};
  std::vector<std::thread> threads_;
};

}  // namespace medallion::ml
