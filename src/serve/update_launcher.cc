#include "update_launcher.h"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "pipeline/journal_files.h"
#include "pipeline/update_lock.h"

namespace medallion::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOutputFolder = "serve";
constexpr int kUpdateNiceness = 10;
// Failed starts that are remembered.
constexpr size_t kOutputsKept = 20;

std::vector<std::string> Arguments(const LaunchSettings& settings, const LaunchRequest& request,
                                   const std::string& update_id) {
  std::vector<std::string> arguments = {
      settings.program, "run",         "--json",  "--spec",  *settings.spec, "--storage",
      settings.storage, "--update-id", update_id, "--cause", "API_CALL"};
  const auto add = [&arguments](const std::string& flag, const std::string& value) {
    arguments.push_back(flag);
    arguments.push_back(value);
  };
  std::map<std::string, std::string> parameters = settings.parameters;
  for (const auto& [key, value] : request.parameters) {
    parameters[key] = value;
  }
  for (const auto& [key, value] : parameters) {
    add("--set", key + "=" + value);
  }
  if (!request.refresh.empty()) add("--refresh", Join(request.refresh, ","));
  if (!request.full_refresh.empty()) add("--full-refresh", Join(request.full_refresh, ","));
  if (request.full_refresh_all) arguments.emplace_back("--full-refresh-all");
  return arguments;
}

// Starts the process in a session of its own, so that a Ctrl-C meant for the server spares it.
Result<pid_t> Spawn(const std::vector<std::string>& arguments, const std::string& output) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  // An update that outlives the server must not hold its port and its visitors' connections.
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGINT);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
  pid_t process = 0;
  const int error = posix_spawn(&process, argv.front(), &files, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) {
    return Error(ErrorCode::kEnvironment,
                 fmt::format("the update's process cannot be started: {}",
                             std::error_code(error, std::generic_category()).message()));
  }
  return process;
}

Json ReadDiagnostics(const std::string& path) {
  Json diagnostics = Json::array();
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    Json object = Json::parse(line, nullptr, false);
    if (object.is_object() && object.value("type", "") == "diagnostic") {
      object.erase("type");
      diagnostics.push_back(std::move(object));
    }
  }
  return diagnostics;
}

int64_t WrittenMicros(const std::string& path) {
  struct stat info{};
  return stat(path.c_str(), &info) == 0 ? int64_t{info.st_mtim.tv_sec} * 1'000'000 : 0;
}

}  // namespace

bool EndedLaunch::failed() const {
  return std::ranges::any_of(diagnostics, [](const Json& diagnostic) {
    return diagnostic.value("severity", "") == "error";
  });
}

std::string UpdateLauncher::OutputPath(const std::string& update_id) const {
  return fmt::format("{}/{}/{}.jsonl", settings_.state_folder, kOutputFolder, update_id);
}

Result<std::string> UpdateLauncher::Start(const LaunchRequest& request) {
  if (!CanStart()) {
    return Error(ErrorCode::kUnsupported,
                 "the server knows no project; start it with `medallion serve --spec FOLDER`");
  }
  const std::lock_guard lock(mutex_);
  const std::string locks = fmt::format("{}/{}", settings_.state_folder, pipeline::kLockFolder);
  const auto holder = pipeline::FindUpdateHolder(locks, settings_.pipeline);
  const auto journal = holder ? fmt::format("{}/{}/{}.jsonl", settings_.state_folder,
                                            pipeline::kJournalFolder, holder->update_id)
                              : "";
  if (!running_.empty() || (holder && pipeline::IsBeingWritten(journal))) {
    return Error(ErrorCode::kPreconditionFailed,
                 holder ? fmt::format("update {} is running, process {} on {}", holder->update_id,
                                      holder->process, holder->host)
                        : "an update is starting")
        .WithCondition("UPDATE_ALREADY_RUNNING");
  }
  const std::string update_id = random_.Uuid();
  std::error_code error;
  fs::create_directories(fs::path(OutputPath(update_id)).parent_path(), error);
  ASSIGN_OR_RETURN(const pid_t process,
                   Spawn(Arguments(settings_, request, update_id), OutputPath(update_id)));
  // Whoever looks at pages comes first.
  setpriority(PRIO_PROCESS, static_cast<id_t>(process), kUpdateNiceness);
  running_[update_id] = process;
  return update_id;
}

Status UpdateLauncher::Stop(const std::string& update_id) {
  const std::lock_guard lock(mutex_);
  int64_t process = 0;
  if (const auto own = running_.find(update_id); own != running_.end()) {
    process = own->second;
  } else {
    const std::string locks = fmt::format("{}/{}", settings_.state_folder, pipeline::kLockFolder);
    const auto holder = pipeline::FindUpdateHolder(locks, settings_.pipeline);
    process = holder && holder->update_id == update_id ? holder->process : 0;
  }
  if (process <= 1 || kill(static_cast<pid_t>(process), SIGINT) != 0) {
    return Error(ErrorCode::kNotFound,
                 fmt::format("update {} does not run on this machine", update_id));
  }
  return OkStatus();
}

std::vector<EndedLaunch> UpdateLauncher::TakeEnded() {
  const std::lock_guard lock(mutex_);
  std::vector<EndedLaunch> ended;
  for (auto entry = running_.begin(); entry != running_.end();) {
    int status = 0;
    if (waitpid(entry->second, &status, WNOHANG) != entry->second) {
      ++entry;
      continue;
    }
    const std::string path = OutputPath(entry->first);
    ended.push_back({.update_id = entry->first,
                     .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                     .ended_micros = clock_.NowMicros(),
                     .diagnostics = ReadDiagnostics(path)});
    // The journal has the rest; only what kept an update from beginning is worth keeping.
    if (!ended.back().failed()) {
      std::error_code ignored;
      fs::remove(path, ignored);
    }
    entry = running_.erase(entry);
  }
  return ended;
}

std::vector<EndedLaunch> UpdateLauncher::FindFailedStarts() const {
  const std::string folder = fmt::format("{}/{}", settings_.state_folder, kOutputFolder);
  std::vector<std::pair<int64_t, pipeline::JournalFile>> outputs;
  std::error_code error;
  for (pipeline::JournalFile& output : pipeline::ListJournals(folder)) {
    const int64_t written = WrittenMicros(output.path);
    outputs.emplace_back(written, std::move(output));
  }
  std::ranges::sort(outputs, std::greater<>(), [](const auto& entry) { return entry.first; });
  std::vector<EndedLaunch> found;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const pipeline::JournalFile& output = outputs[i].second;
    if (i >= kOutputsKept) {
      fs::remove(output.path, error);
      continue;
    }
    EndedLaunch launch{output.update_id, 2, outputs[i].first, ReadDiagnostics(output.path)};
    if (launch.failed()) {
      found.push_back(std::move(launch));
    }
  }
  return found;
}

}  // namespace medallion::serve
