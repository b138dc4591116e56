#include "project_spec.h"

#include <array>
#include <utility>

#include "yaml_document.h"
#include "yaml_fields.h"

namespace medallion::pipeline {
namespace {

const std::array<std::string, 7> kSpecFields = {"name",   "storage",       "catalog",  "database",
                                                "schema", "configuration", "libraries"};
const std::array<std::string, 3> kSettingsFields = {"quarantine", "expectations", "engine"};
const std::array<std::string, 1> kExpectationFields = {"null_is"};
const std::array<std::string, 2> kNullOutcomes = {"violation", "pass"};
const std::array<std::string, 2> kEngineFields = {"memory_mb", "threads"};

// Bounds of what an engine can be given: below 64 MB DuckDB cannot sort a batch, and no machine
// that this is for has more than 1024 threads or 16 TB.
constexpr int64_t kMemoryMbMin = 64;
constexpr int64_t kMemoryMbMax = int64_t{16} << 20;
constexpr int64_t kThreadsMax = 1024;

constexpr std::string_view kUnexpected = "PIPELINE_SPEC_UNEXPECTED_FIELD";
constexpr std::string_view kMissing = "PIPELINE_SPEC_MISSING_REQUIRED_FIELD";

// Reads `spark-pipeline.yml` from its tree.
class SpecReader {
 public:
  SpecReader(const SourceTextPtr& source, std::vector<Diagnostic>& findings,
             std::vector<Diagnostic>& warnings)
      : source_(source), fields_(source, findings), warnings_(warnings) {}

  ProjectSpec Read(const YamlNode& root) {
    ProjectSpec spec;
    if (!fields_.IsMap(root, "the project file")) {
      return spec;
    }
    fields_.RefuseUnknownKeys(root, kSpecFields, kUnexpected);
    spec.name = Required(root, "name");
    spec.storage = Required(root, "storage");
    if (const YamlEntry* storage = root.Find("storage")) {
      spec.storage_place = {source_, storage->value.span};
    }
    spec.catalog = Optional(root, "catalog");
    spec.schema = Optional(root, "database");
    if (const std::optional<std::string> alias = Optional(root, "schema"); !spec.schema) {
      spec.schema = alias;
    }
    ReadLibraries(root, spec);
    ReadConfiguration(root, spec);
    return spec;
  }

 private:
  std::optional<std::string> Optional(const YamlNode& root, std::string_view key) {
    const YamlEntry* entry = root.Find(key);
    std::optional<std::string> text = entry != nullptr ? fields_.Text(*entry) : std::nullopt;
    if (text && text->empty()) {
      fields_.Report(entry->value.span, kMissing, fmt::format("`{}` is empty", key), "no text", {});
      return std::nullopt;
    }
    return text;
  }

  std::string Required(const YamlNode& root, std::string_view key) {
    if (root.Find(key) == nullptr) {
      fields_.Report(root.span, kMissing, fmt::format("required field `{}` is missing", key), "",
                     {fmt::format("add a line `{}: …`", key)});
    }
    return Optional(root, key).value_or("");
  }

  void ReadLibraries(const YamlNode& root, ProjectSpec& spec) {
    const YamlEntry* entry = root.Find("libraries");
    if (entry == nullptr || !fields_.IsSequence(entry->value, "`libraries`")) {
      return;
    }
    for (const YamlNode& item : entry->value.items) {
      ReadLibrary(item, spec);
    }
  }

  void ReadLibrary(const YamlNode& item, ProjectSpec& spec) {
    const YamlEntry* glob = item.Find("glob");
    const YamlEntry* include =
        glob != nullptr && item.entries.size() == 1 && glob->value.entries.size() == 1
            ? glob->value.Find("include")
            : nullptr;
    if (include == nullptr) {
      fields_.Report(item.span, kUnexpected,
                     "an entry of `libraries` must be a glob with one `include`",
                     "not such an entry", {"write `- glob: {include: transformations/**}`"});
      return;
    }
    const std::optional<std::string> pattern = fields_.Text(*include);
    if (pattern && IsLibraryPattern(*pattern, include->value.span)) {
      spec.libraries.push_back({*pattern, {source_, include->value.span}});
    }
  }

  // A plain path, or a folder followed by `/**`.
  bool IsLibraryPattern(std::string_view pattern, Span place) {
    const std::string_view path =
        pattern.ends_with("/**") ? pattern.substr(0, pattern.size() - 3) : pattern;
    if (!path.empty() && path.find_first_of("*?[{") == std::string_view::npos) {
      return true;
    }
    fields_.Report(place, "PIPELINE_SPEC_INVALID_GLOB_PATTERN",
                   fmt::format("not a valid include pattern: {}", pattern),
                   "neither a file nor a folder with `/**`",
                   {"name one file, as in `transformations/bronze.sql`, or a folder with "
                    "everything under it, as in "
                    "`transformations/**`"});
    return false;
  }

