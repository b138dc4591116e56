#include "catalog/catalog.h"

#include <algorithm>

#include "base/text.h"
#include "folder_name.h"
#include "storage/prefix_store.h"
#include "storage_format.h"

namespace medallion {
namespace {

constexpr std::string_view kTables = "tables/";
constexpr std::string_view kQuarantine = "quarantine/";
constexpr std::string_view kModels = "models/";
constexpr std::string_view kSystem = "system/";
constexpr std::string_view kFormatPath = "system/format.json";

std::string FolderOf(const TableName& name) {
  return fmt::format("{}/{}/{}/", FolderOfName(name.catalog), FolderOfName(name.schema),
                     FolderOfName(name.table));
}

// The first object of `prefix` whose path sorts after `start_after`.
Result<std::optional<std::string>> FirstAfter(ObjectStore& store, std::string_view prefix,
                                              const std::string& start_after) {
  std::optional<std::string> first;
  RETURN_IF_ERROR(store.List(prefix, start_after, [&](const ObjectMeta& meta) {
    first = meta.path;
    return false;
  }));
  return first;
}

// `tables/c/s/t/…` → the three names; nothing for a path that is in no table's folder.
std::optional<TableName> TableOfPath(const std::string& path) {
  const std::vector<std::string> parts = Split(path, '/');
  if (parts.size() < 5) {
    return std::nullopt;
  }
  const std::optional<std::string> catalog = NameOfFolder(parts[1]);
  const std::optional<std::string> schema = NameOfFolder(parts[2]);
  const std::optional<std::string> table = NameOfFolder(parts[3]);
  if (!catalog || !schema || !table) {
    return std::nullopt;
  }
  return TableName{*catalog, *schema, *table};
}

// Sorts after every path in the table's folder and before its neighbours: `0` follows `/`.
std::string BeyondFolder(const std::string& path) {
  const std::vector<std::string> parts = Split(path, '/');
  return fmt::format("{}/{}/{}/{}0", parts[0], parts[1], parts[2], parts[3]);
}

}  // namespace

std::string TableName::ToString() const { return fmt::format("{}.{}.{}", catalog, schema, table); }

Catalog::Catalog(std::shared_ptr<ObjectStore> root, delta::TableEnvironment environment)
    : root_(std::move(root)), environment_(environment) {}

std::string Catalog::TablePath(const TableName& name) {
  return std::string(kTables) + FolderOf(name);
}

std::string Catalog::QuarantinePath(const TableName& name) {
  return std::string(kQuarantine) + FolderOf(name);
}

std::string Catalog::ModelPath(const TableName& name) {
  return std::string(kModels) + FolderOf(name);
}

delta::Table Catalog::Table(const TableName& name) const {
  return delta::Table(MakePrefixStore(root_, TablePath(name)), environment_);
}

delta::Table Catalog::Quarantine(const TableName& name) const {
  return delta::Table(MakePrefixStore(root_, QuarantinePath(name)), environment_);
}

delta::Table Catalog::System(std::string_view name) const {
  return delta::Table(MakePrefixStore(root_, std::string(kSystem) + FolderOfName(name) + "/"),
                      environment_);
}

// Asks for one object per table, however many files the tables have.
Result<std::vector<TableName>> Catalog::List() const {
  std::vector<TableName> names;
  std::string position;
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<std::string> path, FirstAfter(*root_, kTables, position));
    if (!path) {
      break;
    }
    const std::optional<TableName> name = TableOfPath(*path);
    position = name ? BeyondFolder(*path) : *path;
    if (name) {
      ASSIGN_OR_RETURN(const bool exists, Table(*name).Exists());
      if (exists) {
        names.push_back(*name);
      }
    }
  }
  std::sort(names.begin(), names.end(), [](const TableName& a, const TableName& b) {
    return std::tie(a.catalog, a.schema, a.table) < std::tie(b.catalog, b.schema, b.table);
  });
  return names;
}

Status Catalog::CheckFormat() {
  ASSIGN_OR_RETURN(const std::optional<ObjectMeta> meta, root_->Head(kFormatPath));
  if (!meta) {
    // A lost race or a lost answer is fine: what is there is read below.
    const Result<PutOutcome> outcome =
        root_->Put(kFormatPath, StorageFormatToJson(StorageFormat{}), PutMode::kCreate);
    if (!outcome && outcome.error().code() != ErrorCode::kCommitUnknown) {
      return outcome.error();
    }
  }
  ASSIGN_OR_RETURN(const std::string json, root_->Get(kFormatPath));
  Result<StorageFormat> format = StorageFormatFromJson(json);
  Status supported = format ? CheckSupported(*format, kStorageVersion) : Status(format.error());
  if (!supported) {
    return std::move(supported).error().Context(fmt::format("{}/{}", root_->uri(), kFormatPath));
  }
  return OkStatus();
}

}  // namespace medallion
