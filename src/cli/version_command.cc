#include <ostream>

#include <nlohmann/json.hpp>

#include "build_info.h"
#include "commands.h"

namespace medallion::cli {

Result<ExitCode> Execute(const VersionCommand& command, Runtime& runtime) {
  const BuildInfo& build = GetBuildInfo();
  std::ostream& out = runtime.console.out;
  if (command.json) {
    out << nlohmann::ordered_json{{"version", build.version},
                                  {"revision", build.revision},
                                  {"build_type", build.build_type},
                                  {"compiler", build.compiler}}
               .dump()
        << "\n";
    return ExitCode::kOk;
  }
  out << fmt::format("medallion {}\n", build.version);
  if (command.verbose) {
    out << fmt::format("revision  {}\nbuild     {}\ncompiler  {}\n", build.revision, build.build_type, build.compiler);
  }
  return ExitCode::kOk;
}

}  // namespace medallion::cli
