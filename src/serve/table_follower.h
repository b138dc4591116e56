#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "event_hub.h"
#include "stored_tables.h"

namespace medallion::serve {

// Looks for new versions of tables, switches `tables` to them and tells `hub`; also that a lost
// storage is back. Thread-safe. What it borrows outlives it.
class TableFollower {
 public:
  // Makes ready what visitors will ask of `view`, while `may_go_on` says so: until then they get
  // the answers of the view before at once, instead of all waiting for new ones together.
  using Prepare = std::function<void(const query::StorageViewPtr& view,
                                     const std::function<bool()>& may_go_on)>;

  TableFollower(StoredTables& tables, Prepare prepare, EventHub& hub, Clock& clock);
  ~TableFollower();
  TableFollower(const TableFollower&) = delete;
  TableFollower& operator=(const TableFollower&) = delete;

  // Follows on a thread of its own until destroyed.
  void Start();
  // Looks at once. Whether something changed.
  bool Refresh();

 private:
  void Follow();

  StoredTables& tables_;
  const Prepare prepare_;
  EventHub& hub_;
  Clock& clock_;
  std::mutex refreshing_;
  bool lost_ = false;  // guarded by refreshing_
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace medallion::serve
