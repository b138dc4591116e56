// Every case of tests/golden/sql is a text with a mistake and what a person gets for it; see the
// README there. MEDALLION_UPDATE_GOLDEN=1 rewrites the findings; review them as a diff.

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/testing.h"
#include "sql/parser.h"

namespace medallion::sql {
namespace {

std::optional<std::string> NoParameters(std::string_view /*name*/) { return std::nullopt; }

std::string Findings(const std::string& text) {
  const ParsedFile file =
      ParseStatements(SourceText::Make("transformations/a.sql", text), NoParameters);
  std::string out;
  for (const Diagnostic& diagnostic : file.diagnostics) out += Render(diagnostic);
  return out;
}

struct GoldenCase {
  std::string title;
  std::string text;
  std::string expected;
};

std::vector<GoldenCase> ReadCases(const std::string& path) {
  std::ifstream file(path);
  std::vector<GoldenCase> cases;
  bool in_expected = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("### ")) {
      cases.push_back({line, "", ""});
      in_expected = false;
    } else if (line == "=>") {
      in_expected = true;
    } else if (!cases.empty()) {
      (in_expected ? cases.back().expected : cases.back().text) += line + "\n";
    }
  }
  return cases;
}

class SqlMistakes : public ::testing::TestWithParam<std::string> {};

TEST_P(SqlMistakes, AreExplained) {
  const std::string path =
      std::string(MEDALLION_SOURCE_DIR) + "/tests/golden/sql/" + GetParam() + ".txt";
  std::vector<GoldenCase> cases = ReadCases(path);
  ASSERT_FALSE(cases.empty()) << path;
  const bool update = std::getenv("MEDALLION_UPDATE_GOLDEN") != nullptr;
  std::ostringstream rewritten;
  for (GoldenCase& golden : cases) {
    const std::string text = golden.text.substr(0, golden.text.size() - 1);
    const std::string findings = Findings(text);
    EXPECT_FALSE(findings.empty()) << golden.title << ": no finding";
    if (!update) {
      EXPECT_EQ(findings, golden.expected) << golden.title;
    }
    rewritten << golden.title << "\n" << golden.text << "=>\n" << findings;
  }
  if (update) std::ofstream(path) << rewritten.str();
}

INSTANTIATE_TEST_SUITE_P(Golden, SqlMistakes,
                         ::testing::Values("lexical", "queries", "statements", "refused"),
                         [](const auto& parameter) { return parameter.param; });

// --- Bytes that no golden file can hold ----------------------------------------------------------

TEST(TextCheckTest, PointsAtANulByte) {
  const std::string found = Findings(std::string("SELECT 1,\n'a\0b'", 15));
  EXPECT_NE(found.find("the text contains a NUL byte\n --> transformations/a.sql:2:3\n"),
            std::string::npos)
      << found;
}

TEST(TextCheckTest, PointsAtTheFirstInvalidByte) {
  const std::string found = Findings("SELECT '£',\n  'caf\xE9', 2");
  EXPECT_NE(found.find("the text is not valid UTF-8\n --> transformations/a.sql:2:7\n"),
            std::string::npos)
      << found;
}

TEST(TextCheckTest, NamesUtf16) {
  const std::string found = Findings(std::string("\xFF\xFES\0E\0", 6));
  EXPECT_NE(found.find("the file is UTF-16"), std::string::npos) << found;
}

TEST(TextCheckTest, CountsColumnsBehindAByteOrderMarkAsEditorsDo) {
  const std::string found = Findings("\xEF\xBB\xBFSELECT ?");
  EXPECT_NE(found.find("a.sql:1:8\n"), std::string::npos) << found;
}

TEST(TextCheckTest, AFewThousandStrangeCharactersGiveOneFinding) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "?";
  const ParsedFile file = ParseStatements(SourceText::Make("a.sql", text), NoParameters);
  EXPECT_EQ(file.diagnostics.size(), 1U);
}

}  // namespace
}  // namespace medallion::sql
