#include "lexer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "string_escapes.h"

namespace medallion::sql {
namespace {

bool IsWordCharacter(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }
bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Longest first: the first that fits is the token.
constexpr std::array<std::string_view, 37> kSymbols = {
    "<=>", ">>>", "<=", ">=", "<>", "!=", "==", "=>", "->", "||", "|>", "<<", ">>",
    "::",  "(",   ")",  "[",  "]",  "{",  "}",  ",",  ";",  ".",  ":",  "+",  "-",
    "*",   "/",   "%",  "&",  "|",  "^",  "~",  "<",  ">",  "=",  "!"};

// A character that word processors and chat programs put in place of an ASCII one.
struct Lookalike {
  std::string_view character;
  std::string_view name;
  std::string_view instead;
};
constexpr std::array<Lookalike, 12> kLookalikes = {{
    {"\u2018", "a typographic quote", "'"},
    {"\u2019", "a typographic quote", "'"},
    {"\u201C", "a typographic quote", "\""},
    {"\u201D", "a typographic quote", "\""},
    {"\u2013", "an en dash", "-"},
    {"\u2014", "an em dash", "--"},
    {"\u2212", "a minus sign U+2212", "-"},
    {"\u00A0", "a no-break space", "a space"},
    {"\u3000", "an ideographic space", "a space"},
    {"\u200B", "a zero-width space", "nothing"},
    {"\uFEFF", "a byte order mark", "nothing"},
    {"\uFF0C", "a full-width comma", ","},
}};

// A text with more errors than this is no SQL: the rest is not read.
constexpr size_t kErrorsMax = 100;

class Lexer {
 public:
  // Lexes `text`, which is the source's own text or, if `fixed_span` is set, the value of a
  // parameter that stands there.
  Lexer(const SourceTextPtr& source, std::string_view text, const ParameterLookup& parameters,
        const Span* fixed_span)
      : source_(source), text_(text), parameters_(parameters), fixed_span_(fixed_span) {}

  Lexed Run() {
    while (lexed_.errors.size() < kErrorsMax && SkipBlanksAndComments()) NextToken();
    if (fixed_span_ == nullptr) Emit(TokenKind::kEnd, position_, "");
    return std::move(lexed_);
  }

 private:
  char At(size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }
  bool StartsWith(std::string_view prefix) const {
    return text_.substr(std::min(position_, text_.size()), prefix.size()) == prefix;
  }

  Span SpanFrom(size_t begin, size_t end) const {
    if (fixed_span_ != nullptr) return *fixed_span_;
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
  }

  void Emit(TokenKind kind, size_t begin, std::string text) {
    Token token;
    token.kind = kind;
    token.span = SpanFrom(begin, position_);
    token.glued = begin == end_of_last_;
    token.text = std::move(text);
    end_of_last_ = position_;
    lexed_.tokens.push_back(std::move(token));
  }

  void EmitError(Span span, std::string condition, std::string message, std::string label,
                 std::vector<std::string> hints) {
    Token token;
    token.kind = TokenKind::kError;
    token.span = span;
    token.payload = static_cast<uint32_t>(lexed_.errors.size());
    lexed_.tokens.push_back(std::move(token));
    lexed_.errors.push_back({Severity::kError, std::move(condition), std::move(message), source_,
                             span, std::move(label), std::move(hints)});
  }
  void EmitSyntaxError(Span span, std::string message, std::string label,
                       std::vector<std::string> hints) {
    EmitError(span, "PARSE_SYNTAX_ERROR", std::move(message), std::move(label), std::move(hints));
  }

  // False at the end of the text.
  bool SkipBlanksAndComments() {
    while (position_ < text_.size()) {
      if (IsBlank(At(position_))) {
        ++position_;
      } else if (StartsWith("--")) {
        SkipLineComment();
      } else if (StartsWith("/*")) {
        if (!SkipBlockComment()) return false;
      } else {
        return true;
      }
    }
    return false;
  }

  // A backslash at the end of the line continues the comment, as in Spark.
  void SkipLineComment() {
    while (position_ < text_.size() && At(position_) != '\n' && At(position_) != '\r') {
      position_ += StartsWith("\\\n") ? 2 : 1;
    }
  }

