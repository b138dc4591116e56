#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace medallion::serve {

class EventHub;

// One browser's place in the stream. Used by one connection; must not outlive its hub.
class EventSubscription {
 public:
  ~EventSubscription();
  EventSubscription(const EventSubscription&) = delete;
  EventSubscription& operator=(const EventSubscription&) = delete;

  // The frames (HTML Standard, "Server-sent events") that came since the last call. If there are
  // none, `wake` is called once, from any thread, as soon as there are or the hub closes.
  std::string Take(std::function<void()> wake);
  // Whether the hub closed: the connection should end.
  bool closed() const;

 private:
  friend class EventHub;
  EventSubscription(EventHub& hub, uint64_t next, bool lost)
      : hub_(hub), next_(next), lost_(lost) {}

  EventHub& hub_;
  uint64_t next_;  // number of the next message to send
  bool greeted_ = false;
  bool lost_;  // messages that it should have had are gone
};

// Hands the live messages to every browser. Keeps the newest ones, so that a stream that broke off
// resumes after the last message it had; one that missed more is told `reset` and loads everything
// again. A message's id is `<epoch>-<number>`: an epoch is one life of the server. Thread-safe.
class EventHub {
 public:
  // More would be a few megabytes of memory; an update of forty flows makes some 300.
  static constexpr size_t kMessagesKept = 4'000;
  static constexpr size_t kSubscriptionsMax = 256;

  explicit EventHub(std::string epoch) : epoch_(std::move(epoch)) {}
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  // `data` is one line of JSON.
  void Publish(std::string_view event, std::string_view data);
  // Resumes after that message; empty: from now on. Nothing if there are too many already.
  std::shared_ptr<EventSubscription> Subscribe(std::string_view last_event_id);
  bool HasSubscribers() const;
  // Ends every stream.
  void Close();

 private:
  friend class EventSubscription;
  // Calls those who wait, outside the lock.
  void Wake();

  const std::string epoch_;
  mutable std::mutex mutex_;
  std::deque<std::string> frames_;              // guarded by mutex_; the last has number next_ - 1
  uint64_t next_ = 1;                           // guarded by mutex_
  size_t subscriptions_ = 0;                    // guarded by mutex_
  bool closed_ = false;                         // guarded by mutex_
  std::vector<std::function<void()>> waiting_;  // guarded by mutex_
};

}  // namespace medallion::serve
