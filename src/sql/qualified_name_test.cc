#include "sql/qualified_name.h"

#include <gtest/gtest.h>

namespace medallion::sql {
namespace {

TEST(QualifiedNameTest, QuotesOnlyPartsThatNeedIt) {
  EXPECT_EQ((QualifiedName{{"retail", "my schema", "t`x"}}).ToString(),
            "retail.`my schema`.`t``x`");
  EXPECT_EQ((QualifiedName{{"1st", ""}}).ToString(), "`1st`.``");
}

TEST(QualifiedNameTest, KeyIgnoresLetterCase) {
  EXPECT_EQ((QualifiedName{{"Retail", "Dlt", "T"}}).Key(), "retail.dlt.t");
}

TEST(QualifiedNameTest, KeyTellsDotsInNamesFromSeparators) {
  EXPECT_NE((QualifiedName{{"a.b"}}).Key(), (QualifiedName{{"a", "b"}}).Key());
}

}  // namespace
}  // namespace medallion::sql
