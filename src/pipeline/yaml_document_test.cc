#include "yaml_document.h"

#include <gtest/gtest.h>

#include "base/testing.h"

namespace medallion::pipeline {
namespace {

using testing::IsError;

Result<YamlNode> Parse(std::string text) {
  return ParseYaml(SourceText::Make("test.yml", std::move(text)));
}

YamlNode Scalar(const std::string& text) {
  return Parse("key: " + text + "\n").value().entries.at(0).value;
}

TEST(YamlDocument, KeepsPlacesOfKeysAndValues) {
  const YamlNode root = Parse("name: shop\nlist:\n  - 'a b'\n").value();
  ASSERT_EQ(root.entries.size(), 2u);
  EXPECT_EQ(root.entries[0].key_span.begin, 0u);
  EXPECT_EQ(root.entries[0].value.span.begin, 6u);
  EXPECT_EQ(root.entries[0].value.span.end, 10u);
  EXPECT_EQ(root.entries[1].value.items.at(0).scalar, "a b");
  EXPECT_EQ(
      root.entries[1].value.items.at(0).span.end - root.entries[1].value.items.at(0).span.begin,
      5u);
}

// YAML 1.2, section 10.3.2 "Tag Resolution".
TEST(YamlDocument, TypesPlainScalarsByTheCoreSchema) {
  EXPECT_EQ(CoreType(Scalar("~")), YamlType::kNull);
  EXPECT_EQ(CoreType(Scalar("")), YamlType::kNull);
  EXPECT_EQ(CoreType(Scalar("true")), YamlType::kBoolean);
  EXPECT_EQ(CoreType(Scalar("0o17")), YamlType::kInteger);
  EXPECT_EQ(CoreType(Scalar("1e3")), YamlType::kFloat);
  for (const char* text : {"no", "on", "1_000", "12:30", "2026-05-01", "\"7\"", "'true'"}) {
    EXPECT_EQ(CoreType(Scalar(text)), YamlType::kString) << text;
  }
}

TEST(YamlDocument, KnowsWhatYaml11WouldReadDifferently) {
  EXPECT_EQ(Yaml11Surprise(Scalar("no")), "a boolean");
  EXPECT_EQ(Yaml11Surprise(Scalar("1_000")), "a number");
  EXPECT_EQ(Yaml11Surprise(Scalar("12:30")), "a number");
  EXPECT_EQ(Yaml11Surprise(Scalar("2026-05-01")), "a date");
  EXPECT_EQ(Yaml11Surprise(Scalar("\"no\"")), "");
  EXPECT_EQ(Yaml11Surprise(Scalar("shop")), "");
}

TEST(YamlDocument, RefusesAliasBombs) {
  EXPECT_THAT(Parse("a: &a [x, x]\nb: [*a, *a]\n"),
              IsError(ErrorCode::kSpecification, "anchors are not supported"));
}

TEST(YamlDocument, RefusesTags) {
  EXPECT_THAT(Parse("a: !!python/object:os.system x\n"),
              IsError(ErrorCode::kSpecification, "tags are not supported"));
  EXPECT_THAT(Parse("a: !include other.yml\n"),
              IsError(ErrorCode::kSpecification, "tags are not supported"));
}

TEST(YamlDocument, RefusesDeepNestingWithoutExhaustingTheStack) {
  EXPECT_THAT(Parse("a: " + std::string(10'000, '[')),
              IsError(ErrorCode::kSpecification, "nested deeper than 64"));
  EXPECT_THAT(Parse("a: " + std::string(500'000, '{')),
              IsError(ErrorCode::kSpecification, "nested deeper than 64"));
  std::string blocks;
  for (int depth = 0; depth < 1'000; ++depth) {
    blocks += std::string(static_cast<size_t>(depth), ' ') + "a:\n";
  }
  EXPECT_THAT(Parse(blocks), IsError(ErrorCode::kSpecification, "nested deeper than 64"));
}

TEST(YamlDocument, RefusesTextsAboveOneMegabyte) {
  EXPECT_THAT(Parse(std::string((1 << 20) + 1, '#')),
              IsError(ErrorCode::kSpecification, "larger than 1048576 bytes"));
}

TEST(YamlDocument, ReadsAHundredThousandKeysOrRefusesThemButReturns) {
  std::string text;
  for (int i = 0; i < 60'000; ++i) {
    text += fmt::format("key{}: v\n", i);
  }
  const Result<YamlNode> root = Parse(text);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(root->entries.size(), 60'000u);
}

TEST(YamlDocument, RefusesTwoDocuments) {
  EXPECT_THAT(Parse("a: 1\n---\nb: 2\n"),
              IsError(ErrorCode::kSpecification, "more than one YAML document"));
}

TEST(YamlDocument, RefusesOtherEncodings) {
  EXPECT_THAT(Parse(std::string("\xFF\xFE"
                                "a\0:\0",
                                6)),
              IsError(ErrorCode::kSpecification, "not UTF-8"));
  EXPECT_THAT(Parse("a: \xC3\x28\n"), IsError(ErrorCode::kSpecification, "not UTF-8"));
}

TEST(YamlDocument, ReadsWindowsLineEnds) {
  const YamlNode root = Parse("name: shop\r\nstorage: s\r\n").value();
  EXPECT_EQ(root.entries.at(0).value.scalar, "shop");
  EXPECT_EQ(root.entries.at(1).value.span.begin, 21u);
}

}  // namespace
}  // namespace medallion::pipeline
