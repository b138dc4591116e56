// Every case of cases/*.test through our parser, analyser and embedded engine. The answer must be
// the one that Spark gave, or a refusal that names what is not supported. Refusals, errors of
// another condition than Spark's and other names of columns without alias are listed in
// deviations.txt, so that no case becomes one unseen. MEDALLION_UPDATE_GOLDEN=1 rewrites that list;
// a different answer cannot be listed.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/civil_time.h"
#include "base/text.h"
#include "engine_duckdb/duckdb_engine.h"
#include "sql/analyzer.h"
#include "sql/parser.h"

namespace medallion {
namespace {

namespace fs = std::filesystem;

// 2026-05-02T10:00:00Z. No case depends on the value, only on it being one instant.
constexpr int64_t kNowMicros = 1'777'716'000'000'000;

const std::string kFolder = std::string(MEDALLION_SOURCE_DIR) + "/tests/sql/";

// --- Cases ---------------------------------------------------------------------------------------

struct Case {
  std::string title;
  std::string query;
  std::vector<std::string> expected;  // `error CONDITION`, or `schema …` and one line per row
  bool ordered() const { return title.starts_with("[ordered]"); }
};

std::vector<Case> ReadCases(const std::string& path) {
  std::ifstream file(path);
  std::vector<Case> cases;
  bool in_expected = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("### ")) {
      cases.push_back({line.substr(4), "", {}});
      in_expected = false;
    } else if (line == "=>") {
      in_expected = true;
    } else if (!cases.empty() && !line.empty()) {
      if (in_expected) {
        cases.back().expected.push_back(line);
      } else {
        cases.back().query += line + "\n";
      }
    }
  }
  return cases;
}

// --- Canonical text, as record.py writes it ------------------------------------------------------

std::string Quote(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    switch (c) {
      case '\\': quoted += "\\\\"; break;
      case '\'': quoted += "\\'"; break;
      case '\n': quoted += "\\n"; break;
      case '\t': quoted += "\\t"; break;
      case '\r': quoted += "\\r"; break;
      default: quoted += c; break;
    }
  }
  return quoted + "'";
}

// The fewest digits that read back as the same number.
std::string Number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  for (int precision = 1; precision < 18; ++precision) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*g", precision, value);
    if (std::strtod(text, nullptr) == value) return text;
  }
  return "?";
}

std::string TimestampText(int64_t micros) {
  std::string text = FormatIsoTimestampMicros(micros);  // 2026-05-01T09:00:00.000000Z
  text.pop_back();
  text[10] = ' ';
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string Cell(const Value& value);

std::string Cells(const Value::List& list) {
  std::vector<std::string> cells;
  for (const Value& item : list) cells.push_back(Cell(item));
  return Join(cells, ", ");
}

std::string MapText(const Value::List& list) {
  std::vector<std::string> items;
  for (size_t i = 0; i + 1 < list.size(); i += 2)
    items.push_back(Cell(list[i]) + ": " + Cell(list[i + 1]));
  return Join(items, ", ");
}

std::string Cell(const Value& value) {
  if (value.is_null()) return "NULL";
  switch (value.type.kind()) {
    case TypeKind::kBoolean: return std::get<bool>(value.data) ? "true" : "false";
    case TypeKind::kFloat:
    case TypeKind::kDouble: return Number(std::get<double>(value.data));
    case TypeKind::kDecimal: return std::get<Decimal>(value.data).ToString();
    case TypeKind::kString: return Quote(std::get<std::string>(value.data));
    case TypeKind::kBinary: {
      std::string hex;
      for (const char c : std::get<std::string>(value.data))
        hex += fmt::format("{:02X}", static_cast<unsigned char>(c));
      return "X'" + hex + "'";
    }
    case TypeKind::kDate: return FormatIsoDate(static_cast<int32_t>(std::get<int64_t>(value.data)));
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: return TimestampText(std::get<int64_t>(value.data));
    case TypeKind::kArray: return "[" + Cells(std::get<Value::List>(value.data)) + "]";
    case TypeKind::kMap: return "{" + MapText(std::get<Value::List>(value.data)) + "}";
    case TypeKind::kStruct: return "(" + Cells(std::get<Value::List>(value.data)) + ")";
    default: return fmt::format("{}", std::get<int64_t>(value.data));
  }
}

// Spark's simpleString in upper case: no nullability, no blanks.
std::string TypeText(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kArray: return "ARRAY<" + TypeText(type.element()) + ">";
    case TypeKind::kMap: return "MAP<" + TypeText(type.key()) + "," + TypeText(type.value()) + ">";
    case TypeKind::kStruct: {
      std::vector<std::string> fields;
      for (const Field& field : type.fields())
        fields.push_back(ToUpper(field.name) + ":" + TypeText(field.type));
      return "STRUCT<" + Join(fields, ",") + ">";
    }
    default: return type.ToDdl();
  }
}

