#include "java_regex.h"

#include <algorithm>
#include <utility>

namespace medallion::duckdb {
namespace {

// java.util.regex.Pattern, "Line terminators".
constexpr std::string_view kAnyButLineEnd = "[^\\n\\r\\x{85}\\x{2028}\\x{2029}]";
constexpr std::string_view kLineEndBeforeEnd = "(?:\\r\\n|[\\n\\r\\x{85}\\x{2028}\\x{2029}])?\\z";
constexpr std::string_view kSpaces = "\\t-\\r ";  // with the vertical tab, which RE2 leaves out

// The bytes of the line terminator at the end of the text; 0 if it ends in none.
size_t FinalLineEndBytes(std::string_view text) {
  for (const std::string_view end :
       {"\r\n", "\n", "\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    if (text.ends_with(end)) {
      return end.size();
    }
  }
  return 0;
}

// Walks an expression once and writes it in RE2's spelling, twice: for Find, where `$` is the very
// end, and for a test of the whole text, where it may be followed by one line terminator.
class Translator {
 public:
  explicit Translator(std::string_view java) : java_(java) {}

  Status Run() {
    RETURN_IF_ERROR(ReadFlags());
    while (at_ < java_.size()) {
      RETURN_IF_ERROR(ReadOne());
    }
    if (has_line_end_ && has_lazy_) {
      return Refuse("a lazy quantifier together with `$`");
    }
    return OkStatus();
  }

  const std::string& find_spelling() const { return find_; }
  const std::string& test_spelling() const { return test_; }
  bool has_line_end() const { return has_line_end_; }

 private:
  static Error Refuse(std::string_view what) {
    return Error(ErrorCode::kUnsupported, fmt::format("{} is not supported", what));
  }

  char Peek(size_t ahead = 0) const {
    return at_ + ahead < java_.size() ? java_[at_ + ahead] : '\0';
  }
  bool Ahead(std::string_view text) const { return java_.substr(at_).starts_with(text); }

  void Write(std::string_view re2) {
    find_ += re2;
    test_ += re2;
  }
  void Copy(size_t bytes) {
    Write(java_.substr(at_, bytes));
    at_ += bytes;
  }

  // `(?is)` at the very start. RE2 folds letters beyond ASCII too, Java does not.
  Status ReadFlags() {
    if (!Ahead("(?") || Peek(2) < 'a' || Peek(2) > 'z') {
      return OkStatus();
    }
    const size_t end = java_.find_first_of(":)");
    if (end == std::string_view::npos || java_[end] == ':') {
      return OkStatus();  // refused where the group is read
    }
    for (const char flag : java_.substr(2, end - 2)) {
      if (flag != 'i' && flag != 's') {
        return Refuse(fmt::format("the flag `{}` of a regular expression", flag));
      }
      dot_all_ = dot_all_ || flag == 's';
      ignores_case_ = ignores_case_ || flag == 'i';
    }
    const auto beyond_ascii = [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; };
    if (ignores_case_ && std::any_of(java_.begin(), java_.end(), beyond_ascii)) {
      return Refuse("the flag `i` with letters beyond ASCII");
    }
    Copy(end + 1);
    return OkStatus();
  }

  Status ReadOne() {
    switch (Peek()) {
      case '\\': return ReadEscape();
      case '[': return ReadClass();
      case '(': return ReadGroupStart();
      case '{': return ReadRepetition();
      case '.':
        ++at_;
        Write(dot_all_ ? "." : kAnyButLineEnd);
        return OkStatus();
      case '$': ++at_; return WriteLineEnd();
      case '*':
      case '+':
      case '?':
        Copy(1);
        has_lazy_ = has_lazy_ || Peek() == '?';
        return RefusePossessive();
      default: Copy(1); return OkStatus();
    }
  }

  Status RefusePossessive() const {
    return Peek() == '+' ? Status(Refuse("a possessive quantifier")) : OkStatus();
  }

  // What could follow at the end but in the line terminator itself is refused.
  Status WriteLineEnd() {
    if (at_ < java_.size() && Peek() != ')' && Peek() != '|') {
      return Refuse("`$` before the end of a regular expression");
    }
    has_line_end_ = true;
    find_ += "\\z";
    test_ += kLineEndBeforeEnd;
    return OkStatus();
  }

  Status ReadGroupStart() {
    if (Ahead("(?<") && Peek(3) != '=' && Peek(3) != '!') {
      at_ += 3;
      Write("(?P<");
      return OkStatus();
    }
    if (Ahead("(?") && !Ahead("(?:")) {
      return Refuse("`(?` other than `(?:…)` and `(?<name>…)`");
    }
    Copy(Ahead("(?:") ? 3 : 1);
    return OkStatus();
  }

  // RE2 takes a brace that begins no repetition as itself, Java refuses it.
  Status ReadRepetition() {
    const size_t end = java_.find('}', at_);
    const std::string_view count =
        end == std::string_view::npos ? "" : java_.substr(at_ + 1, end - at_ - 1);
    if (count.empty() || count.front() == ',' ||
        count.find_first_not_of("0123456789,") != std::string_view::npos) {
      return Refuse("`{` that begins no repetition; write `\\{`: it");
    }
    Copy(count.size() + 2);
    has_lazy_ = has_lazy_ || Peek() == '?';
    return RefusePossessive();
  }

