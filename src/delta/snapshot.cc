#include "delta/snapshot.h"

namespace medallion::delta {

std::string DeletionVectorDescriptor::UniqueId() const {
  std::string id = storage_type + path_or_inline_dv;
  return offset ? fmt::format("{}@{}", id, *offset) : id;
}

std::optional<int64_t> Snapshot::AppVersion(std::string_view app_id) const {
  const auto found = state_.transactions.find(std::string(app_id));
  return found == state_.transactions.end() ? std::nullopt : std::optional(found->second.version);
}

}  // namespace medallion::delta