  bool SkipBlockComment() {
    const size_t begin = position_;
    int depth = 0;
    while (position_ < text_.size()) {
      if (StartsWith("/*")) {
        ++depth;
        position_ += 2;
      } else if (StartsWith("*/")) {
        position_ += 2;
        if (--depth == 0) return true;
      } else {
        ++position_;
      }
    }
    EmitError(SpanFrom(begin, begin + 2), "UNCLOSED_BRACKETED_COMMENT",
              "this comment is never closed", "opened here",
              {"comments nest: each `/*` needs its own `*/`"});
    return false;
  }

  void NextToken() {
    const char c = At(position_);
    const char next = At(position_ + 1);
    if ((c == 'r' || c == 'R') && (next == '\'' || next == '"'))
      return LexString(position_ + 1, Escapes::kRaw);
    if ((c == 'x' || c == 'X') && (next == '\'' || next == '"')) return LexHexString();
    if (c == '\'' || c == '"') return LexString(position_, Escapes::kSpark);
    if (c == '`') return LexQuotedName();
    if (c == '$' && next == '{') return LexParameter();
    if (IsDigit(c) || (c == '.' && IsDigit(next) && !AfterName())) return LexNumberOrWord();
    if (IsWordCharacter(c)) return LexWord(position_, "");
    if (!IsAscii(c)) return LexForeignCharacter();
    for (const std::string_view symbol : kSymbols) {
      if (StartsWith(symbol)) {
        const size_t begin = position_;
        position_ += symbol.size();
        return Emit(TokenKind::kSymbol, begin, std::string(symbol));
      }
    }
    LexUnknownCharacter();
  }

  // In `t.5` and `a[1].5` the point is a separator, not the start of a number.
  bool AfterName() const {
    if (lexed_.tokens.empty() || end_of_last_ != position_) return false;
    const Token& last = lexed_.tokens.back();
    return last.kind == TokenKind::kWord || last.kind == TokenKind::kQuotedName ||
           last.text == ")" || last.text == "]";
  }

  enum class Escapes { kSpark, kRaw };

  void LexString(size_t quote_position, Escapes escapes) {
    const size_t begin = position_;
    const char quote = text_[quote_position];
    std::string content;
    position_ = quote_position + 1;
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (c == quote) {
        ++position_;
        if (escapes == Escapes::kRaw || At(position_) != quote) {
          return Emit(TokenKind::kString, begin, std::move(content));
        }
        content += quote;  // a doubled quote
        ++position_;
      } else if (c == '\\' && escapes == Escapes::kSpark && position_ + 1 < text_.size()) {
        position_ = AppendEscape(text_, position_, content);
      } else if (c == '$' && At(position_ + 1) == '{') {
        AppendParameterInQuotes(content);
      } else {
        content += c;
        ++position_;
      }
    }
    EmitSyntaxError(
        SpanFrom(begin, quote_position + 1), "this string is never closed", "opened here",
        {fmt::format("close it with `{0}`; inside a string that character is written `\\{0}`",
                     quote)});
  }

  void LexHexString() {
    const size_t begin = position_;
    const char quote = text_[begin + 1];
    const size_t end = text_.find(quote, begin + 2);
    if (end == std::string_view::npos) {
      position_ = text_.size();
      return EmitSyntaxError(SpanFrom(begin, begin + 2), "this string is never closed",
                             "opened here", {});
    }
    std::string digits(text_.substr(begin + 2, end - begin - 2));
    position_ = end + 1;
    if (digits.size() % 2 != 0) digits.insert(0, 1, '0');
    std::string bytes;
    for (size_t i = 0; i < digits.size(); i += 2) {
      const int high = HexDigit(digits[i]);
      const int low = HexDigit(digits[i + 1]);
      if (high < 0 || low < 0) {
        return EmitError(SpanFrom(begin, position_), "INVALID_TYPED_LITERAL",
                         "a binary literal consists of hexadecimal digits", "not hexadecimal", {});
      }
      bytes += static_cast<char>(high * 16 + low);
    }
    Emit(TokenKind::kHexString, begin, std::move(bytes));
  }

