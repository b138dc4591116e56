#include "table_follower.h"

#include <chrono>

#include "json.h"

namespace medallion::serve {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kNap{100};
// A look costs one listing per table. While tables change again and again, looks are fewer, because
// every change makes answers be computed anew.
constexpr milliseconds kInterval{300};
constexpr milliseconds kIntervalUnwatched{2'000};  // while no browser follows
constexpr milliseconds kIntervalAfterChange{1'000};
// New rows are shown no later than this, ready or not.
constexpr milliseconds kPreparationMax{1'500};

// Versions of `after` that `before` does not have.
std::vector<std::pair<std::string, int64_t>> NewVersions(const query::StorageView& before,
                                                         const query::StorageView& after) {
  std::vector<std::pair<std::string, int64_t>> versions;
  for (const query::StorageView::Table& table : after.tables()) {
    const std::string key = table.name.Key();
    const auto version = after.VersionOf(key);
    if (version && version != before.VersionOf(key)) {
      versions.emplace_back(table.name.ToString(), *version);
    }
  }
  return versions;
}

}  // namespace

TableFollower::TableFollower(StoredTables& tables, Prepare prepare, EventHub& hub, Clock& clock)
    : tables_(tables), prepare_(std::move(prepare)), hub_(hub), clock_(clock) {}

TableFollower::~TableFollower() {
  stop_ = true;
  if (thread_.joinable()) {
    thread_.join();
  }
}

void TableFollower::Start() {
  thread_ = std::thread([this] { Follow(); });
}

void TableFollower::Follow() {
  for (milliseconds left{0}; !stop_; left -= kNap) {
    if (left <= milliseconds{0}) {
      left = Refresh()               ? kIntervalAfterChange
             : hub_.HasSubscribers() ? kInterval
                                     : kIntervalUnwatched;
    }
    clock_.Sleep(kNap);
  }
}

bool TableFollower::Refresh() {
  const std::lock_guard lock(refreshing_);
  const auto view = tables_.Look();
  if (!view) {
    lost_ = true;
    return false;
  }
  const query::StorageViewPtr before = tables_.current();
  const auto versions = NewVersions(*before, **view);
  if (!versions.empty()) {
    const int64_t until = clock_.NowMicros() + std::chrono::microseconds(kPreparationMax).count();
    prepare_(*view, [this, until] { return !stop_ && clock_.NowMicros() < until; });
  }
  tables_.SwitchTo(*view);
  if (lost_) {
    lost_ = false;
    hub_.Publish("reset", "{}");
  }
  if (versions.empty()) {
    return false;
  }
  Json tables = Json::array();
  for (const auto& [name, version] : versions) {
    tables.push_back({{"name", name}, {"version", version}});
  }
  hub_.Publish("tables", Dump({{"tables", std::move(tables)}}));
  return true;
}

}  // namespace medallion::serve
