#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <re2/re2.h>

#include "base/result.h"

namespace medallion::duckdb {

// A regular expression of java.util.regex with Java's meaning, run by RE2: expressions for which
// the two differ are rewritten or refused. Immutable and thread-safe; moving it is cheap.
//
// Rewritten: `.` stops at every line terminator of Java, `\s` knows the vertical tab, `$` and `\Z`
// also hold before a final line terminator, an empty match may follow a match. Refused, beside what
// RE2 cannot do (look-around, back references, possessive quantifiers): nested classes, `&&`, and
// flags other than `i` and `s` at the very start. `\b` sees words of ASCII, as Java does from 19
// on.
class JavaRegex {
 public:
  // kUnsupported with the reason.
  static Result<JavaRegex> Compile(std::string_view java);

  int group_count() const { return re2_->NumberOfCapturingGroups(); }

  // RE2's spelling of an expression that matches somewhere in exactly the same texts.
  const std::string& test_spelling() const { return test_spelling_; }

  // Matcher.find from byte offset `from`: the first match at or after it, as the groups 0 to
  // group_count(); groups that took no part have null data. Empty if there is none.
  bool Find(std::string_view text, size_t from, std::vector<re2::StringPiece>& groups) const;
  // Appends `rewrite` with the groups that it names as RE2 does (\1).
  void Rewrite(std::string_view rewrite, const std::vector<re2::StringPiece>& groups,
               std::string& result) const;

 private:
  JavaRegex(std::unique_ptr<const re2::RE2> re2, std::string test_spelling, bool has_line_end);

  std::unique_ptr<const re2::RE2> re2_;
  std::string test_spelling_;
  bool has_line_end_;
};

// Calls `sink(groups)` for each match that Java's find loop meets, until it returns false.
template <class Sink>
void ForEachMatch(const JavaRegex& regex, std::string_view text, const Sink& sink) {
  std::vector<re2::StringPiece> groups;
  size_t from = 0;
  while (from <= text.size() && regex.Find(text, from, groups)) {
    if (!sink(groups)) {
      return;
    }
    from = static_cast<size_t>(groups[0].data() - text.data()) + groups[0].size();
    if (groups[0].empty()) {
      do {
        ++from;
      } while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80);
    }
  }
}

}  // namespace medallion::duckdb
