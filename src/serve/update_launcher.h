#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "json.h"

namespace medallion::serve {

// How this server starts updates: always as a process of its own (`medallion run`), which goes on
// when the server ends.
struct LaunchSettings {
  std::string program;  // absolute path of medallion
  // The project's folder or file; absent: nothing can be started.
  std::optional<std::string> spec;
  std::string storage;
  std::map<std::string, std::string> parameters;  // `--set` of the server's own command line
  std::string state_folder;                       // of the storage; outputs go to its `serve/`
  std::string pipeline;                           // the project's name
};

struct LaunchRequest {
  std::vector<std::string> refresh;
  std::vector<std::string> full_refresh;
  bool full_refresh_all = false;
  std::map<std::string, std::string> parameters;
};

// A process that ended.
struct EndedLaunch {
  std::string update_id;
  int exit_code = 0;
  int64_t ended_micros = 0;
  // What it printed about itself, as `--json` prints findings.
  Json diagnostics = Json::array();

  // Whether there are errors among them: the update got no further than its plan.
  bool failed() const;
};

// Thread-safe.
class UpdateLauncher {
 public:
  UpdateLauncher(LaunchSettings settings, Random& random, Clock& clock)
      : settings_(std::move(settings)), random_(random), clock_(clock) {}

  bool CanStart() const { return settings_.spec.has_value(); }
  const LaunchSettings& settings() const { return settings_; }

  // Starts an update and returns its id. kPreconditionFailed if one of the pipeline is running;
  // kUnsupported without a project.
  Result<std::string> Start(const LaunchRequest& request);
  // Asks the process of a running update to stop, whoever started it (SIGINT). kNotFound if it does
  // not run on this machine.
  Status Stop(const std::string& update_id);
  // Those that ended since the last call.
  std::vector<EndedLaunch> TakeEnded();
  // Updates of earlier servers that did not begin, from what they printed.
  std::vector<EndedLaunch> FindFailedStarts() const;

 private:
  std::string OutputPath(const std::string& update_id) const;

  const LaunchSettings settings_;
  Random& random_;
  Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, pid_t> running_;  // guarded by mutex_; by update id
};

}  // namespace medallion::serve
