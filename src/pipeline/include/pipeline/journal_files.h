#pragma once

#include <string>
#include <string_view>
#include <vector>

// The journals of a state folder, `<state>/journal/<update id>.jsonl` (docs/formats/event_log.md),
// for those who follow updates.

namespace medallion::pipeline {

inline constexpr std::string_view kJournalFolder = "journal";
inline constexpr std::string_view kLockFolder = "locks";

struct JournalFile {
  std::string update_id;
  std::string path;
};

// In no order. An absent folder has none.
std::vector<JournalFile> ListJournals(const std::string& folder);

// Whether the update that writes the journal still runs: it holds a lock on the file.
bool IsBeingWritten(const std::string& path);

}  // namespace medallion::pipeline
