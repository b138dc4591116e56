#include "pipeline/project.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/testing.h"

namespace medallion::pipeline {
namespace {

namespace fs = std::filesystem;
using testing::IsError;

// A project folder of its own for each test.
class ProjectTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const ::testing::TestInfo* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(::testing::TempDir()) / fmt::format("project_{}_{}", info->name(), getpid());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(const std::string& path, const std::string& text) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << text;
  }
  void WriteSpec(const std::string& more) {
    Write("spark-pipeline.yml", "name: shop\nstorage: lake\n" + more);
  }
  Result<Project> Load(const LoadOptions& options = {}) {
    return LoadProject(folder_.string(), options);
  }

  fs::path folder_;
};

TEST_F(ProjectTest, ReadsEveryFieldOfTheSpec) {
  WriteSpec(
      "catalog: retail\ndatabase: dlt\nschema: ignored\n"
      "configuration:\n  source: \"in\"\n  spark.sql.session.timeZone: Europe/London\n"
      "libraries:\n  - glob:\n      include: sql/**\n");
  Write("sql/b.sql", "-- b");
  Write("sql/a.sql", "-- a");
  const Project project = Load().value();
  EXPECT_EQ(project.name, "shop");
  EXPECT_EQ(project.storage, (folder_ / "lake").string());
  EXPECT_EQ(project.catalog, "retail");
  EXPECT_EQ(project.schema, "dlt") << "`database` wins over its alias";
  EXPECT_EQ(project.Configuration("source"), "in");
  EXPECT_EQ(project.SessionTimeZone(), "Europe/London");
  ASSERT_EQ(project.files.size(), 2u);
  EXPECT_EQ(project.files[0]->name(), "sql/a.sql");
  EXPECT_EQ(project.files[1]->text(), "-- b");
  EXPECT_TRUE(project.settings.quarantine);
}

TEST_F(ProjectTest, FindsTheSpecInAFolderAbove) {
  WriteSpec("");
  fs::create_directories(folder_ / "a/b");
  EXPECT_EQ(LoadProject((folder_ / "a/b").string()).value().folder, folder_.string());
}

TEST_F(ProjectTest, TakesASpecFileByItsOwnName) {
  Write("other.yaml", "name: shop\nstorage: file:///srv/lake\n");
  EXPECT_EQ(LoadProject((folder_ / "other.yaml").string()).value().storage, "/srv/lake");
}

TEST_F(ProjectTest, KeepsTheOrderOfLibrariesAndReadsEachFileOnce) {
  WriteSpec(
      "libraries:\n  - glob: {include: z.sql}\n  - glob: {include: all/**}\n  - glob: {include: "
      "all/m.sql}\n");
  Write("z.sql", "");
  Write("all/m.sql", "");
  Write("all/deep/a.sql", "");
  Write("all/.hidden.swp", "");
  Write("all/__pycache__/x.pyc", "");
  const Project project = Load().value();
  ASSERT_EQ(project.files.size(), 3u);
  EXPECT_EQ(project.files[0]->name(), "z.sql");
  EXPECT_EQ(project.files[1]->name(), "all/deep/a.sql");
  EXPECT_EQ(project.files[2]->name(), "all/m.sql");
}

TEST_F(ProjectTest, OverridesDeclaredParametersAndAnyConf) {
  WriteSpec("configuration: {source: in, as_of_date: \"\"}\n");
  LoadOptions options;
  options.overrides = {
      {"source", "x"}, {"source", "out"}, {"spark.sql.session.timeZone", "Asia/Tokyo"}};
  options.storage = "s3://bucket/lake";
  const Project project = Load(options).value();
  EXPECT_EQ(project.Configuration("source"), "out");
  EXPECT_EQ(project.Configuration("as_of_date"), "");
  EXPECT_EQ(project.SessionTimeZone(), "Asia/Tokyo");
  EXPECT_EQ(project.storage, "s3://bucket/lake");
}

TEST_F(ProjectTest, RefusesAnOverrideOfAnUnknownParameter) {
  WriteSpec("configuration: {as_of_date: \"\"}\n");
  LoadOptions options;
  options.overrides = {{"as_of_dat", "2026-05-01"}};
  const Result<Project> project = Load(options);
  ASSERT_FALSE(project.has_value());
  EXPECT_EQ(project.error().ToString(),
            "error[UNKNOWN_PARAMETER]: --set names a parameter that the project does not declare: "
            "as_of_dat\n"
            " = help: did you mean `as_of_date`?\n");
}

TEST_F(ProjectTest, RefusesTwoSpecFilesInOneFolder) {
  WriteSpec("");
  Write("spark-pipeline.yaml", "");
  const Result<Project> project = Load();
  ASSERT_FALSE(project.has_value());
  EXPECT_EQ(project.error().condition(), "MULTIPLE_PIPELINE_SPEC_FILES_FOUND");
}

TEST_F(ProjectTest, SaysWhereItLookedForASpec) {
  const Result<Project> project = Load();
  ASSERT_FALSE(project.has_value());
  EXPECT_EQ(project.error().condition(), "PIPELINE_SPEC_FILE_NOT_FOUND");
  EXPECT_THAT(project.error().message(), ::testing::HasSubstr(folder_.string()));
}

TEST_F(ProjectTest, ReadsOurSettings) {
  WriteSpec("");
  Write("medallion.yml",
        "quarantine: false\nexpectations: {null_is: pass}\nengine: {memory_mb: 512, threads: 2}\n");
  const Settings settings = Load().value().settings;
  EXPECT_FALSE(settings.quarantine);
  EXPECT_EQ(settings.expectations_null, Settings::NullOutcome::kPass);
  EXPECT_EQ(settings.memory_mb, 512);
  EXPECT_EQ(settings.threads, 2);
}

TEST_F(ProjectTest, AcceptsSettingsThatAreAllComments) {
  WriteSpec("");
  Write("medallion.yml", "# quarantine: false\n");
  EXPECT_TRUE(Load().value().settings.quarantine);
}

TEST_F(ProjectTest, WarnsOfTextThatSparkReadsAsSomethingElse) {
  WriteSpec("configuration:\n  as_of_date: 2026-05-01\n");
  const Project project = Load().value();
  EXPECT_EQ(project.Configuration("as_of_date"), "2026-05-01");
  ASSERT_EQ(project.warnings.size(), 1u);
  EXPECT_EQ(project.warnings[0].hints.at(0), "put it in quotes: `as_of_date: \"2026-05-01\"`");
}

TEST_F(ProjectTest, RefusesATextLargerThanOneMegabyte) {
  WriteSpec("libraries: [{glob: {include: a.sql}}]\n");
  Write("a.sql", std::string((1 << 20) + 1, ' '));
  EXPECT_THAT(Load(), IsError(ErrorCode::kSpecification, "larger than 1048576 bytes: a.sql"));
}

}  // namespace
}  // namespace medallion::pipeline
