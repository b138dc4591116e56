#include <filesystem>
#include <fstream>
#include <ostream>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "build_info.h"
#include "commands.h"
#include "serve/serve.h"
#include "session.h"
#include "workspace.h"

namespace medallion::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t kTokenBytesMax = 1'000;

Error TokenFileError(std::string_view what, const std::string& path, std::string hint) {
  return Error(ErrorCode::kEnvironment,
               {Diagnostic::Unplaced("TOKEN_FILE", fmt::format("the token file {}: {}", what, path),
                                     {std::move(hint)})});
}

// Makes the file with 256 random bits that only its owner reads.
Result<std::string> MakeToken(const std::string& path, Runtime& runtime) {
  std::string token;
  for (int i = 0; i < 4; ++i) {
    token += fmt::format("{:016x}", Random(Random::SystemSeed()).Next());
  }
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const std::string line = token + "\n";
  const bool written =
      fd >= 0 && write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  if (fd >= 0) close(fd);
  if (!written) {
    return TokenFileError("cannot be written", path, "choose a folder that you may write to");
  }
  runtime.console.err << fmt::format("made an access token in {}\n", path);
  return token;
}

Result<std::string> ReadToken(const std::string& path, Runtime& runtime) {
  struct stat info{};
  if (stat(path.c_str(), &info) != 0) {
    return MakeToken(path, runtime);
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return TokenFileError("can be read by others", path, fmt::format("run: chmod 600 {}", path));
  }
  std::ifstream in(path);
  std::string text;
  std::getline(in, text);
  const std::string token(Trim(text));
  if (token.size() < 16 || token.size() > kTokenBytesMax) {
    return TokenFileError("holds no token", path,
                          "write at least 16 characters into it, or remove it for a random one");
  }
  return token;
}

// Says to other programs, such as ./run, where the storage is served; removed at the end.
class ServerNote {
 public:
  explicit ServerNote(const std::string& state_folder)
      : path_((fs::path(state_folder) / "serve" / "server.json").string()) {}
  ~ServerNote() {
    std::error_code ignored;
    if (written_) fs::remove(path_, ignored);
  }
  ServerNote(const ServerNote&) = delete;
  ServerNote& operator=(const ServerNote&) = delete;

  // A failure to write it does not matter.
  void Write(const std::string& url) {
    std::error_code ignored;
    fs::create_directories(fs::path(path_).parent_path(), ignored);
    std::ofstream out(path_);
    out << nlohmann::ordered_json{{"url", url}, {"process", getpid()}}.dump() << "\n";
    written_ = true;
  }

 private:
  std::string path_;
  bool written_ = false;
};

void Announce(const std::string& url, bool json, const Console& console) {
  if (json) {
    console.out << nlohmann::ordered_json{{"type", "serving"}, {"url", url}}.dump() << "\n"
                << std::flush;
    return;
  }
  console.out << fmt::format("The dashboard is at {} (Ctrl-C stops it)\n", url) << std::flush;
}

}  // namespace

Result<ExitCode> Execute(const ServeCommand& command, Runtime& runtime) {
  ASSIGN_OR_RETURN(const Workspace workspace,
                   FindWorkspace(command.project, runtime.working_folder));
  const pipeline::Settings* settings = workspace.project ? &workspace.project->settings : nullptr;
  // With a project its storage may be made, so that a first update can be started from the pages.
  ASSIGN_OR_RETURN(
      Session session,
      OpenSession(workspace.storage, workspace.project ? StorageUse::kUpdate : StorageUse::kRead,
                  EngineOptions(command.limits, settings), runtime.clock, runtime.random));
  serve::ServeOptions options;
  options.address = command.listen;
  options.port = static_cast<uint16_t>(command.port);
  options.allowed_hosts = command.allowed_hosts;
  options.currency = command.currency;
  options.product_version = std::string(GetBuildInfo().version);
  options.program = runtime.program_path;
  options.storage = workspace.storage;
  options.state_folder = session.state_folder;
  if (command.token_file) {
    ASSIGN_OR_RETURN(options.token, ReadToken(*command.token_file, runtime));
  }
  if (workspace.project) {
    options.spec = workspace.project->spec_path;
    for (const auto& [key, value] : command.project.parameters) {
      options.parameters[key] = value;
    }
    options.load_project = [project = command.project, folder = runtime.working_folder] {
      return LoadProjectOf(project, folder);
    };
  }
  ServerNote note(session.state_folder);
  RETURN_IF_ERROR(serve::Serve(options,
                               {.catalog = *session.catalog,
                                .engine = *session.engine,
                                .clock = runtime.clock,
                                .random = runtime.random,
                                .cancellation = runtime.cancellation},
                               [&](const std::string& url) {
                                 note.Write(url);
                                 Announce(url, command.json, runtime.console);
                               }));
  return ExitCode::kOk;
}

}  // namespace medallion::cli
