#include "ingest/file_ledger.h"

#include <charconv>
#include <set>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "rescued_data.h"

namespace medallion::ingest {
namespace {

constexpr int64_t kCompactionInterval = 10;
constexpr std::string_view kFormat = "v1";
constexpr std::string_view kCompactSuffix = ".compact";

// The name of one object of the ledger; nothing for other names.
struct ObjectName {
  int64_t batch_id = 0;
  bool compact = false;
};

std::optional<ObjectName> ParseName(std::string_view name) {
  ObjectName parsed;
  if (name.ends_with(kCompactSuffix)) {
    parsed.compact = true;
    name.remove_suffix(kCompactSuffix.size());
  }
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + name.size(), parsed.batch_id);
  if (error != std::errc() || end != name.data() + name.size() || parsed.batch_id < 0) {
    return std::nullopt;
  }
  return parsed;
}

bool IsCompaction(int64_t batch_id) { return (batch_id + 1) % kCompactionInterval == 0; }

std::string NameOf(int64_t batch_id) {
  return std::to_string(batch_id) + std::string(IsCompaction(batch_id) ? kCompactSuffix : "");
}

nlohmann::ordered_json FileToJson(const LandedFile& file) {
  return {{"path", PercentEncode(file.path)},
          {"size", file.size_bytes},
          {"modified", file.modified_micros},
          {"tag", file.version_tag}};
}

void AppendLine(const nlohmann::ordered_json& json, std::string& body) {
  body += json.dump();
  body.push_back('\n');
}

std::string BatchBody(const std::vector<LandedFile>& files) {
  std::string body = std::string(kFormat) + "\n";
  for (const LandedFile& file : files) {
    AppendLine(FileToJson(file), body);
  }
  return body;
}

Error Corrupt(const std::string& name, size_t line, std::string_view what) {
  return Error(ErrorCode::kCorruption,
               fmt::format("file ledger: object {}, line {}: {}", name, line, what));
}

struct Entry {
  int64_t batch_id = 0;
  LandedFile file;
};

std::optional<Entry> ParseEntry(const std::string& line, const ObjectName& object) {
  const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
  const auto is = [&](const char* key, bool (nlohmann::json::*kind)() const noexcept) {
    return json.contains(key) && (json.at(key).*kind)();
  };
  if (!json.is_object() || !is("path", &nlohmann::json::is_string) ||
      !is("size", &nlohmann::json::is_number_unsigned) ||
      !is("modified", &nlohmann::json::is_number_integer) ||
      !is("tag", &nlohmann::json::is_string) ||
      (object.compact && !is("batch", &nlohmann::json::is_number_unsigned))) {
    return std::nullopt;
  }
  return Entry{object.compact ? json.at("batch").get<int64_t>() : object.batch_id,
               {PercentDecode(json.at("path").get<std::string>()), json.at("size").get<uint64_t>(),
                json.at("modified").get<int64_t>(), json.at("tag").get<std::string>()}};
}

Result<std::vector<Entry>> ParseObject(const std::string& name, const ObjectName& object,
                                       const std::string& body) {
  std::vector<std::string> lines = Split(body, '\n');
  if (lines.size() < 2 || !lines.back().empty()) {
    return Corrupt(name, lines.size(), "does not end with a line end (cut off?)");
  }
  if (lines.front() != kFormat) {
    const bool newer = lines.front().starts_with('v');
    return newer ? Error(ErrorCode::kUnsupported,
                         fmt::format(
                             "file ledger: object {} has format {}, this program reads {}: use "
                             "a newer program",
                             name, lines.front(), kFormat))
                 : Corrupt(name, 1, "is no format version: " + lines.front());
  }
  std::vector<Entry> entries;
  for (size_t i = 1; i + 1 < lines.size(); ++i) {
    std::optional<Entry> entry = ParseEntry(lines[i], object);
    if (!entry) {
      return Corrupt(name, i + 1, "is no file entry: " + lines[i]);
    }
    entries.push_back(*std::move(entry));
  }
  return entries;
}

}  // namespace

FileLedger::FileLedger(std::shared_ptr<ObjectStore> store) : store_(std::move(store)) {}

Result<FileLedger> FileLedger::Open(std::shared_ptr<ObjectStore> store) {
  FileLedger ledger(std::move(store));
  std::set<int64_t> plain;
  std::optional<int64_t> compact;
  RETURN_IF_ERROR(ledger.store_->List("", "", [&](const ObjectMeta& meta) {
    if (const std::optional<ObjectName> name = ParseName(meta.path)) {
      if (name->compact) {
        compact = std::max(compact.value_or(-1), name->batch_id);
      } else {
        plain.insert(name->batch_id);
      }
    }
    return true;
  }));
  if (compact) {
    RETURN_IF_ERROR(ledger.Load(NameOf(*compact)));
    ledger.batches_[*compact];  // known even if it had no files
  }
  for (const int64_t batch_id : plain) {
    if (batch_id > compact.value_or(-1)) {
      RETURN_IF_ERROR(ledger.Load(std::to_string(batch_id)));
      ledger.batches_[batch_id];
    }
  }
  return ledger;
}

