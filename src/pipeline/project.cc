#include "pipeline/project.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "finding_order.h"
#include "library_files.h"
#include "project_spec.h"

namespace medallion::pipeline {
namespace {

namespace fs = std::filesystem;

Error SpecError(std::string_view condition, std::string message, std::vector<std::string> hints) {
  return Error(ErrorCode::kSpecification,
               {Diagnostic::Unplaced(condition, std::move(message), std::move(hints))})
      .WithCondition(std::string(condition));
}

// The spec file of one folder, if it holds one.
Result<std::optional<fs::path>> SpecIn(const fs::path& folder) {
  std::error_code ignored;
  const bool yml = fs::is_regular_file(folder / "spark-pipeline.yml", ignored);
  const bool yaml = fs::is_regular_file(folder / "spark-pipeline.yaml", ignored);
  if (yml && yaml) {
    return SpecError(
        "MULTIPLE_PIPELINE_SPEC_FILES_FOUND",
        fmt::format("both spark-pipeline.yml and spark-pipeline.yaml are in {}", folder.string()),
        {"remove one, or name the right one: --spec FILE"});
  }
  if (yml || yaml) {
    return std::optional<fs::path>(folder / (yml ? "spark-pipeline.yml" : "spark-pipeline.yaml"));
  }
  return std::optional<fs::path>();
}

Result<fs::path> FindSpec(const std::string& start) {
  std::error_code problem;
  const fs::path absolute = fs::absolute(start.empty() ? "." : start, problem).lexically_normal();
  if (fs::is_regular_file(absolute, problem)) {
    return absolute;
  }
  if (!fs::is_directory(absolute, problem)) {
    return SpecError("PIPELINE_SPEC_FILE_NOT_FOUND",
                     fmt::format("no such file or folder: {}", start), {});
  }
  for (fs::path folder = absolute;; folder = folder.parent_path()) {
    ASSIGN_OR_RETURN(std::optional<fs::path> spec, SpecIn(folder));
    if (spec) {
      return *std::move(spec);
    }
    if (folder == folder.parent_path()) {
      break;
    }
  }
  return SpecError(
      "PIPELINE_SPEC_FILE_NOT_FOUND",
      fmt::format("no spark-pipeline.yml in {} or any folder above it", absolute.string()),
      {"go to the project's folder, name it with --spec DIR, or start one: medallion init --name "
       "NAME"});
}

// A storage root as the store understands it; appends to `findings` what cannot be one.
std::string ResolveStorage(const std::string& text, const fs::path& folder, const Place& place,
                           std::vector<Diagnostic>& findings) {
  if (text.starts_with("s3://")) {
    return text;
  }
  std::string path = text;
  if (path.starts_with("file:")) {
    path.erase(0, path.starts_with("file://") ? 7 : 5);
  }
  if (path.starts_with("~") || path.find("://") != std::string::npos || path.empty()) {
    findings.push_back(Diagnostic::At(place.source, place.span, "PIPELINE_STORAGE_ROOT_INVALID",
                                      fmt::format("not a storage root: {}", text), "",
                                      {"give a folder, a file:// URI or s3://bucket/prefix"}));
    return text;
  }
  std::string resolved = (folder / path).lexically_normal().string();
  while (resolved.size() > 1 && resolved.ends_with('/')) {
    resolved.pop_back();
  }
  return resolved;
}

bool IsConfName(std::string_view key) {
  return key.starts_with("spark.") || key.starts_with("pipelines.");
}

void ApplyOverrides(const LoadOptions& options, Project& project,
                    std::vector<Diagnostic>& findings) {
  std::vector<std::string> declared;
  for (const auto& [key, parameter] : project.configuration) {
    declared.push_back(key);
  }
  for (const auto& [key, value] : options.overrides) {
    if (!project.configuration.contains(key) && !IsConfName(key)) {
      Diagnostic finding = Diagnostic::Unplaced(
          "UNKNOWN_PARAMETER",
          fmt::format("--set names a parameter that the project does not declare: {}", key), {});
      const std::optional<std::string> nearest = NearestName(key, declared);
      finding.hints = {
          nearest ? fmt::format("did you mean `{}`?", *nearest)
                  : "declare it under `configuration` of the project file, with its default"};
      findings.push_back(std::move(finding));
      continue;
    }
    project.configuration[key] = {value, {}};
  }
}

void LoadSettings(const fs::path& folder, Project& project, std::vector<Diagnostic>& findings) {
  std::error_code ignored;
  if (!fs::exists(folder / "medallion.yml", ignored)) {
    return;
  }
  const Result<SourceTextPtr> text = ReadText((folder / "medallion.yml").string(), "medallion.yml");
  if (text) {
    project.settings = ReadSettings(*text, findings);
    return;
  }
  Diagnostic finding;
  finding.message = text.error().message();
  findings.push_back(std::move(finding));
}

}  // namespace

std::optional<std::string> Project::Configuration(std::string_view key) const {
  const auto found = configuration.find(std::string(key));
  return found == configuration.end() ? std::nullopt : std::optional(found->second.value);
}

std::string Project::SessionTimeZone() const {
  return Configuration("spark.sql.session.timeZone").value_or("UTC");
}

Result<Project> LoadProject(const std::string& spec_path_or_folder, const LoadOptions& options) {
  ASSIGN_OR_RETURN(const fs::path spec_path, FindSpec(spec_path_or_folder));
  ASSIGN_OR_RETURN(const SourceTextPtr text,
                   ReadText(spec_path.string(), spec_path.filename().string()));
  const fs::path folder = spec_path.parent_path();
  std::vector<Diagnostic> findings;
  Project project;
  ProjectSpec spec = ReadProjectSpec(text, findings, project.warnings);
  project.name = spec.name;
  project.folder = folder.string();
  project.spec_path = spec_path.string();
  project.catalog = spec.catalog.value_or(project.catalog);
  project.schema = spec.schema.value_or(project.schema);
  project.configuration = std::move(spec.configuration);
  if (options.storage || !spec.storage.empty()) {
    project.storage = ResolveStorage(options.storage.value_or(spec.storage),
                                     options.storage ? fs::current_path() : folder,
                                     options.storage ? Place{} : spec.storage_place, findings);
  }
  ApplyOverrides(options, project, findings);
  LoadSettings(folder, project, findings);
  project.files = ReadLibraryFiles(project.folder, spec.libraries, findings);
  if (!findings.empty()) {
    SortByPlace(findings);
    return Error(ErrorCode::kSpecification, std::move(findings));
  }
  return project;
}

}  // namespace medallion::pipeline
