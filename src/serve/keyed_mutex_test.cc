#include "keyed_mutex.h"

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace medallion::serve {
namespace {

TEST(KeyedMutexTest, OneHolderOfAKeyAtATime) {
  KeyedMutex mutex;
  std::atomic<int> holders{0};
  std::atomic<bool> overlapped{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        const KeyedMutex::Lock lock(mutex, "a");
        overlapped = overlapped || ++holders > 1;
        std::this_thread::yield();
        --holders;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_FALSE(overlapped);
}

TEST(KeyedMutexTest, AnotherKeyDoesNotWait) {
  KeyedMutex mutex;
  const KeyedMutex::Lock held(mutex, "a");
  std::optional<KeyedMutex::Lock> other;
  other.emplace(mutex, "b");
  EXPECT_TRUE(other);
}

}  // namespace
}  // namespace medallion::serve
