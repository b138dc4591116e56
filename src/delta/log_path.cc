#include "log_path.h"

#include <charconv>

#include <fmt/format.h>

#include "base/text.h"

namespace medallion::delta {
namespace {

constexpr size_t kVersionDigits = 20;
constexpr size_t kPartDigits = 10;
constexpr size_t kUuidLength = 36;

// Exactly `digits` decimal digits.
template <class Integer>
std::optional<Integer> ParseDigits(std::string_view text, size_t digits) {
  Integer value = 0;
  const char* end = text.data() + text.size();
  if (text.size() != digits || text.front() == '-') {
    return std::nullopt;
  }
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

// `parts` are those of the name after the version, split at dots.
std::optional<LogFile> ParseSuffix(int64_t version, const std::vector<std::string>& parts) {
  using Kind = LogFile::Kind;
  if (parts.size() == 1 && parts[0] == "json") {
    return LogFile{Kind::kCommit, version};
  }
  if (parts.empty() || parts[0] != "checkpoint") {
    return std::nullopt;
  }
  if (parts.size() == 2 && parts[1] == "parquet") {
    return LogFile{Kind::kCheckpoint, version};
  }
  if (parts.size() == 3 && parts[1].size() == kUuidLength &&
      (parts[2] == "parquet" || parts[2] == "json")) {
    return LogFile{Kind::kUuidCheckpoint, version};
  }
  if (parts.size() == 4 && parts[3] == "parquet") {
    const auto part = ParseDigits<int32_t>(parts[1], kPartDigits);
    const auto count = ParseDigits<int32_t>(parts[2], kPartDigits);
    if (part && count && *part >= 1 && *part <= *count) {
      return LogFile{Kind::kCheckpointPart, version, *part, *count};
    }
  }
  return std::nullopt;
}

}  // namespace

std::string VersionPrefix(int64_t version) { return fmt::format("{}{:020}", kLogFolder, version); }

std::string CommitPath(int64_t version) { return VersionPrefix(version) + ".json"; }

std::string CheckpointPath(int64_t version) {
  return VersionPrefix(version) + ".checkpoint.parquet";
}

std::optional<LogFile> ParseLogPath(std::string_view path) {
  if (!path.starts_with(kLogFolder)) {
    return std::nullopt;
  }
  const std::string_view name = path.substr(kLogFolder.size());
  const auto version = ParseDigits<int64_t>(name.substr(0, kVersionDigits), kVersionDigits);
  if (!version || name.size() <= kVersionDigits || name[kVersionDigits] != '.') {
    return std::nullopt;
  }
  return ParseSuffix(*version, Split(name.substr(kVersionDigits + 1), '.'));
}

}  // namespace medallion::delta