  static int HexDigit(char c) {
    if (IsDigit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  }

  void LexQuotedName() {
    const size_t begin = position_++;
    std::string name;
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (c == '`') {
        ++position_;
        if (At(position_) != '`') {
          if (name.empty()) {
            return EmitSyntaxError(SpanFrom(begin, position_), "a name cannot be empty",
                                   "empty name", {});
          }
          return Emit(TokenKind::kQuotedName, begin, std::move(name));
        }
        name += '`';
        ++position_;
      } else if (c == '$' && At(position_ + 1) == '{') {
        AppendParameterInQuotes(name);
      } else {
        name += c;
        ++position_;
      }
    }
    EmitSyntaxError(SpanFrom(begin, begin + 1), "this back-quoted name is never closed",
                    "opened here",
                    {"close it with a back-quote; inside a name that character is doubled"});
  }

  // Digits, then perhaps a fraction, an exponent and a type suffix. Digits that run into letters
  // are a name, as in Spark: `2026_sales`.
  void LexNumberOrWord() {
    const size_t begin = position_;
    size_t end = begin;
    bool has_point = false;
    while (IsDigit(At(end))) ++end;
    if (At(end) == '.' && !IsLetter(At(end + 1)) && At(end + 1) != '_') {
      has_point = true;
      ++end;
      while (IsDigit(At(end))) ++end;
    }
    if (At(end) == 'e' || At(end) == 'E') {
      const size_t sign = At(end + 1) == '+' || At(end + 1) == '-' ? 1 : 0;
      if (IsDigit(At(end + 1 + sign))) {
        end += 1 + sign;
        while (IsDigit(At(end))) ++end;
      }
    }
    const size_t suffix = end;
    while (IsWordCharacter(At(end))) ++end;
    if (IsNumberSuffix(text_.substr(suffix, end - suffix)) && !IsParameterAt(end)) {
      position_ = end;
      return Emit(TokenKind::kNumber, begin, std::string(text_.substr(begin, end - begin)));
    }
    if (!has_point) return LexWord(begin, "");
    position_ = end;
    EmitSyntaxError(SpanFrom(begin, end),
                    fmt::format("malformed number `{}`", text_.substr(begin, end - begin)),
                    "not a number", {"numbers may end in L, S, Y, D, F or BD"});
  }

  static bool IsNumberSuffix(std::string_view text) {
    if (text.size() > 2) return false;
    std::string upper;
    for (const char c : text) upper += static_cast<char>(c >= 'a' ? c - 'a' + 'A' : c);
    return upper.empty() || upper == "L" || upper == "S" || upper == "Y" || upper == "D" ||
           upper == "F" || upper == "BD";
  }

  // Reads word characters and parameters that consist of them; `prefix` precedes what stands at the
  // position.
  void LexWord(size_t begin, std::string prefix) {
    std::string word = std::move(prefix);
    if (word.empty()) position_ = begin;
    while (position_ < text_.size()) {
      if (IsWordCharacter(text_[position_])) {
        word += text_[position_++];
      } else if (IsForeignLetter()) {
        return LexForeignWord(begin);
      } else if (IsParameterAt(position_)) {
        const size_t parameter_begin = position_;
        const auto value = TakeParameter();
        if (!value) return;
        if (!std::ranges::all_of(*value, IsWordCharacter)) {
          // Not part of the word: the word ends here and the value is text of its own.
          const size_t after = std::exchange(position_, parameter_begin);
          Emit(TokenKind::kWord, begin, std::move(word));
          position_ = after;
          return EmitValue(parameter_begin, *value);
        }
        word += *value;
      } else {
        break;
      }
    }
    const bool number = std::ranges::all_of(word, IsDigit);
    Emit(number ? TokenKind::kNumber : TokenKind::kWord, begin, std::move(word));
  }

  bool IsParameterAt(size_t offset) const { return At(offset) == '$' && At(offset + 1) == '{'; }

  void LexParameter() {
    const size_t begin = position_;
    auto value = TakeParameter();
    if (!value) return;
    const bool continues = IsWordCharacter(At(position_)) || IsParameterAt(position_);
    if (continues && !value->empty() && std::ranges::all_of(*value, IsWordCharacter)) {
      return LexWord(begin, *std::move(value));
    }
    EmitValue(begin, *value);
  }

  // The value at the parameter from `begin` to the position, as tokens that all stand there.
  void EmitValue(size_t begin, const std::string& value) {
    const Span span = SpanFrom(begin, position_);
    Lexed inner = Lexer(source_, value, ParameterLookup(), &span).Run();
    for (Token& token : inner.tokens) {
      token.payload += static_cast<uint32_t>(lexed_.errors.size());
      lexed_.tokens.push_back(std::move(token));
    }
    for (Diagnostic& error : inner.errors) {
      error.message = "in the value of the parameter: " + error.message;
      lexed_.errors.push_back(std::move(error));
    }
    end_of_last_ = position_;
  }

