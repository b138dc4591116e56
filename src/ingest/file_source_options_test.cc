#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/file_source.h"

namespace medallion::ingest {
namespace {

using ::testing::HasSubstr;

FileSourceOptions Parse(const std::vector<RawOption>& options) {
  Result<FileSourceOptions> parsed = ParseFileSourceOptions(options);
  if (!parsed) {
    ADD_FAILURE() << parsed.error().ToString();
    return {};
  }
  return *std::move(parsed);
}

void ExpectRefused(const std::vector<RawOption>& options, ErrorCode code, const std::string& text) {
  const Result<FileSourceOptions> parsed = ParseFileSourceOptions(options);
  ASSERT_FALSE(parsed) << text;
  EXPECT_EQ(parsed.error().code(), code) << parsed.error().message();
  EXPECT_THAT(parsed.error().message(), HasSubstr(text));
}

TEST(FileSourceOptionsTest, HasAutoLoadersDefaults) {
  const FileSourceOptions options = Parse({});
  EXPECT_EQ(options.csv.delimiter, ',');
  EXPECT_EQ(options.csv.escape, '\\');
  EXPECT_TRUE(options.csv.header);
  EXPECT_EQ(options.max_files_per_trigger, 1000);
  EXPECT_EQ(options.schema_evolution_mode, SchemaEvolutionMode::kAddNewColumns);
  EXPECT_EQ(options.rescued_data_column, "_rescued_data");
}

TEST(FileSourceOptionsTest, TakesNamesAndBooleansInAnyLetterCaseWithOrWithoutPrefix) {
  const FileSourceOptions options =
      Parse({{"FORMAT", "CSV"},
             {"cloudFiles.schemaHints", "Quantity INT, Price DECIMAL(10,2)"},
             {"HEADER", "False"},
             {"cloudfiles.maxFilesPerTrigger", "7"},
             {"sep", "\\t"}});
  EXPECT_FALSE(options.csv.header);
  EXPECT_EQ(options.max_files_per_trigger, 7);
  EXPECT_EQ(options.csv.delimiter, '\t');
  EXPECT_EQ(options.schema_hints.ToDdl(),
            Schema::FromDdl("Quantity INT, Price DECIMAL(10,2)")->ToDdl());
}

TEST(FileSourceOptionsTest, ReadsSizesInPowersOf1024) {
  EXPECT_EQ(Parse({{"maxBytesPerTrigger", "10mb"}}).max_bytes_per_trigger, 10 << 20);
  EXPECT_EQ(Parse({{"maxBytesPerTrigger", "1 G"}}).max_bytes_per_trigger, 1 << 30);
  EXPECT_EQ(Parse({{"maxBytesPerTrigger", "512"}}).max_bytes_per_trigger, 512);
  ExpectRefused({{"maxBytesPerTrigger", "10 miles"}}, ErrorCode::kSpecification, "such as 10mb");
  ExpectRefused({{"maxBytesPerTrigger", "9999999999t"}}, ErrorCode::kSpecification, "such as 10mb");
}

TEST(FileSourceOptionsTest, SuggestsTheNearestNameForAnUnknownOne) {
  size_t index = 99;
  const auto parsed = ParseFileSourceOptions({{"format", "csv"}, {"schemaHint", "a INT"}}, &index);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(index, 1U);
  EXPECT_EQ(parsed.error().code(), ErrorCode::kSpecification);
  EXPECT_THAT(parsed.error().message(), HasSubstr("did you mean `schemaHints`?"));
}

TEST(FileSourceOptionsTest, RefusesKnownOptionsOfLaterReleasesByName) {
  ExpectRefused({{"cleanSource", "DELETE"}}, ErrorCode::kUnsupported, "`cleanSource`");
  ExpectRefused({{"cloudFiles.useNotifications", "true"}}, ErrorCode::kUnsupported,
                "useNotifications");
  ExpectRefused({{"format", "parquet"}}, ErrorCode::kUnsupported, "'parquet'");
  ExpectRefused({{"inferColumnTypes", "true"}}, ErrorCode::kUnsupported, "schemaHints");
  ExpectRefused({{"encoding", "Shift_JIS"}}, ErrorCode::kUnsupported, "Shift_JIS");
  ExpectRefused({{"schemaHints", "tags ARRAY<STRING>"}}, ErrorCode::kUnsupported, "`tags`");
}

TEST(FileSourceOptionsTest, RefusesAnOptionGivenTwiceUnderAnyOfItsNames) {
  ExpectRefused({{"header", "true"}, {"HEADER", "false"}}, ErrorCode::kSpecification,
                "given twice");
  ExpectRefused({{"sep", ";"}, {"delimiter", ","}}, ErrorCode::kSpecification, "first as `sep`");
  ExpectRefused({{"schemaHints", "a INT"}, {"cloudFiles.schemaHints", "b INT"}},
                ErrorCode::kSpecification, "given twice");
}

TEST(FileSourceOptionsTest, RefusesValuesThatAreNone) {
  ExpectRefused({{"header", "yes"}}, ErrorCode::kSpecification, "true or false");
  ExpectRefused({{"delimiter", ";;"}}, ErrorCode::kSpecification, "one character");
  ExpectRefused({{"maxFilesPerTrigger", "0"}}, ErrorCode::kSpecification, "from 1 on");
  ExpectRefused({{"mode", "strict"}}, ErrorCode::kSpecification, "FAILFAST");
  ExpectRefused({{"delimiter", "\""}}, ErrorCode::kSpecification, "same character");
}

TEST(FileSourceOptionsTest, DoesNotEvolveOrRescueWithAGivenSchemaUnlessTold) {
  const FileSourceOptions plain = Parse({{"schema", "a INT"}});
  EXPECT_EQ(plain.schema_evolution_mode, SchemaEvolutionMode::kNone);
  EXPECT_EQ(plain.rescued_data_column, std::nullopt);
  EXPECT_EQ(Parse({{"schema", "a INT"}, {"rescuedDataColumn", "_rest"}}).rescued_data_column,
            "_rest");
  ExpectRefused({{"schema", "a INT"}, {"schemaEvolutionMode", "addNewColumns"}},
                ErrorCode::kSpecification, "schemaHints");
}

TEST(FileSourceOptionsTest, KeepsTheRescuedColumnIfItsNameIsEmpty) {
  EXPECT_EQ(Parse({{"rescuedDataColumn", ""}}).rescued_data_column, "_rescued_data");
}

}  // namespace
}  // namespace medallion::ingest
