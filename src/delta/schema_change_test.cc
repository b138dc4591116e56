#include "schema_change.h"

#include "base/testing.h"

namespace medallion::delta {
namespace {

using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;

Schema Ddl(std::string_view text) { return *Schema::FromDdl(text); }

TEST(SchemaChangeTest, NullableColumnsMayComeAndOrderMayChange) {
  EXPECT_THAT(CheckSchemaChange(Ddl("a INT, b STRING"), Ddl("b STRING, c DATE, a INT")), IsOk());
  EXPECT_THAT(CheckSchemaChange(Ddl("a INT NOT NULL"), Ddl("a INT")), IsOk());
  EXPECT_THAT(CheckSchemaChange(Ddl("s STRUCT<a: INT>"), Ddl("s STRUCT<a: INT, b: INT>")), IsOk());
}

TEST(SchemaChangeTest, WhatOldFilesCannotFollowIsRefusedByName) {
  const std::tuple<std::string_view, std::string_view, std::string_view> cases[] = {
      {"a INT, b INT", "a INT", "column 'b' is dropped"},
      {"a INT", "A INT", "column 'a' is dropped or renamed"},
      {"a INT", "a BIGINT", "column 'a' changes from INT to BIGINT"},
      {"a DECIMAL(10,2)", "a DECIMAL(12,2)", "column 'a' changes"},
      {"a INT", "a INT NOT NULL", "column 'a' becomes NOT NULL"},
      {"a INT", "a INT, b INT NOT NULL", "column 'b' is new and NOT NULL"},
      {"s STRUCT<a: INT>", "s STRUCT<b: INT>", "column 's.a' is dropped"},
      {"l ARRAY<INT>", "l ARRAY<STRING>", "column 'l.element' changes"},
      {"m MAP<STRING, INT>", "m MAP<STRING, STRING>", "column 'm.value' changes"},
  };
  for (const auto& [before, after, complaint] : cases) {
    EXPECT_THAT(CheckSchemaChange(Ddl(before), Ddl(after)),
                IsError(ErrorCode::kInvalidArgument, std::string(complaint)));
  }
}

}  // namespace
}  // namespace medallion::delta