  void ReadConfiguration(const YamlNode& root, ProjectSpec& spec) {
    const YamlEntry* entry = root.Find("configuration");
    if (entry == nullptr || !fields_.IsMap(entry->value, "`configuration`")) {
      return;
    }
    for (const YamlEntry& parameter : entry->value.entries) {
      ReadParameter(parameter, spec);
    }
  }

  void ReadParameter(const YamlEntry& entry, ProjectSpec& spec) {
    const std::optional<std::string> text = fields_.Text(entry);
    if (!text) {
      return;
    }
    if (text->find("${") != std::string::npos) {
      fields_.Report(
          entry.value.span, "UNSUPPORTED_SUBSTITUTION",
          fmt::format("`{}` refers to another value with ${{…}}", entry.key),
          "nothing is substituted here",
          {fmt::format("write the value out, or give it when running: --set {}=VALUE", entry.key)});
      return;
    }
    WarnOfSpark(entry);
    spec.configuration[entry.key] = {*text, {source_, entry.value.span}};
  }

  void WarnOfSpark(const YamlEntry& entry) {
    const std::string surprise = Yaml11Surprise(entry.value);
    if (surprise.empty()) {
      return;
    }
    Diagnostic warning;
    warning.severity = Severity::kWarning;
    warning.condition = "AMBIGUOUS_YAML_TEXT";
    warning.message = fmt::format(
        "`{}` is read as text here and as {} by Spark, which then refuses it", entry.key, surprise);
    warning.source = source_;
    warning.span = entry.value.span;
    warning.hints = {fmt::format("put it in quotes: `{}: \"{}\"`", entry.key, entry.value.scalar)};
    warnings_.push_back(std::move(warning));
  }

  SourceTextPtr source_;
  FieldReader fields_;
  std::vector<Diagnostic>& warnings_;
};

void Append(std::vector<Diagnostic>& findings, const Error& error) {
  findings.insert(findings.end(), error.diagnostics().begin(), error.diagnostics().end());
}

void ReadExpectationSettings(const YamlNode& root, FieldReader& fields, Settings& settings) {
  const YamlEntry* section = root.Find("expectations");
  if (section == nullptr || !fields.IsMap(section->value, "`expectations`")) {
    return;
  }
  fields.RefuseUnknownKeys(section->value, kExpectationFields, kUnexpected);
  if (const YamlEntry* entry = section->value.Find("null_is")) {
    const bool pass = fields.Choice(*entry, kNullOutcomes) == "pass";
    settings.expectations_null =
        pass ? Settings::NullOutcome::kPass : Settings::NullOutcome::kViolation;
  }
}

void ReadEngineSettings(const YamlNode& root, FieldReader& fields, Settings& settings) {
  const YamlEntry* section = root.Find("engine");
  if (section == nullptr || !fields.IsMap(section->value, "`engine`")) {
    return;
  }
  fields.RefuseUnknownKeys(section->value, kEngineFields, kUnexpected);
  if (const YamlEntry* entry = section->value.Find("memory_mb")) {
    settings.memory_mb = fields.Integer(*entry, kMemoryMbMin, kMemoryMbMax);
  }
  if (const YamlEntry* entry = section->value.Find("threads")) {
    settings.threads = fields.Integer(*entry, 1, kThreadsMax);
  }
}

}  // namespace

ProjectSpec ReadProjectSpec(const SourceTextPtr& source, std::vector<Diagnostic>& findings,
                            std::vector<Diagnostic>& warnings) {
  const Result<YamlNode> root = ParseYaml(source);
  if (!root) {
    Append(findings, root.error());
    return {};
  }
  return SpecReader(source, findings, warnings).Read(*root);
}

Settings ReadSettings(const SourceTextPtr& source, std::vector<Diagnostic>& findings) {
  Settings settings;
  const Result<YamlNode> root = ParseYaml(source);
  if (!root) {
    Append(findings, root.error());
    return settings;
  }
  FieldReader fields(source, findings);
  const bool all_comments =
      root->kind == YamlNode::Kind::kScalar && CoreType(*root) == YamlType::kNull;
  if (all_comments || !fields.IsMap(*root, "medallion.yml")) {
    return settings;
  }
  fields.RefuseUnknownKeys(*root, kSettingsFields, kUnexpected);
  if (const YamlEntry* entry = root->Find("quarantine")) {
    settings.quarantine = fields.Boolean(*entry).value_or(settings.quarantine);
  }
  ReadExpectationSettings(*root, fields, settings);
  ReadEngineSettings(*root, fields, settings);
  return settings;
}

}  // namespace medallion::pipeline
