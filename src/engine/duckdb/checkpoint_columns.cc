#include "checkpoint_columns.h"

namespace medallion::duckdb {
namespace {

const DataType& TextMap() {
  static const DataType type = DataType::Map(DataType::String(), DataType::String());
  return type;
}

DataType DeletionVectorType() {
  return DataType::Struct({{"storageType", DataType::String()},
                           {"pathOrInlineDv", DataType::String()},
                           {"offset", DataType::Integer()},
                           {"sizeInBytes", DataType::Integer()},
                           {"cardinality", DataType::Long()}});
}

DataType AddType(const CheckpointFeatures& features) {
  std::vector<Field> fields = {{"path", DataType::String()},
                               {"partitionValues", TextMap()},
                               {"size", DataType::Long()},
                               {"modificationTime", DataType::Long()},
                               {"dataChange", DataType::Boolean()},
                               {"stats", DataType::String()},
                               {"tags", TextMap()}};
  if (features.deletion_vectors) {
    fields.push_back({"deletionVector", DeletionVectorType()});
  }
  if (features.row_tracking) {
    fields.push_back({"baseRowId", DataType::Long()});
    fields.push_back({"defaultRowCommitVersion", DataType::Long()});
  }
  return DataType::Struct(std::move(fields));
}

DataType RemoveType(const CheckpointFeatures& features) {
  std::vector<Field> fields = {
      {"path", DataType::String()},        {"deletionTimestamp", DataType::Long()},
      {"dataChange", DataType::Boolean()}, {"extendedFileMetadata", DataType::Boolean()},
      {"partitionValues", TextMap()},      {"size", DataType::Long()}};
  if (features.deletion_vectors) {
    fields.push_back({"deletionVector", DeletionVectorType()});
  }
  return DataType::Struct(std::move(fields));
}

}  // namespace

Schema CheckpointColumns(const CheckpointFeatures& features) {
  const DataType names = DataType::Array(DataType::String());
  const DataType format =
      DataType::Struct({{"provider", DataType::String()}, {"options", TextMap()}});
  return Schema({
      {"txn", DataType::Struct({{"appId", DataType::String()},
                                {"version", DataType::Long()},
                                {"lastUpdated", DataType::Long()}})},
      {"add", AddType(features)},
      {"remove", RemoveType(features)},
      {"metaData", DataType::Struct({{"id", DataType::String()},
                                     {"name", DataType::String()},
                                     {"description", DataType::String()},
                                     {"format", format},
                                     {"schemaString", DataType::String()},
                                     {"partitionColumns", names},
                                     {"configuration", TextMap()},
                                     {"createdTime", DataType::Long()}})},
      {"protocol", DataType::Struct({{"minReaderVersion", DataType::Integer()},
                                     {"minWriterVersion", DataType::Integer()},
                                     {"readerFeatures", names},
                                     {"writerFeatures", names}})},
      {"domainMetadata", DataType::Struct({{"domain", DataType::String()},
                                           {"configuration", DataType::String()},
                                           {"removed", DataType::Boolean()}})},
  });
}

}  // namespace medallion::duckdb
