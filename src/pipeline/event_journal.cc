#include "event_journal.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include "base/text.h"
#include "pipeline/journal_files.h"

namespace medallion::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kClosingLine = "{\"closed\":true}";
constexpr std::string_view kExtension = ".jsonl";

Error JournalError(std::string_view what, const std::string& path) {
  return Error(ErrorCode::kIo,
               fmt::format("the update's journal cannot be {} ({}): {}", what,
                           std::error_code(errno, std::generic_category()).message(), path));
}

Status WriteAll(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return JournalError("written", path);
    }
    text.remove_prefix(written > 0 ? static_cast<size_t>(written) : 0);
  }
  return OkStatus();
}

// Events after which the journal is synced: changes of the update's state and finished batches.
bool IsMilestone(const EventDetails& details) {
  const auto* flow = std::get_if<FlowProgress>(&details);
  return std::holds_alternative<UpdateProgress>(details) || (flow != nullptr && flow->metrics);
}

// Whether the file ends with the closing line; reads only its end.
bool IsClosed(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  const auto length = static_cast<std::streamoff>(kClosingLine.size()) + 1;
  if (!in.seekg(-length, std::ios::end)) {
    return false;
  }
  std::string tail(static_cast<size_t>(length), '\0');
  in.read(tail.data(), length);
  return tail == fmt::format("{}\n", kClosingLine);
}

bool IsEvent(const std::string& line) {
  const auto event = nlohmann::json::parse(line, nullptr, false);
  return event.is_object() && event.contains("id") && event.contains("sequence");
}

std::vector<std::string> ReadEvents(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  std::vector<std::string> lines = Split(text, '\n');
  std::erase_if(lines, [](const std::string& line) { return !IsEvent(line); });
  return lines;
}

// Closed journals beyond the newest few. Failing to remove one does not matter.
void RemoveOldJournals(const std::string& folder) {
  std::vector<std::pair<fs::file_time_type, fs::path>> dated;
  std::error_code error;
  for (const JournalFile& journal : ListJournals(folder)) {
    dated.emplace_back(fs::last_write_time(journal.path, error), journal.path);
  }
  std::sort(dated.rbegin(), dated.rend());
  for (size_t i = EventJournal::kJournalsKept; i < dated.size(); ++i) {
    if (IsClosed(dated[i].second)) {
      fs::remove(dated[i].second, error);
    }
  }
}

}  // namespace

Result<std::unique_ptr<EventJournal>> EventJournal::Create(const std::string& folder,
                                                           const std::string& update_id) {
  std::error_code error;
  fs::create_directories(folder, error);
  const std::string path = fmt::format("{}/{}{}", folder, update_id, kExtension);
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) {
    return JournalError("made", path);
  }
  // Tells a running update from a dead one; nobody waits for it, so it cannot fail for long.
  flock(fd, LOCK_EX | LOCK_NB);
  return std::unique_ptr<EventJournal>(new EventJournal(fd, folder, path));
}

EventJournal::EventJournal(int fd, std::string folder, std::string path)
    : fd_(fd), folder_(std::move(folder)), path_(std::move(path)) {}

EventJournal::~EventJournal() { close(fd_); }

void EventJournal::OnEvent(const Event& event) {
  Status status = WriteAll(fd_, ToJson(event) + "\n", path_);
  if (status && IsMilestone(event.details)) {
    status = Sync();
  }
  if (!status && !failure_) {
    failure_ = std::move(status).error();
  }
}

Status EventJournal::Sync() {
  if (failure_) {
    return *failure_;
  }
  return fdatasync(fd_) == 0 ? OkStatus() : Status(JournalError("synced", path_));
}

Status EventJournal::Close() {
  RETURN_IF_ERROR(WriteAll(fd_, fmt::format("{}\n", kClosingLine), path_));
  RETURN_IF_ERROR(Sync());
  RemoveOldJournals(folder_);
  return OkStatus();
}

Result<std::vector<OpenJournal>> FindOpenJournals(const std::string& folder) {
  std::vector<OpenJournal> open_journals;
  for (const JournalFile& journal : ListJournals(folder)) {
    if (!IsClosed(journal.path) && !IsBeingWritten(journal.path)) {
      open_journals.push_back({journal.update_id, journal.path, ReadEvents(journal.path)});
    }
  }
  std::sort(open_journals.begin(), open_journals.end(),
            [](const OpenJournal& a, const OpenJournal& b) { return a.update_id < b.update_id; });
  return open_journals;
}

Status CloseJournal(const OpenJournal& journal) {
  const int fd = open(journal.path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd < 0) {
    return JournalError("opened", journal.path);
  }
  // The line break first: a crash may have cut the last line.
  auto status = WriteAll(fd, fmt::format("\n{}\n", kClosingLine), journal.path);
  if (status && fdatasync(fd) != 0) {
    status = JournalError("synced", journal.path);
  }
  close(fd);
  return status;
}

}  // namespace medallion::pipeline
