#include "workspace.h"

#include <filesystem>

#include "base/text.h"

namespace medallion::cli {
namespace {

// `scheme` of `scheme:/…`, empty for a path. One letter is a drive rather than a scheme.
std::string_view SchemeOf(std::string_view text) {
  const size_t colon = text.find(":/");
  if (colon == std::string_view::npos || colon < 2) {
    return {};
  }
  const bool valid = std::ranges::all_of(text.substr(0, colon), [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '+' || c == '.' || c == '-';
  });
  return valid ? text.substr(0, colon) : std::string_view();
}

// Refuses `dbfs:/x` and the like, which would otherwise be a folder of that name. `scheme://` is
// left to the store, which knows what it supports.
Status CheckScheme(std::string_view storage) {
  const std::string_view scheme = SchemeOf(storage);
  if (scheme.empty() || scheme == "file" || storage.find("://") != std::string_view::npos) {
    return OkStatus();
  }
  return Error(
      ErrorCode::kUnsupported,
      {Diagnostic::Unplaced(
          "UNSUPPORTED_STORAGE",
          fmt::format("storage '{}:/' is not supported, use a folder: '{}'", scheme, storage),
          {"give a folder or a file:// URI as `storage` of the project or with --storage"})});
}

std::string Absolute(const std::string& path_or_uri, const std::string& working_folder) {
  if (path_or_uri.find("://") != std::string::npos) {
    return path_or_uri;
  }
  return (std::filesystem::path(working_folder) / path_or_uri).lexically_normal().string();
}

// What `--storage` names, with the meaning that it has in a project file.
Result<std::string> StorageOf(const std::string& option, const std::string& working_folder) {
  constexpr std::string_view kFile = "file:";
  RETURN_IF_ERROR(CheckScheme(option));
  const bool short_uri = option.starts_with(kFile) && option.find("://") == std::string::npos;
  return Absolute(short_uri ? option.substr(kFile.size()) : option, working_folder);
}

// A project's storage is absolute already: `dbfs:/x` became a folder of the project's own.
Status CheckStorage(const pipeline::Project& project) {
  const std::string inside = project.folder + "/";
  return project.storage.starts_with(inside)
             ? CheckScheme(std::string_view(project.storage).substr(inside.size()))
             : OkStatus();
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
    ASSIGN_OR_RETURN(load.storage, StorageOf(*options.storage, working_folder));
  }
  ASSIGN_OR_RETURN(
      pipeline::Project project,
      pipeline::LoadProject(options.spec ? Absolute(*options.spec, working_folder) : working_folder,
                            load));
  if (!options.storage) {
    RETURN_IF_ERROR(CheckStorage(project));
  }
  return project;
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
    return Error(ErrorCode::kSpecification,
                 {Diagnostic::Unplaced(
                     "MISSING_STORAGE",
                     fmt::format("no project in {} or above it, and no --storage", working_folder),
                     {"give the tables with --storage, or the project with --spec"})});
  }
  ASSIGN_OR_RETURN(std::string storage, StorageOf(*options.storage, working_folder));
  return Workspace{std::nullopt, std::move(storage)};
}

}  // namespace medallion::cli
