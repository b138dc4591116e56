#include "query/storage_view.h"

#include "query/storage_resolver.h"

namespace medallion::query {

Result<StorageViewPtr> StorageView::Look(const Catalog& catalog, const StorageView* before) {
  auto view = std::make_shared<StorageView>();
  StorageResolver resolver(catalog, "", "");
  ASSIGN_OR_RETURN(std::vector<StorageResolver::Entry> entries, resolver.Tables());
  for (const StorageResolver::Entry& entry : entries) {
    const std::vector<std::string>& parts = entry.name.parts;
    view->names_.push_back({parts[0], parts[1], parts[2]});
  }
  ASSIGN_OR_RETURN(std::vector<StorageResolver::Entry> own, resolver.OwnTables());
  std::ranges::move(own, std::back_inserter(entries));
  for (StorageResolver::Entry& entry : entries) {
    const std::string key = entry.name.Key();
    const Table* known = before != nullptr ? before->Find(key) : nullptr;
    Result<delta::SnapshotPtr> snapshot = known != nullptr && known->snapshot
                                              ? entry.table.Refresh(*known->snapshot)
                                              : entry.table.Latest();
    if (!snapshot && known != nullptr) {
      snapshot = entry.table.Latest();  // the table may be another one by now
    }
    view->places_[key] = view->tables_.size();
    view->tables_.push_back({std::move(entry.name), std::move(entry.table), std::move(snapshot)});
  }
  return view;
}

const StorageView::Table* StorageView::Find(const std::string& key) const {
  const auto found = places_.find(key);
  return found == places_.end() ? nullptr : &tables_[found->second];
}

std::optional<int64_t> StorageView::VersionOf(const std::string& key) const {
  const Table* table = Find(key);
  return table != nullptr && table->snapshot ? std::optional((*table->snapshot)->version())
                                             : std::nullopt;
}

}  // namespace medallion::query
