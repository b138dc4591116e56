#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "pipeline/world.h"

namespace medallion::pipeline {

// An outside world made by a test.
class FakeWorld final : public World {
 public:
  // `schema` in DDL. The table's id is its name.
  void AddTable(const TableName& name, const std::string& schema, int64_t version = 0,
                std::vector<delta::Txn> transactions = {}) {
    delta::Snapshot::State state;
    state.version = version;
    state.metadata.id = name.ToString();
    state.metadata.schema = Schema::FromDdl(schema).value();
    for (delta::Txn& transaction : transactions) {
      state.transactions[transaction.app_id] = std::move(transaction);
    }
    names_.push_back(name);
    tables_[ToLower(name.ToString())] = std::make_shared<const delta::Snapshot>(std::move(state));
  }

  // A folder whose files all have these columns (DDL).
  void AddFolder(const std::string& path, std::vector<ingest::LandedFile> files,
                 const std::string& schema) {
    folders_[path] = {std::move(files), Schema::FromDdl(schema).value()};
  }

  void SetKnownFiles(KnownFiles known) { known_ = std::move(known); }

  Result<delta::SnapshotPtr> FindTable(const TableName& name) override {
    const auto found = tables_.find(ToLower(name.ToString()));
    return found == tables_.end() ? nullptr : found->second;
  }

  Result<std::vector<TableName>> ListTables() override { return names_; }

  Result<ingest::Listing> ListFiles(const std::string& path,
                                    const ingest::FileSourceOptions& /*options*/) override {
    const auto found = folders_.find(path);
    if (found == folders_.end()) {
      return Error(ErrorCode::kNotFound, "no such folder: " + path);
    }
    ingest::Listing listing;
    listing.files = found->second.files;
    return listing;
  }

  Result<Schema> InferSchema(const std::vector<ingest::LandedFile>& files,
                             const ingest::FileSourceOptions& options,
                             const std::optional<Schema>& known,
                             ingest::FileContents& /*contents*/) override {
    inferred_from_ = files.size();
    Schema schema = options.schema.value_or(known.value_or(Schema()));
    for (const auto& [path, folder] : folders_) {
      for (const ingest::LandedFile& file : files) {
        if (!options.schema && file.path.starts_with(path)) {
          Unite(folder.schema, options.schema_hints, schema);
        }
      }
    }
    if (!schema.IndexOf("_rescued_data")) {
      schema.Append({"_rescued_data", DataType::String()});
    }
    return schema;
  }

  Result<std::optional<KnownFiles>> FindKnownFiles(const TableName& target, const std::string& flow,
                                                   size_t source_index) override {
    asked_ = fmt::format("{} {} {}", target.ToString(), flow, source_index);
    return known_;
  }

  // How many headers the newest inference read.
  size_t inferred_from() const { return inferred_from_; }
  // The newest question to FindKnownFiles.
  const std::string& asked() const { return asked_; }

 private:
  struct Folder {
    std::vector<ingest::LandedFile> files;
    Schema schema;
  };

  static void Unite(const Schema& columns, const Schema& hints, Schema& schema) {
    for (const Field& field : columns.fields()) {
      const std::optional<size_t> hint = hints.IndexOf(field.name);
      if (!schema.IndexOf(field.name)) {
        schema.Append({field.name, hint ? hints[*hint].type : field.type});
      }
    }
  }

  std::map<std::string, delta::SnapshotPtr> tables_;
  std::vector<TableName> names_;
  std::map<std::string, Folder> folders_;
  std::optional<KnownFiles> known_;
  size_t inferred_from_ = 0;
  std::string asked_;
};

}  // namespace medallion::pipeline