std::string SchemaText(const Schema& schema) {
  std::vector<std::string> columns;
  for (const Field& field : schema.fields())
    columns.push_back("`" + field.name + "` " + TypeText(field.type));
  return "schema " + Join(columns, ", ");
}

// --- Our answer ----------------------------------------------------------------------------------

class NoTables final : public sql::Resolver {
 public:
  Result<sql::ResolvedName> ResolveTable(const sql::QualifiedName& name,
                                         bool /*streaming*/) override {
    return Error(ErrorCode::kNotFound, "there is no table " + name.ToString())
        .WithCondition("TABLE_OR_VIEW_NOT_FOUND");
  }
  Result<sql::FileDescription> DescribeFiles(const std::string& path,
                                             const std::vector<sql::FileOption>& /*options*/,
                                             bool /*streaming*/) override {
    return Error(ErrorCode::kNotFound, "no files: " + path).WithCondition("PATH_NOT_FOUND");
  }
};

std::optional<std::string> Parameters(std::string_view name) {
  return name == "as_of" ? std::optional<std::string>("2026-05-01") : std::nullopt;
}

Result<std::vector<std::string>> Answer(Engine& engine, const Case& test) {
  const auto source = SourceText::Make("case.sql", test.query);
  ASSIGN_OR_RETURN(const auto query, sql::ParseQuery(source, Parameters));
  NoTables resolver;
  sql::AnalyzerContext context;
  context.source = source;
  context.resolver = &resolver;
  ASSIGN_OR_RETURN(const sql::BoundQueryPtr bound, sql::Analyze(*query, context));
  RETURN_IF_ERROR(engine.Check(*bound));
  QueryContext run;
  run.now_micros = kNowMicros;
  ASSIGN_OR_RETURN(const auto result, engine.Query(*bound, {}, run));
  std::vector<std::vector<Value>> rows;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, result->Next(rows));
    if (!more) break;
  }
  std::vector<std::string> lines;
  for (const std::vector<Value>& row : rows) {
    std::vector<std::string> cells;
    for (const Value& value : row) cells.push_back(Cell(value));
    lines.push_back(Join(cells, " | "));
  }
  if (!test.ordered()) std::ranges::sort(lines);
  lines.insert(lines.begin(), SchemaText(bound->OutputSchema()));
  return lines;
}

// --- Comparison ----------------------------------------------------------------------------------

enum class Outcome {
  kEqual,
  kRefused,         // we name what we do not support
  kOtherCondition,  // both fail, for reasons of different names
  kOtherName,       // the same types and rows; a column without alias has another name
  kDifferent,
};

struct Verdict {
  Outcome outcome = Outcome::kEqual;
  std::string detail;
};

std::string MainCondition(std::string_view condition) {
  return std::string(condition.substr(0, condition.find('.')));
}

bool IsRefusal(const Error& error) {
  return error.code() == ErrorCode::kUnsupported || error.condition() == "UNSUPPORTED_FEATURE";
}

// `schema `name` TYPE, …` without the names.
std::string WithoutNames(const std::string& schema) {
  std::string types;
  bool in_name = false;
  for (const char c : schema) {
    if (c == '`') {
      in_name = !in_name;
    } else if (!in_name) {
      types += c;
    }
  }
  return types;
}

bool OnlyNamesDiffer(const std::vector<std::string>& expected,
                     const std::vector<std::string>& answer) {
  return expected.front().starts_with("schema ") && expected.size() == answer.size() &&
         std::equal(expected.begin() + 1, expected.end(), answer.begin() + 1) &&
         WithoutNames(expected.front()) == WithoutNames(answer.front());
}

