#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ingest/file_contents.h"
#include "pipeline/graph.h"
#include "pipeline/world.h"
#include "sql/analyzer.h"

namespace medallion::pipeline {

// What the project's `read_files` calls see: options checked, folders listed, columns learnt. Each
// distinct call is examined once. `world` outlives it.
class FileSources {
 public:
  FileSources(std::string project_folder, World& world)
      : folder_(std::move(project_folder)), world_(world) {}

  // `source` is the file that the option spans refer to. `known` may be null.
  Result<sql::FileDescription> Describe(const std::string& path,
                                        const std::vector<sql::FileOption>& options, bool streaming,
                                        std::shared_ptr<const KnownFiles> known,
                                        const SourceTextPtr& source);

  // What Describe learnt about a call that analysis kept.
  FlowFiles Find(const sql::FileInput& input) const;

 private:
  static std::string Key(const std::string& path, const std::map<std::string, std::string>& options,
                         bool streaming);
  Result<FlowFiles> Examine(const std::string& path, ingest::FileSourceOptions options,
                            std::shared_ptr<const KnownFiles> known);

  std::string folder_;
  World& world_;
  std::map<std::string, FlowFiles> found_;
  const std::shared_ptr<ingest::FileContents> contents_ = std::make_shared<ingest::FileContents>();
};

// The listed files that were not taken yet, in the order of the listing; with `allowOverwrites`
// also those that changed since.
std::vector<ingest::LandedFile> NewFiles(const FlowFiles& files);

}  // namespace medallion::pipeline
