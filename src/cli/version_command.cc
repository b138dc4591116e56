#include <ostream>

#include <nlohmann/json.hpp>

#include "build_info.h"
#include "commands.h"
#include "engine_duckdb/duckdb_engine.h"

namespace medallion::cli {

Result<ExitCode> Execute(const VersionCommand& command, Runtime& runtime) {
  const BuildInfo& build = GetBuildInfo();
  std::ostream& out = runtime.console.out;
  if (command.json) {
    out << nlohmann::ordered_json{{"version", build.version},
                                  {"revision", build.revision},
                                  {"build_type", build.build_type},
                                  {"compiler", build.compiler},
                                  {"duckdb", DuckDbEngine::LibraryVersion()}}
               .dump()
        << "\n";
    return ExitCode::kOk;
  }
  out << fmt::format("medallion {}\n", build.version);
  if (command.verbose) {
    out << fmt::format("revision  {}\nbuild     {}\ncompiler  {}\nduckdb    {}\n", build.revision,
                       build.build_type, build.compiler, DuckDbEngine::LibraryVersion());
  }
  return ExitCode::kOk;
}

}  // namespace medallion::cli
