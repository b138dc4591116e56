#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "engine/flat_rows.h"

namespace medallion::pipeline {

// What writing to a table of the program itself needs. Borrowed for the call.
struct SystemTableWriter {
  Catalog& catalog;
  Engine& engine;
  Clock& clock;
};

struct SystemTableAppend {
  std::string name;  // event_log, table_lineage
  std::string description;
  std::map<std::string, std::string> properties;
  const sql::BoundQuery* query = nullptr;
  const FlatRows* rows = nullptr;
  // Recorded in the same commit. Rows are the caller's to leave out if the table has them.
  std::vector<delta::Txn> transactions;
  std::string operation = "WRITE";
};

// The table's state, null if it does not exist.
Result<delta::SnapshotPtr> SystemTableSnapshot(const SystemTableWriter& writer,
                                               const std::string& name);

// Writes the rows and commits them on top of `existing`; makes the table, with the query's columns,
// if that is null. Other pipelines append to the same tables: races are settled by trying again.
Status AppendToSystemTable(const SystemTableWriter& writer, const SystemTableAppend& append,
                           delta::SnapshotPtr existing);

}  // namespace medallion::pipeline
