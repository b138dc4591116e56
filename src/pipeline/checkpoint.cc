#include "pipeline/checkpoint.h"

#include <charconv>

#include <fmt/format.h>

#include "base/check.h"
#include "base/text.h"
#include "checkpoint_format.h"
#include "storage/prefix_store.h"

namespace medallion::pipeline {
namespace {

constexpr std::string_view kMetadata = "metadata";

std::string IntentPath(int64_t batch_id) { return fmt::format("offsets/{}", batch_id); }
std::string CommitPath(int64_t batch_id) { return fmt::format("commits/{}", batch_id); }
std::string SchemaPath(size_t source) { return fmt::format("schemas/{}", source); }
std::string RejectedPath(size_t source) { return fmt::format("rejected/{}", source); }

std::optional<int64_t> ParseNumber(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) {
    return std::nullopt;
  }
  return number;
}

// A flow's name as a folder: lower case, other bytes than letters, digits, `_`, `-` and inner dots
// as %XX.
std::string FolderName(std::string_view flow) {
  std::string folder;
  for (const char c : ToLower(flow)) {
    const bool plain = (c >= 'a' && c <= 'z') || IsDigit(c) || c == '_' || c == '-' ||
                       (c == '.' && !folder.empty());
    folder += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return folder;
}

// What one listing of a flow's folder shows of a generation.
struct GenerationListing {
  bool has_metadata = false;
  std::set<int64_t> intents;
  std::set<int64_t> commits;
  std::vector<std::string> paths;  // relative to the storage root
};

void Note(std::string_view inside, GenerationListing& generation) {
  if (inside == kMetadata) {
    generation.has_metadata = true;
  } else if (inside.starts_with("offsets/")) {
    if (const auto id = ParseNumber(inside.substr(8))) {
      generation.intents.insert(*id);
    }
  } else if (inside.starts_with("commits/")) {
    if (const auto id = ParseNumber(inside.substr(8))) {
      generation.commits.insert(*id);
    }
  }
}

Result<std::map<int64_t, GenerationListing>> ListGenerations(ObjectStore& root,
                                                             const std::string& flow_path) {
  std::map<int64_t, GenerationListing> generations;
  RETURN_IF_ERROR(root.List(flow_path, "", [&](const ObjectMeta& object) {
    const std::string_view inside = std::string_view(object.path).substr(flow_path.size());
    const size_t slash = inside.find('/');
    const auto number = ParseNumber(inside.substr(0, slash));
    if (slash != std::string_view::npos && number) {
      GenerationListing& generation = generations[*number];
      Note(inside.substr(slash + 1), generation);
      generation.paths.push_back(object.path);
    }
    return true;
  }));
  return generations;
}

Error Incomplete(std::string_view what, std::string_view path) {
  return Error(
      ErrorCode::kCorruption,
      fmt::format(
          "checkpoint is incomplete, {}: {}; restore it from a backup, or rebuild the table with "
          "--full-refresh",
          what, path));
}

Result<std::optional<std::string>> GetIfPresent(ObjectStore& store, const std::string& path) {
  auto text = store.Get(path);
  if (text) {
    return std::optional<std::string>(*std::move(text));
  }
  if (text.error().code() == ErrorCode::kNotFound) {
    return std::optional<std::string>();
  }
  return std::move(text).error();
}

}  // namespace

std::string Checkpoint::FlowPath(const TableName& target, std::string_view flow) {
  constexpr std::string_view kTables = "tables/";
  const std::string table_path = Catalog::TablePath(target);
  CHECK(table_path.starts_with(kTables));
  return fmt::format("_checkpoints/{}{}/", table_path.substr(kTables.size()), FolderName(flow));
}

Checkpoint::Checkpoint(std::shared_ptr<ObjectStore> store, std::string path, int64_t generation,
                       std::string app_id)
    : store_(std::move(store)),
      path_(std::move(path)),
      generation_(generation),
      app_id_(std::move(app_id)) {}

Result<std::optional<Checkpoint>> Checkpoint::Open(const std::shared_ptr<ObjectStore>& root,
                                                   const TableName& target, std::string_view flow) {
  const std::string flow_path = FlowPath(target, flow);
  ASSIGN_OR_RETURN(const auto generations, ListGenerations(*root, flow_path));
  if (generations.empty()) {
    return std::optional<Checkpoint>();
  }
  const auto& [number, listing] = *generations.rbegin();
  const std::string path = fmt::format("{}{}", flow_path, number);
  if (!listing.has_metadata) {
    return Incomplete("its `metadata` is missing", path);
  }
  auto store = MakePrefixStore(root, path);
  ASSIGN_OR_RETURN(const std::string text, store->Get(kMetadata));
  ASSIGN_OR_RETURN(std::string app_id, ParseCheckpointMetadata(text, path + "/metadata"));
  Checkpoint checkpoint(std::move(store), path, number, std::move(app_id));
  checkpoint.intents_ = listing.intents;
  checkpoint.commits_ = listing.commits;
  RETURN_IF_ERROR(checkpoint.LoadNewestIntent());
  return std::optional<Checkpoint>(std::move(checkpoint));
}

Result<std::optional<int64_t>> Checkpoint::NewestGeneration(
    const std::shared_ptr<ObjectStore>& root, const TableName& target, std::string_view flow) {
  ASSIGN_OR_RETURN(const auto generations, ListGenerations(*root, FlowPath(target, flow)));
  return generations.empty() ? std::nullopt : std::optional<int64_t>(generations.rbegin()->first);
}

Result<Checkpoint> Checkpoint::Create(const std::shared_ptr<ObjectStore>& root,
                                      const TableName& target, std::string_view flow,
                                      int64_t generation, Random& random) {
  const std::string flow_path = FlowPath(target, flow);
  const std::string path = fmt::format("{}{}", flow_path, generation);
  auto store = MakePrefixStore(root, path);
  std::string app_id = random.Uuid();
  ASSIGN_OR_RETURN(const PutOutcome outcome,
                   store->Put(kMetadata, FormatCheckpointMetadata(app_id), PutMode::kCreate));
  if (outcome == PutOutcome::kAlreadyExists) {
    return Error(ErrorCode::kPreconditionFailed,
                 fmt::format("another update started this generation of the checkpoint: {}", path));
  }
  ASSIGN_OR_RETURN(const auto generations, ListGenerations(*root, flow_path));
  for (const auto& [number, listing] : generations) {
    for (const std::string& old : listing.paths) {
      if (number + 1 < generation) {
        RETURN_IF_ERROR(root->Delete(old));
      }
    }
  }
  return Checkpoint(std::move(store), path, generation, std::move(app_id));
}

Status Checkpoint::LoadNewestIntent() {
  if (!commits_.empty() && (intents_.empty() || *intents_.rbegin() < *commits_.rbegin())) {
    return Incomplete(fmt::format("offsets/{} is missing", *commits_.rbegin()), path_);
  }
  if (intents_.empty()) {
    return OkStatus();
  }
  const std::string name = IntentPath(*intents_.rbegin());
  ASSIGN_OR_RETURN(const std::string text, store_->Get(name));
  ASSIGN_OR_RETURN(last_intent_, ParseIntent(text, path_ + "/" + name));
  if (last_intent_->batch_id != *intents_.rbegin()) {
    return Incomplete(fmt::format("{} belongs to batch {}", name, last_intent_->batch_id), path_);
  }
  return OkStatus();
}

Result<std::optional<BatchIntent>> Checkpoint::PreviousIntent() const {
  if (!last_intent_ || last_intent_->batch_id == 0) {
    return std::optional<BatchIntent>();
  }
  const std::string name = IntentPath(last_intent_->batch_id - 1);
  ASSIGN_OR_RETURN(const auto text, GetIfPresent(*store_, name));
  if (!text) {
    return Incomplete(name + " is missing", path_);
  }
  ASSIGN_OR_RETURN(BatchIntent intent, ParseIntent(*text, path_ + "/" + name));
  return std::optional<BatchIntent>(std::move(intent));
}

bool Checkpoint::HasPendingBatch() const {
  return last_intent_ && !commits_.contains(last_intent_->batch_id);
}

std::optional<int64_t> Checkpoint::last_committed() const {
  return commits_.empty() ? std::nullopt : std::optional<int64_t>(*commits_.rbegin());
}

int64_t Checkpoint::NextBatchId() const { return last_intent_ ? last_intent_->batch_id + 1 : 0; }

Status Checkpoint::WriteIntent(const BatchIntent& intent) {
  CHECK(!HasPendingBatch());
  CHECK_EQ(intent.batch_id, NextBatchId());
  ASSIGN_OR_RETURN(const PutOutcome outcome, store_->Put(IntentPath(intent.batch_id),
                                                         FormatIntent(intent), PutMode::kCreate));
  if (outcome == PutOutcome::kAlreadyExists) {
    return Error(
        ErrorCode::kPreconditionFailed,
        fmt::format("another update began batch {} of this flow: {}", intent.batch_id, path_));
  }
  intents_.insert(intent.batch_id);
  last_intent_ = intent;
  return OkStatus();
}

Status Checkpoint::WriteCommit(int64_t table_version) {
  CHECK(HasPendingBatch());
  const int64_t batch_id = last_intent_->batch_id;
  // Existing is as good as written: only this batch can have made it.
  ASSIGN_OR_RETURN(
      [[maybe_unused]] const PutOutcome outcome,
      store_->Put(CommitPath(batch_id), FormatCommit(table_version), PutMode::kCreate));
  commits_.insert(batch_id);
  return batch_id > 0 && batch_id % kCompactionInterval == 0 ? Compact() : OkStatus();
}

Status Checkpoint::Compact() {
  const int64_t oldest = last_intent_->batch_id - kCompactionInterval + 1;
  const auto drop = [&](std::set<int64_t>& ids, std::string (*path)(int64_t)) -> Status {
    while (!ids.empty() && *ids.begin() < oldest) {
      RETURN_IF_ERROR(store_->Delete(path(*ids.begin())));
      ids.erase(ids.begin());
    }
    return OkStatus();
  };
  RETURN_IF_ERROR(drop(commits_, CommitPath));
  return drop(intents_, IntentPath);
}

std::shared_ptr<ObjectStore> Checkpoint::SourceStore(size_t source) const {
  return MakePrefixStore(store_, fmt::format("sources/{}", source));
}

Result<std::optional<Schema>> Checkpoint::ReadSchema(size_t source) const {
  ASSIGN_OR_RETURN(const auto text, GetIfPresent(*store_, SchemaPath(source)));
  if (!text) {
    return std::optional<Schema>();
  }
  ASSIGN_OR_RETURN(Schema schema, ParseSourceSchema(*text, path_ + "/" + SchemaPath(source)));
  return std::optional<Schema>(std::move(schema));
}

Status Checkpoint::WriteSchema(size_t source, const Schema& schema) {
  ASSIGN_OR_RETURN(
      [[maybe_unused]] const PutOutcome outcome,
      store_->Put(SchemaPath(source), FormatSourceSchema(schema), PutMode::kOverwrite));
  return OkStatus();
}

Result<std::vector<SetAsideFile>> Checkpoint::ReadRejected(size_t source) const {
  ASSIGN_OR_RETURN(const auto text, GetIfPresent(*store_, RejectedPath(source)));
  if (!text) {
    return std::vector<SetAsideFile>();
  }
  return ParseRejected(*text, path_ + "/" + RejectedPath(source));
}

Status Checkpoint::WriteRejected(size_t source, const std::vector<SetAsideFile>& files) {
  ASSIGN_OR_RETURN([[maybe_unused]] const PutOutcome outcome,
                   store_->Put(RejectedPath(source), FormatRejected(files), PutMode::kOverwrite));
  return OkStatus();
}

}  // namespace medallion::pipeline
