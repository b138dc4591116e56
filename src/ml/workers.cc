#include "workers.h"

namespace medallion::ml {

Workers::Workers(int threads) {
  for (int i = 1; i < threads; ++i) {
    threads_.emplace_back([this] { Serve(); });
  }
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void Workers::Run(size_t count, const std::function<void(size_t)>& task) {
  if (threads_.empty() || count < 2) {
    for (size_t i = 0; i < count; ++i) {
      task(i);
    }
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    task_ = &task;
    count_ = count;
    busy_ = threads_.size();
    next_.store(0, std::memory_order_relaxed);
    ++round_;
  }
  wake_.notify_all();
  TakeTasks(task, count);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return busy_ == 0; });
}

void Workers::TakeTasks(const std::function<void(size_t)>& task, size_t count) {
  while (true) {
    const size_t i = next_.fetch_add(1, std::memory_order_relaxed);
    if (i >= count) {
      return;
    }
    task(i);
  }
}

void Workers::Serve() {
  size_t served = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stopping_ || round_ != served; });
    if (stopping_) {
      return;
    }
    served = round_;
    const std::function<void(size_t)>& task = *task_;
    const size_t count = count_;
    lock.unlock();
    TakeTasks(task, count);
    lock.lock();
    if (--busy_ == 0) {
      done_.notify_one();
    }
  }
}

}  // namespace medallion::ml
