#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace medallion::delta {

// Names in the log folder. Delta protocol, "Delta Log Entries" and "Checkpoints":
//
//   00000000000000000042.json                                        commit
//   00000000000000000042.checkpoint.parquet                          classic checkpoint
//   00000000000000000042.checkpoint.0000000001.0000000003.parquet    part 1 of 3 of a checkpoint
//   00000000000000000042.checkpoint.<uuid>.parquet or .json          V2 checkpoint
inline constexpr std::string_view kLogFolder = "_delta_log/";
inline constexpr std::string_view kLastCheckpointPath = "_delta_log/_last_checkpoint";

std::string CommitPath(int64_t version);
std::string CheckpointPath(int64_t version);
// Sorts before every file of `version` and after every file of the version before.
std::string VersionPrefix(int64_t version);

struct LogFile {
  enum class Kind { kCommit, kCheckpoint, kCheckpointPart, kUuidCheckpoint };
  Kind kind = Kind::kCommit;
  int64_t version = 0;
  int32_t part = 1;   // of a checkpoint part, from 1
  int32_t parts = 1;  // of a checkpoint part
};

// What the object at `path` is. Nothing for everything else in the folder: checksums, compacted
// commits, sidecars, the hint, temporaries, foreign files.
std::optional<LogFile> ParseLogPath(std::string_view path);

}  // namespace medallion::delta
