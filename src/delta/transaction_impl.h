#pragma once

#include <memory>

#include "delta/table.h"
#include "delta/transaction.h"
#include "pending_commit.h"
#include "storage/object_store.h"

namespace medallion::delta {

struct Transaction::Impl {
  std::shared_ptr<ObjectStore> store;
  TableEnvironment environment;
  PendingCommit pending;
};

}  // namespace medallion::delta
