#include "event_hub.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace medallion::serve {
namespace {

// Said once per connection: how long a browser waits before it connects again.
constexpr std::string_view kGreeting = "retry: 1000\nevent: hello\ndata: {}\n\n";

// The number that follows `prefix` and is all the rest of `text`.
std::optional<uint64_t> NumberAfter(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix)) {
    return std::nullopt;
  }
  uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + prefix.size(), end, number);
  return error == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

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
    const uint64_t last = NumberAfter(epoch_ + "-", last_event_id).value_or(next_);
    lost = last >= next_;
    next = lost ? next_ : last + 1;
  }
  ++subscriptions_;
  return std::shared_ptr<EventSubscription>(new EventSubscription(*this, next, lost));
}

bool EventHub::HasSubscribers() const {
  const std::lock_guard lock(mutex_);
  return subscriptions_ > 0;
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
