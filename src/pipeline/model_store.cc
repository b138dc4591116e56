#include "pipeline/model_store.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ml/export_onnx.h"
#include "ml/export_pmml.h"
#include "ml/export_sql.h"
#include "ml/model_json.h"

namespace medallion::pipeline {

ModelStore::ModelStore(std::shared_ptr<ObjectStore> root, const TableName& table)
    : root_(std::move(root)), table_(table) {}

std::string ModelStore::Folder(int64_t version) const {
  return fmt::format("{}{}/", Catalog::ModelPath(table_), version);
}

Result<ml::Model> ModelStore::Load(int64_t version) const {
  const std::string path = Folder(version) + "model.json";
  ASSIGN_OR_RETURN(const std::string text, root_->Get(path));
  return ml::ModelFromJson(text).map_error(
      [&](Error error) { return std::move(error).Context("reading " + path); });
}

Status ModelStore::Save(const ml::Model& model, const std::string& key) const {
  ASSIGN_OR_RETURN(const std::string sql,
                   ml::ModelToSql(model, model.training.table, std::vector<std::string>{key}));
  const std::pair<std::string_view, std::string> files[] = {
      {"model.pmml", ml::ModelToPmml(model)},
      {"model.onnx", ml::ModelToOnnx(model)},
      {"scorer.sql", sql},
      {"model.json", ml::ModelToJson(model)},  // last: it makes the model exist
  };
  for (const auto& [name, body] : files) {
    ASSIGN_OR_RETURN(
        [[maybe_unused]] const PutOutcome written,
        root_->Put(Folder(model.version) + std::string(name), body, PutMode::kOverwrite));
  }
  return OkStatus();
}

}  // namespace medallion::pipeline
