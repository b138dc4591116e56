#pragma once

#include "base/schema.h"

namespace medallion::duckdb {

// The columns of a V1 checkpoint (Delta protocol, "Checkpoints" and "Actions"), one struct per kind
// of action, in the order in which Spark writes them. Reader and writer share this layout:
//
//   txn            appId, version, lastUpdated
//   add            path, partitionValues, size, modificationTime, dataChange, stats, tags,
//                  [deletionVector], [baseRowId], [defaultRowCommitVersion]
//   remove         path, deletionTimestamp, dataChange, extendedFileMetadata, partitionValues,
//   size,
//                  [deletionVector]
//   metaData       id, name, description, format, schemaString, partitionColumns, configuration,
//                  createdTime
//   protocol       minReaderVersion, minWriterVersion, readerFeatures, writerFeatures
//   domainMetadata domain, configuration, removed
//
// Members in brackets belong to table features: they are left out of tables that have none of them.
struct CheckpointFeatures {
  bool deletion_vectors = false;
  bool row_tracking = false;
};

Schema CheckpointColumns(const CheckpointFeatures& features);

}  // namespace medallion::duckdb