  // Reads `${name}` and returns its value; an error token if there is none.
  std::optional<std::string> TakeParameter() {
    const size_t begin = position_;
    const size_t end = text_.find_first_of("}\n", begin);
    if (end == std::string_view::npos || text_[end] != '}') {
      position_ = end == std::string_view::npos ? text_.size() : end;
      EmitSyntaxError(SpanFrom(begin, begin + 2), "this parameter is never closed", "opened here",
                      {"write `${name}`"});
      return std::nullopt;
    }
    position_ = end + 1;
    const std::string_view name = text_.substr(begin + 2, end - begin - 2);
    auto value = parameters_ ? parameters_(name) : std::nullopt;
    if (!value) {
      EmitError(
          SpanFrom(begin, position_), "UNBOUND_SQL_PARAMETER",
          fmt::format("parameter `{}` has no value", name), "no value",
          {fmt::format("give it one in the project file's `configuration`, or with `--set {}=…`",
                       name)});
      return std::nullopt;
    }
    expanded_bytes_ += value->size();
    if (expanded_bytes_ > kTextBytesMax) {
      EmitError(SpanFrom(begin, position_), "PARSE_SYNTAX_ERROR",
                fmt::format("the values of parameters exceed {} bytes", kTextBytesMax), "too long",
                {});
      return std::nullopt;
    }
    return value;
  }

  void AppendParameterInQuotes(std::string& content) {
    if (const auto value = TakeParameter()) content += *value;
  }

  bool IsForeignLetter() const { return !IsAscii(At(position_)) && FindLookalike() == nullptr; }

  const Lookalike* FindLookalike() const {
    const auto found = std::ranges::find_if(
        kLookalikes, [this](const Lookalike& l) { return StartsWith(l.character); });
    return found == kLookalikes.end() ? nullptr : &*found;
  }

  void LexForeignCharacter() {
    const Lookalike* lookalike = FindLookalike();
    if (lookalike == nullptr) return LexForeignWord(position_);
    const size_t begin = position_;
    position_ += lookalike->character.size();
    EmitSyntaxError(SpanFrom(begin, position_), fmt::format("{} is not SQL", lookalike->name),
                    "not SQL", {fmt::format("type {} in its place", lookalike->instead)});
  }

  void LexForeignWord(size_t begin) {
    position_ = begin;
    while (position_ < text_.size() && (IsWordCharacter(text_[position_]) || IsForeignLetter())) {
      ++position_;
      while (position_ < text_.size() && IsContinuation(text_[position_])) ++position_;
    }
    const std::string_view word = text_.substr(begin, position_ - begin);
    EmitError(SpanFrom(begin, position_), "INVALID_IDENTIFIER",
              fmt::format("the name `{}` must be back-quoted", word), "has letters other than a-z",
              {"names without back-quotes consist of ASCII letters, digits and underscores"});
  }

  void LexUnknownCharacter() {
    const size_t begin = position_++;
    const char c = text_[begin];
    std::vector<std::string> hints;
    if (c == '$')
      hints.emplace_back("parameters are written `${name}` or `:name`; strings stand in quotes");
    if (c == '?') hints.emplace_back("parameters are written `${name}` or `:name`");
    if (c == '\\') hints.emplace_back("a statement may span lines without any sign");
    if (c == '#') hints.emplace_back("comments begin with `--`");
    EmitSyntaxError(SpanFrom(begin, position_), fmt::format("unexpected character `{}`", c),
                    "not SQL", std::move(hints));
  }

  const SourceTextPtr& source_;
  std::string_view text_;
  const ParameterLookup& parameters_;
  const Span* fixed_span_;
  size_t position_ = 0;
  size_t end_of_last_ = static_cast<size_t>(-1);
  size_t expanded_bytes_ = 0;
  Lexed lexed_;
};

}  // namespace

Lexed Lex(const SourceTextPtr& source, const ParameterLookup& parameters) {
  return Lexer(source, source->text(), parameters, nullptr).Run();
}

}  // namespace medallion::sql
