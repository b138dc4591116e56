#include "file_sources.h"

#include <filesystem>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace medallion::pipeline {
namespace {

std::string OptionText(const Value& value) {
  const std::string* text = std::get_if<std::string>(&value.data);
  return text != nullptr ? *text : ToDisplayString(value);
}

// Puts an option's error at the option.
Error AtOption(const Error& error, const std::vector<sql::FileOption>& options, size_t index,
               const SourceTextPtr& source) {
  Diagnostic finding;
  finding.condition = error.condition().empty() ? "INVALID_READ_FILES_OPTION" : error.condition();
  finding.message = error.message();
  finding.source = source;
  if (index < options.size()) {
    finding.span = options[index].span;
  }
  return Error(error.code(), {std::move(finding)});
}

}  // namespace

std::vector<ingest::LandedFile> NewFiles(const FlowFiles& files) {
  if (files.known == nullptr) {
    return files.listing.files;
  }
  std::vector<ingest::LandedFile> fresh;
  for (const ingest::LandedFile& file : files.listing.files) {
    const auto taken = files.known->taken.find(file.path);
    const bool changed = taken != files.known->taken.end() && taken->second != file.version_tag;
    if (taken == files.known->taken.end() || (changed && files.options.allow_overwrites)) {
      fresh.push_back(file);
    }
  }
  return fresh;
}

std::string FileSources::Key(const std::string& path,
                             const std::map<std::string, std::string>& options, bool streaming) {
  std::string key = fmt::format("{}\n{}", path, streaming);
  for (const auto& [name, text] : options) {
    key += fmt::format("\n{}={}", name, text);
  }
  return key;
}

Result<sql::FileDescription> FileSources::Describe(const std::string& path,
                                                   const std::vector<sql::FileOption>& options,
                                                   bool streaming,
                                                   std::shared_ptr<const KnownFiles> known,
                                                   const SourceTextPtr& source) {
  std::vector<ingest::RawOption> raw;
  sql::FileDescription description;
  for (const sql::FileOption& option : options) {
    raw.push_back({option.name, OptionText(option.value)});
    description.options[option.name] = raw.back().text;
  }
  size_t failed = options.size();
  Result<ingest::FileSourceOptions> checked = ingest::ParseFileSourceOptions(raw, &failed);
  if (!checked) {
    return AtOption(checked.error(), options, failed, source);
  }
  const std::string key = Key(path, description.options, streaming);
  auto found = found_.find(key);
  if (found == found_.end()) {
    ASSIGN_OR_RETURN(FlowFiles files, Examine(path, *std::move(checked), std::move(known)));
    files.streaming = streaming;
    found = found_.emplace(key, std::move(files)).first;
  }
  description.schema = found->second.schema;
  return description;
}

Result<FlowFiles> FileSources::Examine(const std::string& path, ingest::FileSourceOptions options,
                                       std::shared_ptr<const KnownFiles> known) {
  FlowFiles files;
  const bool has_scheme = path.find("://") != std::string::npos;
  files.path =
      has_scheme ? path : (std::filesystem::path(folder_) / path).lexically_normal().string();
  files.options = std::move(options);
  files.known = std::move(known);
  files.contents = contents_;
  Result<ingest::Listing> listing = world_.ListFiles(files.path, files.options);
  if (!listing && listing.error().code() == ErrorCode::kNotFound) {
    return Error(ErrorCode::kNotFound,
                 fmt::format("no such file or folder: {} (relative paths start at the project's "
                             "folder)",
                             files.path))
        .WithCondition("PATH_NOT_FOUND");
  }
  ASSIGN_OR_RETURN(files.listing, std::move(listing));
  const std::vector<ingest::LandedFile> fresh = NewFiles(files);
  if (fresh.empty() && files.known == nullptr && !files.options.schema) {
    return Error(ErrorCode::kNotFound, fmt::format("no file to learn the columns from in {} ({} "
                                                   "passed over); put a first file there or say "
                                                   "schema => 'id INT, …'",
                                                   files.path, files.listing.skipped.size()))
        .WithCondition("CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE");
  }
  const std::optional<Schema> known_schema =
      files.known != nullptr ? std::optional(files.known->schema) : std::nullopt;
  ASSIGN_OR_RETURN(files.schema,
                   world_.InferSchema(fresh, files.options, known_schema, *contents_));
  return files;
}

FlowFiles FileSources::Find(const sql::FileInput& input) const {
  const auto found = found_.find(Key(input.path, input.options, input.streaming));
  CHECK(found != found_.end());  // analysis keeps only what Describe answered
  return found->second;
}

}  // namespace medallion::pipeline
