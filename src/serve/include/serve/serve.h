#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "pipeline/project.h"

// The dashboard's server: pages, HTTP API (openapi.yaml) and live events of one storage.

namespace medallion::serve {

struct ServeOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 0;  // 0: any free one
  // Host names besides the loopback ones that the server goes by.
  std::vector<std::string> allowed_hosts;
  // Whoever shows it may use the server; required unless `address` is a loopback one.
  std::optional<std::string> token;
  std::string currency = "£";
  std::string product_version;
  std::string program;       // absolute path of medallion, to start updates
  std::string storage;       // as `medallion run --storage` takes it
  std::string state_folder;  // the storage's, for journals and locks
  // The project to show and to run; absent: the storage alone is served, updates are not started.
  std::optional<std::string> spec;
  std::map<std::string, std::string> parameters;  // `--set`, for updates started here
  // Loads the project; empty without `spec`.
  std::function<Result<pipeline::Project>()> load_project;
};

struct ServeEnvironment {
  const Catalog& catalog;
  Engine& engine;
  Clock& clock;
  Random& random;
  CancellationToken& cancellation;
};

// Serves until `cancellation` is set. `on_ready` is called with the address of the pages once
// requests are answered. kInvalidArgument: an address beyond loopback without a token;
// kEnvironment: a port that is taken.
Status Serve(const ServeOptions& options, const ServeEnvironment& environment,
             const std::function<void(const std::string& url)>& on_ready);

}  // namespace medallion::serve
