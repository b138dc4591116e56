// Every file of tests/golden/pipeline is a project with a mistake and the text a person gets for
// it. Its format is described in tests/golden/pipeline/README.md. MEDALLION_UPDATE_GOLDEN=1
// rewrites the expected texts; review them as a diff.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/testing.h"
#include "fake_world.h"
#include "pipeline/graph.h"
#include "pipeline/update_plan.h"

namespace medallion::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFileMark = "--- ";
constexpr std::string_view kExpectedMark = "=== expected\n";

struct GoldenCase {
  std::string head;  // everything before the expected text
  std::vector<std::pair<std::string, std::string>> files;
  std::string expected;
};

std::string ReadWhole(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

GoldenCase ReadCase(const fs::path& path) {
  const std::string text = ReadWhole(path);
  GoldenCase golden;
  const size_t mark = text.find(kExpectedMark);
  golden.head = text.substr(0, mark);
  golden.expected = mark == std::string::npos ? "" : text.substr(mark + kExpectedMark.size());
  std::istringstream lines(golden.head);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kFileMark)) {
      golden.files.emplace_back(line.substr(kFileMark.size()), "");
    } else if (!golden.files.empty()) {
      golden.files.back().second += line + "\n";
    }
  }
  return golden;
}

class ProjectMistake : public ::testing::TestWithParam<std::string> {};

std::string Outcome(const fs::path& folder) {
  const Result<Project> project = LoadProject(folder.string());
  if (!project) {
    return project.error().ToString();
  }
  FakeWorld world;
  world.AddTable({"spark_catalog", "default", "customers"}, "id INT, name STRING");
  world.AddTable({"spark_catalog", "default", "existing_orders"},
                 "id INT, amount STRING, note STRING");
  const std::string landing = (folder / "landing").string();
  world.AddFolder(landing, {{landing + "/1.csv", 100, 0, "tag"}},
                  "id STRING, amount STRING, `unit price` STRING");
  const Result<GraphPtr> graph = BuildGraph(*project, world);
  if (!graph) {
    return graph.error().ToString();
  }
  const Result<UpdatePlan> plan = PlanUpdate(*graph, {}, world, 0);
  return plan ? "no error\n" : plan.error().ToString();
}

TEST_P(ProjectMistake, IsExplained) {
  const fs::path path =
      fs::path(MEDALLION_SOURCE_DIR) / "tests/golden/pipeline" / (GetParam() + ".txt");
  const GoldenCase golden = ReadCase(path);
  const fs::path folder =
      fs::path(::testing::TempDir()) / fmt::format("golden_{}_{}", GetParam(), getpid());
  for (const auto& [name, text] : golden.files) {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name, std::ios::binary) << text;
  }
  std::string outcome = Outcome(folder);
  // The folder differs from run to run.
  for (size_t at = 0; (at = outcome.find(folder.string())) != std::string::npos;) {
    outcome.replace(at, folder.string().size(), "PROJECT");
  }
  fs::remove_all(folder);
  if (std::getenv("MEDALLION_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << golden.head << kExpectedMark << outcome;
    return;
  }
  EXPECT_EQ(outcome, golden.expected);
}

std::vector<std::string> CaseNames() {
  std::vector<std::string> names;
  for (const auto& entry :
       fs::directory_iterator(fs::path(MEDALLION_SOURCE_DIR) / "tests/golden/pipeline")) {
    if (entry.path().extension() == ".txt") {
      names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Golden, ProjectMistake, ::testing::ValuesIn(CaseNames()),
                         [](const auto& parameter) { return parameter.param; });

}  // namespace
}  // namespace medallion::pipeline
