#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"
#include "query/row_set.h"

namespace medallion::serve {

// The rows of a query and the versions of the tables that it read, by key.
struct QueryAnswer {
  query::RowSet rows;
  std::map<std::string, int64_t> versions;
};

using QueryAnswerPtr = std::shared_ptr<const QueryAnswer>;

// Remembers the rows of recent queries, so that a commit makes only those be evaluated again that
// read its table. Of each query the two newest answers: while answers for a new view of the tables
// are made, the one before is still asked for. Who asks for what is being evaluated waits for it
// rather than evaluating it too. Thread-safe.
class QueryCache {
 public:
  // Rows of all answers, some hundred bytes each, and answers.
  static constexpr size_t kRowsMax = 500'000;
  static constexpr size_t kAnswersMax = 2'000;
  // Queries that are evaluated at once; the engine uses every core for each.
  static constexpr int kRunningMax = 2;

  using IsCurrent = std::function<bool(const QueryAnswer&)>;
  using Evaluate = std::function<Result<QueryAnswer>()>;

  // An answer that is known and current, else what `evaluate` gives.
  Result<QueryAnswerPtr> Find(const std::string& query, const IsCurrent& is_current,
                              const Evaluate& evaluate);

 private:
  struct Entry {
    QueryAnswerPtr newest;  // null while it was never evaluated
    QueryAnswerPtr before;  // null while it was evaluated once
    bool running = false;
    uint64_t round = 0;          // rises with each evaluation
    std::optional<Error> error;  // of the last one

    QueryAnswerPtr Current(const IsCurrent& is_current) const;
    void Put(QueryAnswer answer);
    size_t row_count() const;
  };
  using EntryPtr = std::shared_ptr<Entry>;  // those who wait for one that is forgotten keep it

  // With mutex_ held.
  EntryPtr Touch(const std::string& query);
  void Forget();

  std::mutex mutex_;
  std::condition_variable changed_;
  struct Place {
    EntryPtr entry;
    std::list<std::string>::iterator use;  // in order_
  };
  std::map<std::string, Place> places_;  // guarded by mutex_
  std::list<std::string> order_;         // guarded by mutex_; the last used first
  size_t rows_ = 0;                      // guarded by mutex_
  int running_ = 0;                      // guarded by mutex_
};

}  // namespace medallion::serve
