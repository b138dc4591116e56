#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/source_text.h"
#include "pipeline/project.h"

// The two settings files as values, before anything else on disk is looked at. Pure.

namespace medallion::pipeline {

// One entry of `libraries`.
struct LibraryGlob {
  std::string include;  // a file's path, or a folder's with `/**`
  Place place;
};

// `spark-pipeline.yml`, Spark 4.1 "Declarative Pipelines Programming Guide", "Pipeline Projects".
struct ProjectSpec {
  std::string name;
  std::string storage;
  Place storage_place;
  std::vector<LibraryGlob> libraries;
  std::optional<std::string> catalog;
  std::optional<std::string> schema;  // `database`, or its alias `schema`
  std::map<std::string, Parameter> configuration;
};

// Appends what is wrong to `findings` and what is merely odd to `warnings`.
ProjectSpec ReadProjectSpec(const SourceTextPtr& source, std::vector<Diagnostic>& findings,
                            std::vector<Diagnostic>& warnings);

// `medallion.yml`.
Settings ReadSettings(const SourceTextPtr& source, std::vector<Diagnostic>& findings);

}  // namespace medallion::pipeline
