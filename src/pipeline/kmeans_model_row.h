#pragma once

#include <memory>

#include "catalog/catalog.h"
#include "delta/snapshot.h"
#include "engine/flat_rows.h"
#include "storage/object_store.h"

namespace medallion::pipeline {

// What kmeans_model(TABLE(table)) gives: one row, sql::KMeansModelFields, about the model that the
// commits of `snapshot` name; no row if they name none. kNotFound, kCorruption: the model's files.
Result<std::unique_ptr<FlatRows>> DescribeKMeansModel(const std::shared_ptr<ObjectStore>& root,
                                                      const TableName& table,
                                                      const delta::Snapshot& snapshot);

}  // namespace medallion::pipeline
