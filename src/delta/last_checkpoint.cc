#include "last_checkpoint.h"

#include <simdjson.h>

#include "log_path.h"

namespace medallion::delta {

std::optional<LastCheckpoint> ReadLastCheckpoint(ObjectStore& store) {
  const Result<std::string> body = store.Get(kLastCheckpointPath);
  if (!body) {
    return std::nullopt;
  }
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  LastCheckpoint hint;
  if (parser.parse(*body).get(document) != simdjson::SUCCESS ||
      document["version"].get(hint.version) != simdjson::SUCCESS || hint.version < 0) {
    return std::nullopt;
  }
  if (document["size"].get(hint.action_count) != simdjson::SUCCESS) {
    hint.action_count = 0;
  }
  return hint;
}

Status WriteLastCheckpoint(ObjectStore& store, const LastCheckpoint& hint) {
  const std::optional<LastCheckpoint> known = ReadLastCheckpoint(store);
  if (known && known->version > hint.version) {
    // Another writer was faster, or the hint is wrong. Only a checkpoint that is there counts.
    ASSIGN_OR_RETURN(const auto newer, store.Head(CheckpointPath(known->version)));
    if (newer) {
      return OkStatus();
    }
  }
  std::string body = fmt::format(R"({{"version":{},"size":{})", hint.version, hint.action_count);
  if (hint.size_bytes) {
    body += fmt::format(R"(,"sizeInBytes":{})", *hint.size_bytes);
  }
  if (hint.add_count) {
    body += fmt::format(R"(,"numOfAddFiles":{})", *hint.add_count);
  }
  body += '}';
  RETURN_IF_ERROR(store.Put(kLastCheckpointPath, body, PutMode::kOverwrite));
  return OkStatus();
}

}  // namespace medallion::delta
