#include "query_cache.h"

namespace medallion::serve {

Result<QueryAnswerPtr> QueryCache::Find(const std::string& query, const IsCurrent& is_current,
                                        const Evaluate& evaluate) {
  std::unique_lock lock(mutex_);
  const EntryPtr entry = Touch(query);
  const auto outcome = [&entry] {
    return entry->error ? Result<QueryAnswerPtr>(*entry->error)
                        : Result<QueryAnswerPtr>(entry->answer);
  };
  if (entry->answer && is_current(*entry->answer)) {
    return entry->answer;
  }
  if (entry->running) {
    // What it will give is at least as new as this question.
    changed_.wait(lock, [&entry, round = entry->round] { return entry->round != round; });
    return outcome();
  }
  entry->running = true;
  changed_.wait(lock, [this] { return running_ < kRunningMax; });
  ++running_;
  lock.unlock();
  Result<QueryAnswer> answer = evaluate();
  lock.lock();
  --running_;
  entry->running = false;
  ++entry->round;
  entry->error = answer ? std::nullopt : std::optional(answer.error());
  if (answer) {
    rows_ -= entry->row_count();
    entry->answer = std::make_shared<const QueryAnswer>(*std::move(answer));
    rows_ += entry->row_count();
    Forget();
  }
  changed_.notify_all();
  return outcome();
}

QueryCache::EntryPtr QueryCache::Touch(const std::string& query) {
  const auto [found, added] = places_.try_emplace(query);
  Place& place = found->second;
  if (added) {
    order_.push_front(query);
    place = {std::make_shared<Entry>(), order_.begin()};
  }
  order_.splice(order_.begin(), order_, place.use);
  return place.entry;
}

// What is evaluated now is put back when it is asked for again.
void QueryCache::Forget() {
  while (order_.size() > 1 && (rows_ > kRowsMax || order_.size() > kAnswersMax)) {
    const auto oldest = places_.find(order_.back());
    if (oldest->second.entry->running) {
      return;
    }
    rows_ -= oldest->second.entry->row_count();
    places_.erase(oldest);
    order_.pop_back();
  }
}

}  // namespace medallion::serve
