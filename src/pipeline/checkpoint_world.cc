#include "checkpoint_world.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "ingest/file_ledger.h"
#include "pipeline/checkpoint.h"

namespace medallion::pipeline {
namespace {

// `a.b.t`, `b.t` or `t` names the table a.b.t, ignoring letter case.
bool Names(std::string_view chosen, const TableName& table) {
  const std::string full = table.ToString();
  if (EqualsIgnoreCase(chosen, full)) {
    return true;
  }
  return full.size() > chosen.size() && full[full.size() - chosen.size() - 1] == '.' &&
         EqualsIgnoreCase(chosen, std::string_view(full).substr(full.size() - chosen.size()));
}

}  // namespace

CheckpointWorld::CheckpointWorld(const Catalog& catalog, SnapshotPool& snapshots,
                                 Selection selection)
    : CatalogWorld(catalog),
      catalog_(catalog),
      snapshots_(snapshots),
      selection_(std::move(selection)) {}

Result<delta::SnapshotPtr> CheckpointWorld::FindTable(const TableName& name) {
  return snapshots_.Get(name);
}

Result<Schema> CheckpointWorld::InferSchema(const std::vector<ingest::LandedFile>& files,
                                            const ingest::FileSourceOptions& options,
                                            const std::optional<Schema>& known,
                                            ingest::FileContents& contents) {
  auto inferred = CatalogWorld::InferSchema(files, options, known, contents);
  if (inferred || files.size() < 2) {
    return inferred;
  }
  std::vector<ingest::LandedFile> readable;
  for (const ingest::LandedFile& file : files) {
    if (CatalogWorld::InferSchema({file}, options, known, contents)) {
      readable.push_back(file);
    }
  }
  if (readable.empty()) {
    return inferred;
  }
  return CatalogWorld::InferSchema(readable, options, known, contents);
}

bool CheckpointWorld::IsRefreshedInFull(const TableName& target) const {
  return selection_.full_refresh_all ||
         std::any_of(selection_.full_refresh.begin(), selection_.full_refresh.end(),
                     [&](const std::string& chosen) { return Names(chosen, target); });
}

Result<std::optional<KnownFiles>> CheckpointWorld::FindKnownFiles(const TableName& target,
                                                                  const std::string& flow,
                                                                  size_t source_index) {
  if (IsRefreshedInFull(target)) {
    return std::optional<KnownFiles>();
  }
  ASSIGN_OR_RETURN(const auto checkpoint, Checkpoint::Open(catalog_.root(), target, flow));
  if (!checkpoint) {
    return std::optional<KnownFiles>();
  }
  ASSIGN_OR_RETURN(auto schema, checkpoint->ReadSchema(source_index));
  if (!schema) {
    return std::optional<KnownFiles>();
  }
  ASSIGN_OR_RETURN(const auto ledger,
                   ingest::FileLedger::Open(checkpoint->SourceStore(source_index)));
  ASSIGN_OR_RETURN(const auto rejected, checkpoint->ReadRejected(source_index));
  KnownFiles known{*std::move(schema), {}};
  for (const auto& [path, file] : ledger.files()) {
    known.taken[path] = file.version_tag;
  }
  for (const SetAsideFile& file : rejected) {
    known.taken[file.path] = file.version_tag;
  }
  return std::optional(std::move(known));
}

}  // namespace medallion::pipeline
