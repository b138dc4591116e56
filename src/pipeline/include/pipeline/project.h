#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "base/source_text.h"

// A pipeline project on disk: `spark-pipeline.yml` exactly as Spark 4.1 defines it, the SQL files
// it names, and the optional `medallion.yml` beside it. docs/project-file.md describes both for
// users.

namespace medallion::pipeline {

// Where something was written. No source: nowhere in a file.
struct Place {
  SourceTextPtr source;
  Span span;
};

// What `medallion.yml` may set; every field has the value used when the file or the key is absent.
struct Settings {
  // Keep dropped rows, with their reasons, in a quarantine table.
  bool quarantine = true;
  // `expectations: null_is`: what a predicate that evaluates to NULL counts as.
  enum class NullOutcome { kViolation, kPass };
  NullOutcome expectations_null = NullOutcome::kViolation;
  // Limits of the embedded engine; nothing: chosen by the engine from the machine.
  std::optional<int64_t> memory_mb;
  std::optional<int64_t> threads;
};

// The value of one parameter, with the place where it was given; none for `--set`.
struct Parameter {
  std::string value;
  Place place;
};

struct Project {
  std::string name;
  std::string folder;     // absolute; relative paths of the project resolve against it
  std::string spec_path;  // absolute
  std::string storage;    // absolute path, or a URI such as s3://bucket/prefix
  std::string catalog = "spark_catalog";
  std::string schema = "default";
  // `configuration` of the project file with `--set` on top: values of `${name}` and `:name`, and
  // Spark confs such as `spark.sql.session.timeZone`.
  std::map<std::string, Parameter> configuration;
  Settings settings;
  // The SQL files in the order of `libraries`, within a folder by path.
  std::vector<SourceTextPtr> files;
  // Findings that do not prevent planning.
  std::vector<Diagnostic> warnings;

  std::optional<std::string> Configuration(std::string_view key) const;
  // `spark.sql.session.timeZone`, UTC by default.
  std::string SessionTimeZone() const;
};

struct LoadOptions {
  // `--set key=value`, the last of equal keys wins. A key that `configuration` does not declare is
  // an error with the nearest one, except for those that begin with `spark.` or `pipelines.`.
  std::vector<std::pair<std::string, std::string>> overrides;
  // `--storage`; replaces the file's.
  std::optional<std::string> storage;
};

// Loads from a spec file, or from the first folder at or above `spec_path_or_folder` that holds
// one. The error carries every finding of both YAML files; its conditions are Spark's
// (PIPELINE_SPEC_FILE_NOT_FOUND, MULTIPLE_PIPELINE_SPEC_FILES_FOUND,
// PIPELINE_SPEC_UNEXPECTED_FIELD, PIPELINE_SPEC_MISSING_REQUIRED_FIELD,
// PIPELINE_SPEC_INVALID_GLOB_PATTERN …).
Result<Project> LoadProject(const std::string& spec_path_or_folder,
                            const LoadOptions& options = {});

}  // namespace medallion::pipeline
