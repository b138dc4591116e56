#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer_testing.h"
#include "base/testing.h"
#include "base/text.h"

namespace medallion::sql {
namespace {

struct Recorded {
  std::string expression;
  std::string type;
};

std::vector<Recorded> ReadRecording() {
  std::ifstream file(std::string(MEDALLION_SOURCE_DIR) + "/src/sql/testdata/spark_types.txt");
  std::vector<Recorded> rows;
  for (std::string line; std::getline(file, line);) {
    const size_t arrow = line.rfind(" => ");
    if (!line.empty() && line[0] != '#' && arrow != std::string::npos) {
      rows.push_back({line.substr(0, arrow), line.substr(arrow + 4)});
    }
  }
  return rows;
}

// Names of struct members and what may be NULL inside do not count: both sides go through our DDL.
std::string Canonical(const std::string& ddl) {
  const auto type = DataType::FromDdl(ddl);
  return ToLower(type ? type->ToDdl() : ddl);
}

std::string AnalysedType(const std::string& expression) {
  const bool query = ToLower(expression).starts_with("select");
  const auto bound = AnalyzeText(query ? expression : "SELECT " + expression + " AS c FROM t");
  if (!bound) {
    return "error";
  }
  const std::string ddl = (*bound)->root->columns[0].type.ToDdl();
  return Canonical(medallion::Join(Split(ddl, '\n'), ""));
}

std::string WithoutNotNull(std::string text) {
  constexpr std::string_view kNotNull = " not null";
  for (size_t at = text.find(kNotNull); at != std::string::npos; at = text.find(kNotNull)) {
    text.erase(at, kNotNull.size());
  }
  return text;
}

TEST(AnalyzerTypesTest, TypesEveryRecordedExpressionAsSpark) {
  const std::vector<Recorded> rows = ReadRecording();
  ASSERT_GT(rows.size(), 400u);
  for (const Recorded& row : rows) {
    EXPECT_EQ(WithoutNotNull(AnalysedType(row.expression)), Canonical(row.type)) << row.expression;
  }
}

}  // namespace
}  // namespace medallion::sql
