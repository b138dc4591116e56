#include "delta/data_path.h"

#include <cmath>
#include <limits>

#include "base/civil_time.h"
#include "base/testing.h"

namespace medallion::delta {
namespace {

using ::medallion::testing::HasValue;
using ::medallion::testing::IsError;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

constexpr const char* kUuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

TEST(DataPathTest, FilesAreNamedAsSparkDoes) {
  Random random(1);
  const std::string path = NewDataFilePath({}, {}, 7, random);
  EXPECT_THAT(path, MatchesRegex(fmt::format("part-00007-{}-c000\\.zstd\\.parquet", kUuid)));
  EXPECT_NE(NewDataFilePath({}, {}, 7, random), path);
}

// Pitfalls 12 and 17. Expected names are Hive's.
TEST(DataPathTest, FoldersFollowThePartitionColumns) {
  Random random(1);
  const auto folder = [&](std::optional<std::string> value) {
    const std::string path = NewDataFilePath({"p"}, {{"p", std::move(value)}}, 0, random);
    return path.substr(0, path.rfind('/') + 1);
  };
  EXPECT_EQ(folder("2026-05-01"), "p=2026-05-01/");
  EXPECT_EQ(folder("a b/c"), "p=a b%2Fc/");
  EXPECT_EQ(folder("50%"), "p=50%25/");
  EXPECT_EQ(folder("a=b:c"), "p=a%3Db%3Ac/");
  EXPECT_EQ(folder("äöü"), "p=äöü/");
  EXPECT_EQ(folder(std::nullopt), "p=__HIVE_DEFAULT_PARTITION__/");
  EXPECT_EQ(folder(""), "p=__HIVE_DEFAULT_PARTITION__/");
  EXPECT_EQ(folder(".."), "p=../");
  const std::string two = NewDataFilePath({"y", "m"}, {{"m", "5"}, {"y", "2026"}}, 0, random);
  EXPECT_THAT(two, StartsWith("y=2026/m=5/part-00000-"));
}

TEST(DataPathTest, FolderNamesFitTheFileSystem) {
  Random random(1);
  std::string umlauts;
  for (int i = 0; i < 500; ++i) {
    umlauts += "ä";
  }
  for (const std::string& value : {std::string(1000, '/'), umlauts, std::string(1000, 'x')}) {
    const std::string path = NewDataFilePath({"p"}, {{"p", value}}, 0, random);
    EXPECT_LE(path.find('/'), 255U);
  }
}

struct PartitionCase {
  Value value;
  std::optional<std::string> text;
};

const int64_t kInstant = *ParseIsoTimestamp("2026-05-01T09:08:07.000123Z");

TEST(PartitionValueTest, ValuesAreWrittenAsTheProtocolSays) {
  const PartitionCase cases[] = {
      {Value::Null(DataType::Long()), std::nullopt},
      {Value::String(""), std::nullopt},
      {Value::String("a b"), "a b"},
      {Value::String("__HIVE_DEFAULT_PARTITION__"), "__HIVE_DEFAULT_PARTITION__"},
      {Value::Boolean(true), "true"},
      {Value::Boolean(false), "false"},
      {Value::Long(std::numeric_limits<int64_t>::min()), "-9223372036854775808"},
      {Value::Integer(-5), "-5"},
      {{DataType::Decimal(10, 2), Decimal{int128_t{-1250}, 2}}, "-12.50"},
      {Value::Date(20574), "2026-05-01"},
      {Value::Timestamp(kInstant), "2026-05-01T09:08:07.000123Z"},
      {{DataType::TimestampNtz(), kInstant}, "2026-05-01 09:08:07.000123"},
      {Value::Double(1.5), "1.5"},
      {Value::Double(2), "2.0"},
  };
  for (const PartitionCase& each : cases) {
    EXPECT_THAT(PartitionValueToText(each.value), HasValue(each.text));
    if (each.text) {
      EXPECT_THAT(PartitionValueFromText(each.text, each.value.type), HasValue(each.value))
          << *each.text;
    }
  }
}

TEST(PartitionValueTest, EmptyIsNullForEveryType) {
  for (const DataType& type : {DataType::String(), DataType::Long(), DataType::Date()}) {
    EXPECT_THAT(PartitionValueFromText("", type), HasValue(Value::Null(type)));
    EXPECT_THAT(PartitionValueFromText(std::nullopt, type), HasValue(Value::Null(type)));
  }
}

TEST(PartitionValueTest, OlderSpellingsAreRead) {
  EXPECT_THAT(PartitionValueFromText("2026-05-01 09:08:07.000123", DataType::Timestamp()),
              HasValue(Value::Timestamp(kInstant)));
  EXPECT_THAT(PartitionValueFromText("2026-05-01 09:08:07", DataType::Timestamp()),
              HasValue(Value::Timestamp(kInstant - 123)));
  EXPECT_THAT(PartitionValueFromText("1.5", DataType::Decimal(10, 2)),
              HasValue(Value{DataType::Decimal(10, 2), Decimal{int128_t{150}, 2}}));
}

TEST(PartitionValueTest, SpecialDoublesAreSpelledAsInJava) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_THAT(PartitionValueToText(Value::Double(-infinity)),
              HasValue(std::optional<std::string>("-Infinity")));
  EXPECT_THAT(PartitionValueToText(Value::Double(std::nan(""))),
              HasValue(std::optional<std::string>("NaN")));
  EXPECT_THAT(PartitionValueFromText("-Infinity", DataType::Double()),
              HasValue(Value::Double(-infinity)));
}

TEST(PartitionValueTest, TextOfAnotherTypeIsCorruption) {
  const std::pair<std::string, DataType> cases[] = {
      {"x", DataType::Long()},          {"128", DataType::Byte()},
      {"1.5", DataType::Integer()},     {"yes", DataType::Boolean()},
      {"2026-13-01", DataType::Date()}, {"1e99", DataType::Decimal(5, 2)},
      {"noon", DataType::Timestamp()},  {"1,5", DataType::Double()},
  };
  for (const auto& [text, type] : cases) {
    EXPECT_THAT(PartitionValueFromText(text, type), IsError(ErrorCode::kCorruption, text));
  }
}

TEST(PartitionValueTest, BytesAreRefused) {
  EXPECT_THAT(PartitionValueToText({DataType::Binary(), std::string("x")}),
              IsError(ErrorCode::kUnsupported, "BINARY"));
}

}  // namespace
}  // namespace medallion::delta
