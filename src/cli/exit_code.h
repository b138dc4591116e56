#pragma once

#include "base/error.h"
#include "pipeline/update.h"

namespace medallion::cli {

// What the program's exit status says. The table is part of `medallion --help`.
enum class ExitCode : int {
  kOk = 0,
  kFailed = 1,         // the run or the data failed
  kUsage = 2,          // the command line or the project is wrong
  kQualityGate = 3,    // a quality gate that the caller asked for was not met
  kEnvironment = 4,    // the machine lacks something: a library, disk space, a permission, the lock
  kInterrupted = 130,  // SIGINT
  kTerminated = 143,   // SIGTERM
};

ExitCode ExitCodeFor(const Error& error);
// kEnvironment if the machine failed one of the flows, whatever failed the others: the data may be
// as it should be.
ExitCode ExitCodeFor(const pipeline::UpdateResult& result);

// The table as `--help` prints it, with a heading and a final newline.
std::string ExitCodeTable();

}  // namespace medallion::cli
