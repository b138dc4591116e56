#pragma once

#include <optional>
#include <string_view>

#include "delta/actions.h"
#include "delta/snapshot.h"
#include "sql/statement.h"

// Which kind of dataset filled a table last. A streaming table adds rows to those that are there,
// so it must not take over a view's: they would stay beside the same rows from its own sources.
// Kept in the table's log as `txn {"medallion/kind", 1 or 2}`, written by the first commit that
// differs.

namespace medallion::pipeline {

// The action that records `kind`; nothing if the table says so already. `table` is null if there is
// none yet.
std::optional<delta::Txn> KindTxn(sql::DatasetKind kind, const delta::SnapshotPtr& table);

// Nothing for a table that no pipeline of ours filled.
std::optional<sql::DatasetKind> StoredKind(const delta::Snapshot& table);

}  // namespace medallion::pipeline
