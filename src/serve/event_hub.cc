#include "event_hub.h"

#include <charconv>

#include <fmt/format.h>

namespace medallion::serve {
namespace {

// Said once per connection: how long a browser waits before it connects again.
constexpr std::string_view kGreeting = "retry: 1000\nevent: hello\ndata: {}\n\n";

}  // namespace

EventSubscription::~EventSubscription() {
  const std::lock_guard lock(hub_.mutex_);
  --hub_.subscriptions_;
}

std::string EventSubscription::Take(std::function<void()> wake) {
  const std::lock_guard lock(hub_.mutex_);
  std::string text;
  if (!greeted_) {
    text += kGreeting;
    greeted_ = true;
  }
  const uint64_t oldest = hub_.next_ - hub_.frames_.size();
  if (lost_ || next_ < oldest) {
    text += fmt::format("id: {}-{}\nevent: reset\ndata: {{}}\n\n", hub_.epoch_, hub_.next_ - 1);
    next_ = hub_.next_;
    lost_ = false;
  }
  for (; next_ < hub_.next_; ++next_) {
    text += hub_.frames_[next_ - oldest];
  }
  if (text.empty() && !hub_.closed_) {
    hub_.waiting_.push_back(std::move(wake));
  }
  return text;
}

bool EventSubscription::closed() const {
  const std::lock_guard lock(hub_.mutex_);
  return hub_.closed_;
}

void EventHub::Publish(std::string_view event, std::string_view data) {
  {
    const std::lock_guard lock(mutex_);
    frames_.push_back(
        fmt::format("id: {}-{}\nevent: {}\ndata: {}\n\n", epoch_, next_, event, data));
    ++next_;
    if (frames_.size() > kMessagesKept) {
      frames_.pop_front();
    }
  }
  Wake();
}

std::shared_ptr<EventSubscription> EventHub::Subscribe(std::string_view last_event_id) {
  const std::lock_guard lock(mutex_);
  if (subscriptions_ >= kSubscriptionsMax || closed_) {
    return nullptr;
  }
  uint64_t next = next_;
  bool lost = false;
  if (!last_event_id.empty()) {
    const size_t dash = last_event_id.rfind('-');
    uint64_t last = 0;
    const char* end = last_event_id.data() + last_event_id.size();
    lost = dash == std::string_view::npos || last_event_id.substr(0, dash) != epoch_ ||
           std::from_chars(last_event_id.data() + dash + 1, end, last).ptr != end || last >= next_;
    next = lost ? next_ : last + 1;
  }
  ++subscriptions_;
  return std::shared_ptr<EventSubscription>(new EventSubscription(*this, next, lost));
}

void EventHub::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  Wake();
}

void EventHub::Wake() {
  std::vector<std::function<void()>> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(waiting_);
  }
  for (const auto& wake : waiting) {
    wake();
  }
}

}  // namespace medallion::serve
