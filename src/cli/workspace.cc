#include "workspace.h"

#include <filesystem>

namespace medallion::cli {
namespace {

std::string Absolute(const std::string& path_or_uri, const std::string& working_folder) {
  if (path_or_uri.find("://") != std::string::npos) {
    return path_or_uri;
  }
  return (std::filesystem::path(working_folder) / path_or_uri).lexically_normal().string();
}

bool IsMissingSpec(const Error& error) {
  return error.condition() == "PIPELINE_SPEC_FILE_NOT_FOUND";
}

}  // namespace

Result<pipeline::Project> LoadProjectOf(const ProjectOptions& options,
                                        const std::string& working_folder) {
  pipeline::LoadOptions load;
  load.overrides = options.parameters;
  if (options.storage) {
    load.storage = Absolute(*options.storage, working_folder);
  }
  return pipeline::LoadProject(
      options.spec ? Absolute(*options.spec, working_folder) : working_folder, load);
}

Result<Workspace> FindWorkspace(const ProjectOptions& options, const std::string& working_folder) {
  Result<pipeline::Project> project = LoadProjectOf(options, working_folder);
  if (project) {
    std::string storage = project->storage;
    return Workspace{*std::move(project), std::move(storage)};
  }
  if (options.spec || !IsMissingSpec(project.error())) {
    return project.error();
  }
  if (!options.storage) {
    Diagnostic finding;
    finding.condition = "MISSING_STORAGE";
    finding.message = fmt::format("no project in {} or above it, and no --storage", working_folder);
    finding.hints = {"give the tables with --storage, or the project with --spec"};
    return Error(ErrorCode::kSpecification, {std::move(finding)});
  }
  return Workspace{std::nullopt, Absolute(*options.storage, working_folder)};
}

}  // namespace medallion::cli
