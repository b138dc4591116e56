#include "base/data_type.h"

#include <gtest/gtest.h>

#include "base/schema.h"

namespace medallion {
namespace {

TEST(DataTypeTest, ReadsEverySparkSpelling) {
  struct Case {
    const char* ddl;
    const char* canonical;
  };
  for (const Case& c :
       {Case{"int", "INT"}, Case{"INTEGER", "INT"}, Case{"long", "BIGINT"},
        Case{"bigint", "BIGINT"}, Case{"decimal", "DECIMAL(10,0)"},
        Case{"numeric( 12 , 3 )", "DECIMAL(12,3)"}, Case{"dec(5)", "DECIMAL(5,0)"},
        Case{"array<array<string>>", "ARRAY<ARRAY<STRING>>"},
        Case{"map<string,int>", "MAP<STRING, INT>"},
        Case{"struct<a: int, b string not null>", "STRUCT<a: INT, b: STRING NOT NULL>"},
        Case{"struct<>", "STRUCT<>"}, Case{"timestamp_ntz", "TIMESTAMP_NTZ"},
        Case{"interval day to second", "INTERVAL DAY TO SECOND"}}) {
    const auto type = DataType::FromDdl(c.ddl);
    ASSERT_TRUE(type.has_value()) << c.ddl << ": " << type.error().message();
    EXPECT_EQ(type->ToDdl(), c.canonical);
  }
}

TEST(DataTypeTest, RefusesUnknownAndImpossibleTypes) {
  for (const char* ddl : {"", "varchr", "decimal(39,0)", "decimal(5,6)", "decimal(0,0)",
                          "array<int", "map<int>", "int int", "struct<a>"}) {
    EXPECT_FALSE(DataType::FromDdl(ddl).has_value()) << ddl;
  }
}

TEST(DataTypeTest, RefusesEndlessNesting) {
  std::string ddl;
  for (int i = 0; i < 100'000; ++i) {
    ddl += "array<";
  }
  EXPECT_FALSE(DataType::FromDdl(ddl).has_value());
}

TEST(DataTypeTest, ComparesByStructure) {
  EXPECT_EQ(*DataType::FromDdl("array<struct<a:int>>"), *DataType::FromDdl("ARRAY<STRUCT<a INT>>"));
  EXPECT_FALSE(*DataType::FromDdl("array<int>") == *DataType::FromDdl("array<bigint>"));
  EXPECT_FALSE(DataType::Decimal(10, 2) == DataType::Decimal(10, 3));
}

}  // namespace
}  // namespace medallion