Status FileLedger::Load(const std::string& name) {
  ASSIGN_OR_RETURN(const std::string body, store_->Get(name));
  ASSIGN_OR_RETURN(const std::vector<Entry> entries, ParseObject(name, *ParseName(name), body));
  for (const Entry& entry : entries) {
    Remember(entry.batch_id, entry.file);
  }
  return OkStatus();
}

void FileLedger::Remember(int64_t batch_id, const LandedFile& file) {
  batches_[batch_id].push_back(file);
  files_[file.path] = file;
}

const LandedFile* FileLedger::Find(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

Result<std::optional<std::vector<LandedFile>>> FileLedger::Batch(int64_t batch_id) const {
  const auto found = batches_.find(batch_id);
  if (found == batches_.end()) {
    return std::optional<std::vector<LandedFile>>();
  }
  return std::optional<std::vector<LandedFile>>(found->second);
}

std::string FileLedger::CompactedThrough(int64_t batch_id,
                                         const std::vector<LandedFile>& files) const {
  std::string body = std::string(kFormat) + "\n";
  const auto append = [&body](int64_t batch, const LandedFile& file) {
    nlohmann::ordered_json json = {{"batch", batch}};
    json.update(FileToJson(file));
    AppendLine(json, body);
  };
  for (const auto& [batch, recorded] : batches_) {
    for (const LandedFile& file : recorded) {
      append(batch, file);
    }
  }
  for (const LandedFile& file : files) {
    append(batch_id, file);
  }
  return body;
}

// Makes the object exist with this body, whoever wrote it. A put whose answer was lost is settled
// by reading back, and tried once more if it never arrived.
Status FileLedger::PutOnce(int64_t batch_id, const std::string& name, const std::string& body) {
  Result<PutOutcome> outcome = store_->Put(name, body, PutMode::kCreate);
  for (bool again = true;; again = false) {
    if (outcome && *outcome == PutOutcome::kWritten) {
      return OkStatus();
    }
    if (!outcome && outcome.error().code() != ErrorCode::kCommitUnknown) {
      break;
    }
    const Result<std::string> stored = store_->Get(name);
    if (stored) {
      return *stored == body
                 ? OkStatus()
                 : Status(
                       Error(ErrorCode::kAlreadyExists,
                             fmt::format("file ledger: somebody else recorded batch {} with other "
                                         "files",
                                         batch_id)));
    }
    if (stored.error().code() != ErrorCode::kNotFound) {
      return stored.error();
    }
    if (!again) {
      break;
    }
    outcome = store_->Put(name, body, PutMode::kCreate);
  }
  Error error =
      outcome ? Error(ErrorCode::kIo, "object vanished: " + name) : std::move(outcome).error();
  return std::move(error).Context(fmt::format("recording the files of batch {}", batch_id));
}

Status FileLedger::Record(int64_t batch_id, const std::vector<LandedFile>& files) {
  if (const auto recorded = batches_.find(batch_id); recorded != batches_.end()) {
    if (recorded->second == files) {
      return OkStatus();
    }
    return Error(
        ErrorCode::kAlreadyExists,
        fmt::format("file ledger: batch {} is already recorded with other files", batch_id));
  }
  if (!batches_.empty() && batch_id < batches_.rbegin()->first) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("file ledger: batch {} would come before batch {}", batch_id,
                             batches_.rbegin()->first));
  }
  const std::string name = NameOf(batch_id);
  const std::string body =
      IsCompaction(batch_id) ? CompactedThrough(batch_id, files) : BatchBody(files);
  RETURN_IF_ERROR(PutOnce(batch_id, name, body));
  batches_[batch_id];
  for (const LandedFile& file : files) {
    Remember(batch_id, file);
  }
  if (IsCompaction(batch_id)) {
    DeleteBefore(batch_id);
  }
  return OkStatus();
}

// Removes what the compacted object of `batch_id` holds. Failures leave objects that are ignored.
void FileLedger::DeleteBefore(int64_t batch_id) {
  std::vector<std::string> old;
  const Status listed = store_->List("", "", [&](const ObjectMeta& meta) {
    const std::optional<ObjectName> name = ParseName(meta.path);
    if (name && name->batch_id < batch_id) {
      old.push_back(meta.path);
    }
    return true;
  });
  if (!listed) {
    return;
  }
  for (const std::string& name : old) {
    static_cast<void>(store_->Delete(name));
  }
}

}  // namespace medallion::ingest
