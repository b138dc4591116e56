#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "catalog/catalog.h"
#include "ml/model.h"
#include "storage/object_store.h"

// The models of a storage root (docs/formats/model.md):
//
//   models/<catalog>/<schema>/<table>/<version>/model.json   the model, exactly
//                                               model.pmml   PMML 4.4
//                                               model.onnx
//                                               scorer.sql   a query for DuckDB and Spark
//
// <table> is the view whose kmeans trained it. model.json is written last: without it there is no
// model. A version becomes part of history when a commit of the view names it (kModelAppId); one
// that no commit names is a leftover of a killed update, and is written over by the next.

namespace medallion::pipeline {

// The app id under which a view's commits say which model their rows come from.
inline constexpr std::string_view kModelAppId = "medallion/view/model";

class ModelStore {
 public:
  ModelStore(std::shared_ptr<ObjectStore> root, const TableName& table);

  // The folder of one version, relative to the root: `models/c/s/t/3/`.
  std::string Folder(int64_t version) const;

  // kNotFound if there is no such version; kCorruption, with the file's name, if it cannot be read.
  Result<ml::Model> Load(int64_t version) const;
  // Makes all files of `model.version` durable.
  Status Save(const ml::Model& model, const std::string& key) const;

 private:
  std::shared_ptr<ObjectStore> root_;
  TableName table_;
};

}  // namespace medallion::pipeline
