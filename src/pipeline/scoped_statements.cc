#include "scoped_statements.h"

#include <array>
#include <map>
#include <optional>
#include <utility>

#include <re2/re2.h>

#include "base/text.h"

namespace medallion::pipeline {
namespace {

using SetValues = std::map<std::string, std::string>;

sql::ParameterLookup MakeLookup(const Project& project, const SetValues& set_values) {
  return [&project, &set_values](std::string_view name) -> std::optional<std::string> {
    const auto found = set_values.find(std::string(name));
    return found != set_values.end() ? std::optional(found->second) : project.Configuration(name);
  };
}

// The text with blanks for everything outside `part`, so that places in it are places in the file.
SourceTextPtr ShowOnly(const SourceTextPtr& source, Span part) {
  std::string text = source->text();
  for (uint32_t i = 0; i < text.size(); ++i) {
    const bool line_end = text[i] == '\n' || text[i] == '\r';
    if ((i < part.begin || i >= part.end) && !line_end) {
      text[i] = ' ';
    }
  }
  return SourceText::Make(source->name(), std::move(text));
}

// Reads one file from top to bottom.
class FileReader {
 public:
  FileReader(const Project& project, SourceTextPtr source, std::vector<Diagnostic>& findings)
      : project_(project),
        source_(std::move(source)),
        findings_(findings),
        where_{project.catalog, project.schema} {}

  std::vector<ScopedStatement> Read() {
    const sql::ParsedFile whole = sql::ParseStatements(source_, MakeLookup(project_, set_values_));
    std::vector<Span> sets;
    for (const sql::Statement& statement : whole.statements) {
      if (const auto* set = std::get_if<sql::SetStatement>(&statement)) {
        sets.push_back(set->span);
      }
    }
    if (sets.empty()) {
      Take(whole);
    } else if (sets.size() > kSetStatementsMax) {
      findings_.push_back(
          Diagnostic::At(source_, sets[kSetStatementsMax], "UNSUPPORTED_SET",
                         fmt::format("more than {} SET statements in one file", kSetStatementsMax),
                         "one too many", {"split the file"}));
    } else {
      ReadParts(sets);
    }
    return std::move(statements_);
  }

 private:
  // Each part ends with a SET, whose value the next parts are parsed with.
  void ReadParts(const std::vector<Span>& sets) {
    uint32_t begin = 0;
    for (const Span& set : sets) {
      ReadPart({begin, set.end});
      begin = set.end;
    }
    ReadPart({begin, static_cast<uint32_t>(source_->text().size())});
  }

  void ReadPart(Span part) {
    const SourceTextPtr shown = ShowOnly(source_, part);
    sql::ParsedFile parsed = sql::ParseStatements(shown, MakeLookup(project_, set_values_));
    for (Diagnostic& finding : parsed.diagnostics) {
      finding.source = source_;
    }
    Take(parsed);
  }

  void Take(const sql::ParsedFile& parsed) {
    for (const Diagnostic& finding : parsed.diagnostics) {
      findings_.push_back(finding);
      AddNearParameter(findings_.back());
    }
    for (const sql::Statement& statement : parsed.statements) {
      std::visit([&](const auto& node) { TakeStatement(node); }, statement);
    }
  }

  // The parser knows no names of parameters, so it cannot propose the nearest.
  void AddNearParameter(Diagnostic& finding) const {
    std::string name;
    if (finding.condition != "UNBOUND_SQL_PARAMETER" ||
        !RE2::FullMatch(std::string(source_->Slice(finding.span)), R"([:$][{]?\s*([^}]*?)\s*[}]?)",
                        &name)) {
      return;
    }
    std::vector<std::string> known;
    for (const auto& [key, parameter] : project_.configuration) {
      known.push_back(key);
    }
    for (const auto& [key, value] : set_values_) {
      known.push_back(key);
    }
    if (const std::optional<std::string> nearest = NearestName(name, known)) {
      finding.hints.insert(finding.hints.begin(), fmt::format("did you mean `{}`?", *nearest));
    }
  }

  void TakeStatement(const sql::CreateDataset& create) { Keep(create, create.span); }
  void TakeStatement(const sql::CreateFlow& create) { Keep(create, create.span); }