  Status ReadEscape() {
    const char c = Peek(1);
    switch (c) {
      case 's':
      case 'S':
        Write(fmt::format("[{}{}]", c == 'S' ? "^" : "", kSpaces));
        at_ += 2;
        return OkStatus();
      case 'Z': at_ += 2; return WriteLineEnd();
      case 'Q': return ReadQuoted();
      default: return CopyEscape();
    }
  }

  Status ReadQuoted() {
    const size_t end = java_.find("\\E", at_);
    Copy(end == std::string_view::npos ? java_.size() - at_ : end + 2 - at_);
    return OkStatus();
  }

  // Escapes that mean the same in both.
  Status CopyEscape() {
    const char c = Peek(1);
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c == 'u') {
      Write(fmt::format("\\x{{{}}}", java_.substr(at_ + 2, 4)));
      at_ = std::min(at_ + 6, java_.size());
      return OkStatus();
    }
    if (is_letter && std::string_view("dDwWbBAztnrfaxpP").find(c) == std::string_view::npos) {
      return Refuse(fmt::format("`\\{}` in a regular expression", c));
    }
    if (c >= '1' && c <= '9') {
      return Refuse("a back reference");
    }
    if ((c == 'p' || c == 'P' || c == 'x') && Peek(2) == '{') {
      const size_t end = java_.find('}', at_);
      Copy(end == std::string_view::npos ? java_.size() - at_ : end + 1 - at_);
      return OkStatus();
    }
    Copy(2);
    return OkStatus();
  }

  Status ReadClass() {
    Copy(Ahead("[^") ? 2 : 1);
    for (bool first = true;; first = false) {
      if (at_ >= java_.size()) {
        return OkStatus();  // RE2 says that the bracket is missing
      }
      if (Peek() == ']' && !first) {
        Copy(1);
        return OkStatus();
      }
      RETURN_IF_ERROR(ReadClassMember());
    }
  }

  Status ReadClassMember() {
    if (Peek() == '[' || Ahead("&&")) {
      return Refuse("a class inside a class, or `&&`, of a regular expression");
    }
    if (Ahead("\\s")) {
      Write(kSpaces);
      at_ += 2;
      return OkStatus();
    }
    if (Ahead("\\S") || Ahead("\\Q") || Ahead("\\Z")) {
      return Refuse(fmt::format("`\\{}` in a class of a regular expression", Peek(1)));
    }
    if (Peek() == '\\') {
      return CopyEscape();
    }
    Copy(1);
    return OkStatus();
  }

  std::string_view java_;
  size_t at_ = 0;
  std::string find_;
  std::string test_;
  bool dot_all_ = false;
  bool ignores_case_ = false;
  bool has_line_end_ = false;
  bool has_lazy_ = false;
};

}  // namespace

JavaRegex::JavaRegex(std::unique_ptr<const re2::RE2> re2, std::string test_spelling,
                     bool has_line_end)
    : re2_(std::move(re2)), test_spelling_(std::move(test_spelling)), has_line_end_(has_line_end) {}

Result<JavaRegex> JavaRegex::Compile(std::string_view java) {
  Translator translator(java);
  RETURN_IF_ERROR(translator.Run());
  auto re2 = std::make_unique<const re2::RE2>(translator.find_spelling(), re2::RE2::Quiet);
  if (!re2->ok()) {
    return Error(ErrorCode::kUnsupported,
                 fmt::format("the regular expression is not supported: {}", re2->error()));
  }
  return JavaRegex(std::move(re2), translator.test_spelling(), translator.has_line_end());
}

bool JavaRegex::Find(std::string_view text, size_t from,
                     std::vector<re2::StringPiece>& groups) const {
  const auto match = [&](size_t end, std::vector<re2::StringPiece>& found) {
    found.assign(static_cast<size_t>(group_count()) + 1, re2::StringPiece());
    return from <= end &&
           re2_->Match(re2::StringPiece(text.data(), end), from, end, re2::RE2::UNANCHORED,
                       found.data(), static_cast<int>(found.size()));
  };
  const bool found = match(text.size(), groups);
  const size_t line_end_bytes = has_line_end_ ? FinalLineEndBytes(text) : 0;
  if (line_end_bytes == 0) {
    return found;
  }
  // `$` holds at two places. The earlier match wins; of two that begin together the longer one,
  // since quantifiers are greedy here.
  std::vector<re2::StringPiece> before_line_end;
  if (match(text.size() - line_end_bytes, before_line_end) &&
      (!found || before_line_end[0].data() < groups[0].data())) {
    groups = std::move(before_line_end);
    return true;
  }
  return found;
}

void JavaRegex::Rewrite(std::string_view rewrite, const std::vector<re2::StringPiece>& groups,
                        std::string& result) const {
  re2_->Rewrite(&result, re2::StringPiece(rewrite.data(), rewrite.size()), groups.data(),
                static_cast<int>(groups.size()));
}

}  // namespace medallion::duckdb
