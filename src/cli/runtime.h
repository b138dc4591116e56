#pragma once

#include <iosfwd>
#include <string_view>

#include "base/cancellation.h"
#include "base/clock.h"
#include "base/random.h"
#include "terminal.h"

namespace medallion::cli {

// Results go to `out` (standard output), remarks, progress and errors to `err`.
struct Console {
  std::ostream& out;
  std::ostream& err;
  Terminal out_terminal;
  Terminal err_terminal;
};

// What `main` hands to a command: everything of the outside world that is not the storage.
struct Runtime {
  Console& console;
  Clock& clock;
  Random& random;
  CancellationToken& cancellation;
  EnvironmentLookup environment;
  std::string program_path;    // absolute, of this program
  std::string working_folder;  // absolute
};

}  // namespace medallion::cli
