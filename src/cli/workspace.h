#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "options.h"
#include "pipeline/project.h"

namespace medallion::cli {

// The project, if there is one, and where its tables are.
struct Workspace {
  std::optional<pipeline::Project> project;
  std::string storage;  // absolute path or URI
};

// Loads the project from `--spec`, or from the working folder or the nearest one above it. Without
// a project `--storage` must be given: kSpecification otherwise.
Result<Workspace> FindWorkspace(const ProjectOptions& options, const std::string& working_folder);

// As FindWorkspace for commands that cannot do without the project.
Result<pipeline::Project> LoadProjectOf(const ProjectOptions& options,
                                        const std::string& working_folder);

}  // namespace medallion::cli