  template <class Create>
  void Keep(const Create& create, Span span) {
    statements_.push_back(
        {create, where_, Substitute(source_->Slice(span), MakeLookup(project_, set_values_))});
  }

  void TakeStatement(const sql::SetStatement& set) {
    if (ClassifyConf(set.key, set.value) != ConfEffect::kParameter) {
      findings_.push_back(Diagnostic::At(
          source_, set.span, "UNSUPPORTED_SET",
          fmt::format("not supported in a file: SET {}", set.key), "not a parameter",
          {"Spark confs are set for the whole project, under `configuration` of the project "
           "file; SET here supplies ${name} only"}));
      return;
    }
    set_values_[set.key] = set.value;
  }

  void TakeStatement(const sql::UseStatement& use) {
    const std::vector<std::string>& parts = use.name.name.parts;
    const bool too_long = parts.size() > (use.kind == sql::UseStatement::Kind::kCatalog ? 1u : 2u);
    if (too_long) {
      findings_.push_back(
          Diagnostic::At(source_, use.name.span, "REQUIRES_SINGLE_PART_NAMESPACE",
                         fmt::format("too many parts: {}", use.name.name.ToString()),
                         "too many parts", {"write USE CATALOG c, USE SCHEMA s or USE c.s"}));
    } else if (use.kind == sql::UseStatement::Kind::kCatalog) {
      where_ = {parts.front(), "default"};  // Spark: USE CATALOG clears the current schema
    } else if (parts.size() == 2) {
      where_ = {parts.front(), parts.back()};
    } else {
      where_.schema = parts.front();
    }
  }

  void TakeStatement(const sql::QueryStatement& query) {
    findings_.push_back(
        Diagnostic::At(source_, query.span, "UNSUPPORTED_PIPELINE_STATEMENT",
                       "a query alone does nothing in a pipeline file", "not stored anywhere",
                       {"write CREATE OR REFRESH MATERIALIZED VIEW name AS before it"}));
  }

  const Project& project_;
  SourceTextPtr source_;
  std::vector<Diagnostic>& findings_;
  Namespace where_;
  SetValues set_values_;
  std::vector<ScopedStatement> statements_;
};

}  // namespace

std::vector<ScopedStatement> ParseScoped(const Project& project, const SourceTextPtr& source,
                                         std::vector<Diagnostic>& findings) {
  return FileReader(project, source, findings).Read();
}

std::string Substitute(std::string_view text, const sql::ParameterLookup& parameters) {
  std::string result;
  for (size_t i = 0; i < text.size();) {
    const size_t end =
        text.substr(i).starts_with("${") ? text.find('}', i) : std::string_view::npos;
    const std::optional<std::string> value =
        end == std::string_view::npos ? std::nullopt
                                      : parameters(Trim(text.substr(i + 2, end - i - 2)));
    if (value) {
      result += *value;
      i = end + 1;
    } else {
      result += text[i++];
    }
  }
  return result;
}

ConfEffect ClassifyConf(std::string_view key, std::string_view value) {
  if (!key.starts_with("spark.") && !key.starts_with("pipelines.")) {
    return ConfEffect::kParameter;
  }
  if (key == "spark.sql.session.timeZone") {
    return ConfEffect::kFollowed;
  }
  // What each must be for Spark to mean what we do.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kFixed = {{
      {"spark.sql.ansi.enabled", "true"},
      {"spark.sql.caseSensitive", "false"},
      {"spark.sql.decimalOperations.allowPrecisionLoss", "true"},
      {"spark.sql.parser.escapedStringLiterals", "false"},
      {"spark.sql.storeAssignmentPolicy", "ansi"},
  }};
  for (const auto& [name, required] : kFixed) {
    if (name == key) {
      return EqualsIgnoreCase(value, required) ? ConfEffect::kFollowed : ConfEffect::kRefused;
    }
  }
  const bool changes_meaning = key.starts_with("spark.sql.legacy.");
  return changes_meaning ? ConfEffect::kRefused : ConfEffect::kNoEffect;
}

}  // namespace medallion::pipeline