Verdict Compare(const Case& test, const Result<std::vector<std::string>>& answer) {
  const bool spark_fails = test.expected.front().starts_with("error ");
  if (!answer && IsRefusal(answer.error())) return {Outcome::kRefused, answer.error().message()};
  if (!answer && spark_fails) {
    const std::string expected = MainCondition(std::string_view(test.expected.front()).substr(6));
    const std::string ours = MainCondition(answer.error().condition());
    if (ours == expected) return {};
    if (ours.empty())
      return {Outcome::kDifferent, "an error without a condition: " + answer.error().message()};
    return {Outcome::kOtherCondition,
            fmt::format("Spark fails with {}, we with {}", expected, ours)};
  }
  if (!answer) return {Outcome::kDifferent, "Spark answers, we fail: " + answer.error().ToString()};
  if (*answer == test.expected) return {};
  if (OnlyNamesDiffer(test.expected, *answer)) {
    return {Outcome::kOtherName,
            fmt::format("Spark has {}, we {}", test.expected.front(), answer->front())};
  }
  return {Outcome::kDifferent, fmt::format("Spark:\n    {}\n  we:\n    {}",
                                           Join(test.expected, "\n    "), Join(*answer, "\n    "))};
}

std::vector<std::string> CaseFiles();

// `file: title => kind (detail)`. The detail informs; the rest is compared.
constexpr std::string_view kDetail = " (";

std::string DeviationLine(const std::string& file, const Case& test, const Verdict& verdict) {
  const std::string_view kind = verdict.outcome == Outcome::kRefused     ? "refused"
                                : verdict.outcome == Outcome::kOtherName ? "another name"
                                                                         : "another condition";
  return fmt::format("{}: {} => {}{}{})", file, test.title, kind, kDetail, verdict.detail);
}

std::string WithoutDetail(const std::string& line) {
  return line.substr(0, line.find(kDetail, line.find(" => ")));
}

std::set<std::string> ReadDeviations() {
  std::set<std::string> lines;
  std::ifstream file(kFolder + "deviations.txt");
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) lines.insert(WithoutDetail(line));
  }
  return lines;
}

// Runs one file's cases; returns its deviations.
std::vector<std::string> Replay(Engine& engine, const std::string& file) {
  const std::vector<Case> cases = ReadCases(kFolder + "cases/" + file + ".test");
  EXPECT_FALSE(cases.empty()) << file;
  std::vector<std::string> deviations;
  std::map<Outcome, int> counts;
  for (const Case& test : cases) {
    if (test.expected.empty()) {
      ADD_FAILURE() << file << ": " << test.title << ": not recorded, run record.py";
      continue;
    }
    const Verdict verdict = Compare(test, Answer(engine, test));
    ++counts[verdict.outcome];
    if (verdict.outcome == Outcome::kDifferent) {
      ADD_FAILURE() << file << ": " << test.title << "\n  " << test.query << "  " << verdict.detail;
    } else if (verdict.outcome != Outcome::kEqual) {
      deviations.push_back(DeviationLine(file, test, verdict));
    }
  }
  std::printf(
      "%s: %zu cases, %d as Spark, %d refused, %d fail with another condition, %d name a column "
      "otherwise, "
      "%d different\n",
      file.c_str(), cases.size(), counts[Outcome::kEqual], counts[Outcome::kRefused],
      counts[Outcome::kOtherCondition], counts[Outcome::kOtherName], counts[Outcome::kDifferent]);
  return deviations;
}

class SparkCorpus : public ::testing::TestWithParam<std::string> {};

TEST_P(SparkCorpus, IsAnsweredAsSparkDoesOrRefused) {
  auto engine = DuckDbEngine::Open({});
  ASSERT_TRUE(engine.has_value()) << engine.error().ToString();
  const std::set<std::string> known = ReadDeviations();
  const bool update = std::getenv("MEDALLION_UPDATE_GOLDEN") != nullptr;
  std::ofstream list;
  if (update)
    list.open(kFolder + "deviations.txt",
              GetParam() == CaseFiles().front() ? std::ios::trunc : std::ios::app);
  for (const std::string& deviation : Replay(**engine, GetParam())) {
    std::printf("%s\n", deviation.c_str());
    if (update) {
      list << deviation << "\n";
    } else {
      EXPECT_TRUE(known.contains(WithoutDetail(deviation)))
          << "not listed in deviations.txt: " << deviation;
    }
  }
}

std::vector<std::string> CaseFiles() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder + "cases")) {
    if (entry.path().extension() == ".test") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Cases, SparkCorpus, ::testing::ValuesIn(CaseFiles()),
                         [](const auto& parameter) { return parameter.param; });

}  // namespace
}  // namespace medallion
