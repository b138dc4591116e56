#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "engine_duckdb/duckdb_engine.h"
#include "options.h"
#include "pipeline/project.h"

namespace medallion::cli {

// The adapters wired together: the embedded engine and the tables of one storage. `clock` and
// `random` outlive it.
struct Session {
  std::unique_ptr<DuckDbEngine> engine;  // the catalogue's tables use it for checkpoint files
  std::unique_ptr<Catalog> catalog;
  // The folder of this machine for locks and journals.
  std::string state_folder;
};

// Limits of the command line, then of the project's settings, then the engine's own.
DuckDbOptions EngineOptions(const EngineLimits& limits, const pipeline::Settings* settings);

enum class StorageUse {
  kUpdate,  // made if it is missing
  kRead,    // nothing is written; kNotFound if a local storage does not exist
  kPlan,    // nothing is written; a storage that does not exist is an empty one
};

// Opens the storage and refuses a layout of a newer program.
Result<Session> OpenSession(const std::string& storage, StorageUse use,
                            const DuckDbOptions& options, Clock& clock, Random& random);

}  // namespace medallion::cli
