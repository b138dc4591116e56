#include "java_regex.h"

#include "base/testing.h"

namespace medallion::duckdb {
namespace {

using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;

// Every match in angle brackets, as Java's replaceAll("<$0>") does.
std::string Marked(const JavaRegex& regex, std::string_view text) {
  std::string result;
  size_t copied = 0;
  ForEachMatch(regex, text, [&](const std::vector<re2::StringPiece>& groups) {
    const auto at = static_cast<size_t>(groups[0].data() - text.data());
    result += text.substr(copied, at - copied);
    result += '<';
    regex.Rewrite("\\0", groups, result);
    result += '>';
    copied = at + groups[0].size();
    return true;
  });
  result += text.substr(copied);
  return result;
}

struct Case {
  const char* pattern;
  const char* text;
  const char* marked;
};

// Expectations: what Java 17 printed for the same calls.
TEST(JavaRegexTest, FindsWhatJavaFinds) {
  const Case cases[] = {
      {R"(c$)", "abc\n", "ab<c>\n"},
      {R"(c$)", "abc\r\n", "ab<c>\r\n"},
      {R"(c$)", "abc\n\n", "abc\n\n"},
      {R"(\s+$)", "a \n", "a< \n>"},
      {R"(b?$)", "ab\n", "a<b><>\n<>"},
      {R"(x*$)", "ab\n", "ab<>\n<>"},
      {R"((a|b)$)", "a\nb\n", "a\n<b>\n"},
      {R"([.]0+$)", "13085.0\n", "13085<.0>\n"},
      {R"([.]0+$)", "13085.00", "13085<.00>"},
      {R"($)", "ab\r\n", "ab<>\r\n<>"},
      {R"(^$)", "\n", "<>\n"},
      {R"(\s$)", "a \n", "a< ><\n>"},
      {R"(c\Z)", "abc\n", "ab<c>\n"},
      {R"(c\z)", "abc\n", "abc\n"},
      {R"(.)", "a\r\u2028\xC2\x85\nb", "<a>\r\u2028\xC2\x85\n<b>"},
      {R"((?s).)", "a\r\nb", "<a><\r><\n><b>"},
      {R"(.+)", "ab\rcd", "<ab>\r<cd>"},
      {R"(\s)", "a\vb c", "a<\v>b< >c"},
      {R"(\S+)", "a\vb", "<a>\v<b>"},
      {R"([\sx])", "\vx", "<\v><x>"},
      {R"(a*)", "baac", "<>b<aa><>c<>"},
      {R"(x*)", "abc", "<>a<>b<>c<>"},
      {R"(\b)", "ab cd", "<>ab<> <>cd<>"},
      {R"(a*?)", "aab", "<>a<>a<>b<>"},
      {R"(b*)", "éb", "<>é<b><>"},
      {R"((?i)AB)", "xabAB", "x<ab><AB>"},
      {R"((?is)a.b)", "A\nB", "<A\nB>"},
      {R"(\Qa.b\E)", "a.b axb", "<a.b> axb"},
      {R"(\u0041)", "A", "<A>"},
      {R"([]a])", "]a", "<]><a>"},
      {R"((?<n>a)(b)?)", "aab", "<a><ab>"},
      {R"(a{2,})", "aaaab", "<aaaa>b"},
      {R"([^a])", "a\nb", "a<\n><b>"},
      {R"(\.)", "a.b", "a<.>b"},
      {R"(\d+)", "a12٣", "a<12>٣"},
      {R"(\w+)", "é_a", "é<_a>"},
      {R"(a|$)", "ba\n", "b<a><>\n<>"},
  };
  for (const Case& c : cases) {
    const Result<JavaRegex> regex = JavaRegex::Compile(c.pattern);
    ASSERT_THAT(regex, IsOk()) << c.pattern;
    EXPECT_EQ(Marked(*regex, c.text), c.marked) << c.pattern << " in " << c.text;
    const bool matches = std::string_view(c.marked).find('<') != std::string_view::npos;
    EXPECT_EQ(re2::RE2::PartialMatch(c.text, regex->test_spelling()), matches) << c.pattern;
  }
}

TEST(JavaRegexTest, RefusesWhatRe2WouldReadOtherwise) {
  const std::pair<const char*, const char*> cases[] = {
      {"a(?=b)", "`(?` other than"},
      {"(?<!a)b", "`(?` other than"},
      {"(?i:a)", "`(?` other than"},
      {"(?m)^a$", "flag `m`"},
      {"(?i)É", "beyond ASCII"},
      {"(a)\\1", "back reference"},
      {"a++", "possessive"},
      {"a{2}+", "possessive"},
      {"[a-z&&[^b]]", "class inside a class"},
      {"[[:alpha:]]", "class inside a class"},
      {"{a}", "begins no repetition"},
      {"a{,2}", "begins no repetition"},
      {"\\h", "`\\h`"},
      {"\\v", "`\\v`"},
      {"a$b", "`$` before the end"},
      {"a+?$", "lazy quantifier"},
      {"(a", "missing"},
  };
  for (const auto& [pattern, reason] : cases) {
    EXPECT_THAT(JavaRegex::Compile(pattern), IsError(ErrorCode::kUnsupported, reason)) << pattern;
  }
}

}  // namespace
}  // namespace medallion::duckdb
