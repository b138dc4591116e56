#include "column_names.h"

#include "base/testing.h"
#include "testing_table.h"

namespace medallion::delta {
namespace {

using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;

Metadata WithColumns(std::vector<Field> fields, std::vector<std::string> partition_columns = {}) {
  Metadata metadata = testing::IdNameMetadata();
  metadata.schema = Schema(std::move(fields));
  metadata.partition_columns = std::move(partition_columns);
  return metadata;
}

// Pitfall 35.
TEST(ColumnNamesTest, RefusesWhatSparkRefuses) {
  for (const char c : std::string_view(" ,;{}()\n\t=")) {
    const std::string name = fmt::format("Customer{}ID", c);
    EXPECT_THAT(CheckColumns(WithColumns({{name, DataType::Long()}})),
                IsError(ErrorCode::kInvalidArgument, "character that Spark refuses"))
        << name;
    EXPECT_THAT(CheckColumns(WithColumns(
                    {{"s", DataType::Array(DataType::Struct({{name, DataType::Long()}}))}})),
                IsError(ErrorCode::kInvalidArgument, "s.element.Customer"));
  }
}

TEST(ColumnNamesTest, TakesEverythingElse) {
  EXPECT_THAT(
      CheckColumns(WithColumns(
          {{"a.b", DataType::Long()}, {"größe", DataType::Long()}, {"a-b`", DataType::Long()}})),
      IsOk());
}

TEST(ColumnNamesTest, RefusesNamesEqualButForLetterCase) {
  EXPECT_THAT(CheckColumns(WithColumns({{"Id", DataType::Long()}, {"ID", DataType::Long()}})),
              IsError(ErrorCode::kInvalidArgument, "'ID'"));
  // Members of different structs do not meet.
  EXPECT_THAT(CheckColumns(WithColumns(
                  {{"id", DataType::Long()}, {"s", DataType::Struct({{"ID", DataType::Long()}})}})),
              IsOk());
}

TEST(ColumnNamesTest, RefusesTypesThatDeltaLacks) {
  EXPECT_THAT(CheckColumns(WithColumns({{"n", DataType::Void()}})),
              IsError(ErrorCode::kUnsupported, "cast column 'n'"));
  EXPECT_THAT(CheckColumns(WithColumns(
                  {{"m", DataType::Map(DataType::String(), DataType::DayTimeInterval())}})),
              IsError(ErrorCode::kUnsupported, "m.value"));
}

TEST(ColumnNamesTest, PartitionColumnsAreColumnsThatFitAFolder) {
  const std::vector<Field> fields = {{"a", DataType::Long()}, {"b", DataType::Binary()}};
  EXPECT_THAT(CheckColumns(WithColumns(fields, {"a"})), IsOk());
  EXPECT_THAT(CheckColumns(WithColumns(fields, {"c"})),
              IsError(ErrorCode::kInvalidArgument, "no such column"));
  EXPECT_THAT(CheckColumns(WithColumns(fields, {"b"})),
              IsError(ErrorCode::kInvalidArgument, "'b' of type BINARY"));
  EXPECT_THAT(CheckColumns(WithColumns(fields, {"a", "a"})),
              IsError(ErrorCode::kInvalidArgument, "twice"));
  EXPECT_THAT(CheckColumns(WithColumns({fields[0]}, {"a"})),
              IsError(ErrorCode::kInvalidArgument, "every column"));
  EXPECT_THAT(CheckColumns(WithColumns({})),
              IsError(ErrorCode::kInvalidArgument, "at least one column"));
}

}  // namespace
}  // namespace medallion::delta
