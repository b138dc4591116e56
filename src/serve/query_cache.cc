#include "query_cache.h"

namespace medallion::serve {

Result<QueryAnswerPtr> QueryCache::Find(const std::string& query, const IsCurrent& is_current,
                                        const Evaluate& evaluate) {
  std::unique_lock lock(mutex_);
  const EntryPtr entry = Touch(query);
  for (;;) {
    if (const QueryAnswerPtr known = entry->Current(is_current)) {
      return known;
    }
    if (!entry->running) {
      break;
    }
    changed_.wait(lock, [&entry, round = entry->round] { return entry->round != round; });
    if (entry->error) {
      return *entry->error;
    }
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
    entry->Put(*std::move(answer));
    rows_ += entry->row_count();
    Forget();
  }
  changed_.notify_all();
  return entry->error ? Result<QueryAnswerPtr>(*entry->error)
                      : Result<QueryAnswerPtr>(entry->newest);
}

QueryAnswerPtr QueryCache::Entry::Current(const IsCurrent& is_current) const {
  for (const QueryAnswerPtr& answer : {newest, before}) {
    if (answer && is_current(*answer)) {
      return answer;
    }
  }
  return nullptr;
}

void QueryCache::Entry::Put(QueryAnswer answer) {
  before = std::move(newest);
  newest = std::make_shared<const QueryAnswer>(std::move(answer));
}

size_t QueryCache::Entry::row_count() const {
  size_t rows = 0;
  for (const QueryAnswerPtr& answer : {newest, before}) {
    rows += answer ? answer->rows.rows.size() : 0;
  }
  return rows;
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
