#include "definition_hash.h"

#include <vector>

#include <gtest/gtest.h>

namespace medallion::pipeline {
namespace {

uint64_t Hash(std::vector<std::string> parts) { return StableHash(parts); }

// The published test vector of FNV-1a for the empty input is the offset basis.
TEST(StableHash, StartsFromTheOffsetBasis) { EXPECT_EQ(Hash({}), 0xcbf29ce484222325ULL); }

// FNV-1a of "1:a", computed with the algorithm's definition in another language.
TEST(StableHash, IsFnvOfTheLengthAndTheText) { EXPECT_EQ(Hash({"a"}), 0x45540418180aba49ULL); }

TEST(StableHash, KeepsPartsApart) {
  EXPECT_NE(Hash({"ab", "c"}), Hash({"a", "bc"}));
  EXPECT_NE(Hash({"a", "b"}), Hash({"b", "a"}));
  EXPECT_NE(Hash({"a"}), Hash({"a", ""}));
}

}  // namespace
}  // namespace medallion::pipeline
