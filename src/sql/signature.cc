#include "signature.h"

#include <map>

#include "base/check.h"
#include "base/text.h"
#include "decimal_typing.h"
#include "type_coercion.h"

namespace medallion::sql {
namespace {

using Kind = TypePattern::Kind;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Signature Parse() {
    Signature signature;
    Expect("(");
    if (!Accept(")")) {
      do {
        ParseParameter(signature);
      } while (Accept(","));
      Expect(")");
    }
    Expect("->");
    signature.result = ParseType();
    if (Accept("!")) {
      signature.nullability = Signature::Nullability::kNever;
    } else if (Accept("?")) {
      signature.nullability = Signature::Nullability::kAlways;
    }
    SkipBlanks();
    CHECK(text_.empty());
    return signature;
  }

 private:
  void ParseParameter(Signature& signature) {
    CHECK(!signature.variadic);
    signature.parameters.push_back(ParseType());
    if (Accept("...")) {
      signature.variadic = true;
      ++signature.required;
    } else if (!Accept("?")) {
      CHECK_EQ(signature.required + 1, signature.parameters.size());
      ++signature.required;
    }
  }

  TypePattern ParseType() {
    SkipBlanks();
    if (Accept("#")) {
      CHECK(!text_.empty());
      const size_t argument = static_cast<size_t>(text_.front() - '1');
      text_.remove_prefix(1);
      return {Kind::kArgument, {}, 0, argument, {}};
    }
    size_t length = std::min(text_.find_first_of("<>,()!?#. "), text_.size());
    if (text_.starts_with("decimal(")) {
      length = text_.find(')') + 1;
    }
    const std::string_view word = text_.substr(0, length);
    text_.remove_prefix(length);
    return FromWord(word);
  }

  TypePattern FromWord(std::string_view word) {
    static constexpr std::pair<std::string_view, Kind> kClasses[] = {
        {"any", Kind::kAny},     {"numeric", Kind::kNumeric},   {"integral", Kind::kIntegral},
        {"small", Kind::kSmall}, {"interval", Kind::kInterval}, {"decimal", Kind::kDecimal}};
    for (const auto& [name, kind] : kClasses) {
      if (word == name) {
        return {kind, {}, 0, 0, {}};
      }
    }
    if (word == "array" || word == "map") {
      TypePattern pattern{word == "array" ? Kind::kArray : Kind::kMap, {}, 0, 0, {}};
      Expect("<");
      pattern.children.push_back(ParseType());
      if (pattern.kind == Kind::kMap) {
        Expect(",");
        pattern.children.push_back(ParseType());
      }
      Expect(">");
      return pattern;
    }
    if (word.size() == 1 && word[0] >= 'A' && word[0] <= 'Z') {
      return {Kind::kVariable, {}, word[0], 0, {}};
    }
    return {Kind::kConcrete, Concrete(word), 0, 0, {}};
  }

  static DataType Concrete(std::string_view word) {
    if (word == "interval_ym") {
      return DataType::YearMonthInterval();
    }
    if (word == "interval_dt") {
      return DataType::DayTimeInterval();
    }
    auto type = DataType::FromDdl(word);
    CHECK(type.has_value());
    return *std::move(type);
  }

  void SkipBlanks() {
    while (!text_.empty() && text_.front() == ' ') {
      text_.remove_prefix(1);
    }
  }
  bool Accept(std::string_view token) {
    SkipBlanks();
    if (!text_.starts_with(token)) {
      return false;
    }
    text_.remove_prefix(token.size());
    return true;
  }
  void Expect(std::string_view token) { CHECK(Accept(token)); }

  std::string_view text_;
};

std::string Describe(const TypePattern& pattern) {
  switch (pattern.kind) {
    case Kind::kConcrete: return pattern.type.ToDdl();
    case Kind::kDecimal: return "DECIMAL";
    case Kind::kNumeric: return "a number";
    case Kind::kIntegral: return "an integer";
    case Kind::kSmall: return "INT, SMALLINT or TINYINT";
    case Kind::kInterval: return "an interval";
    case Kind::kArray: return "ARRAY";
    case Kind::kMap: return "MAP";
    default: return "the type of the other arguments";
  }
}

using Bindings = std::map<char, DataType>;

// Widens the variables of `pattern` so that they hold `actual`; false if there is no common type.
bool BindVariables(const TypePattern& pattern, const DataType& actual, Bindings& bindings) {
  switch (pattern.kind) {
    case Kind::kVariable: {
      const auto [bound, fresh] = bindings.try_emplace(pattern.variable, actual);
      if (fresh) {
        return true;
      }
      auto common =
          CommonType(bound->second, actual,
                     pattern.variable == 'W' ? StringPromotion::kRefuse : StringPromotion::kAllow);
      if (!common) {
        return false;
      }
      bound->second = *std::move(common);
      return true;
    }
    case Kind::kArray:
      return actual.Is(TypeKind::kVoid) ||
             (actual.Is(TypeKind::kArray) &&
              BindVariables(pattern.children[0], actual.element(), bindings));
    case Kind::kMap:
      return actual.Is(TypeKind::kVoid) ||
             (actual.Is(TypeKind::kMap) &&
              BindVariables(pattern.children[0], actual.key(), bindings) &&
              BindVariables(pattern.children[1], actual.value(), bindings));
    default: return true;
  }
}

// NULL where a class of types is wanted, and strings where numbers are.
DataType DefaultOf(Kind kind) {
  switch (kind) {
    case Kind::kIntegral:
    case Kind::kSmall: return DataType::Integer();
    case Kind::kDecimal: return DataType::Decimal(38, 18);
    case Kind::kInterval: return DataType::DayTimeInterval();
    default: return DataType::Double();
  }
}

std::optional<DataType> CoerceToClass(Kind kind, const DataType& actual) {
  const bool blank = actual.Is(TypeKind::kVoid) || actual.Is(TypeKind::kString);
  switch (kind) {
    case Kind::kNumeric:
      return actual.IsNumeric() ? actual : blank ? std::optional(DefaultOf(kind)) : std::nullopt;
    case Kind::kIntegral:
      return actual.IsIntegral() ? actual : blank ? std::optional(DefaultOf(kind)) : std::nullopt;
    case Kind::kSmall:
      return actual.IsIntegral() && !actual.Is(TypeKind::kLong) ? DataType::Integer()
             : blank                                            ? std::optional(DefaultOf(kind))
                                                                : std::nullopt;
    case Kind::kDecimal:
      if (actual.Is(TypeKind::kDecimal) || actual.IsIntegral()) {
        return DecimalForIntegral(actual);
      }
      if (actual.Is(TypeKind::kDouble)) {
        return DataType::Decimal(30, 15);  // Spark's DecimalType.DoubleDecimal
      }
      if (actual.Is(TypeKind::kFloat)) {
        return DataType::Decimal(14, 7);
      }
      return blank ? std::optional(DefaultOf(kind)) : std::nullopt;
    case Kind::kInterval:
      return IsInterval(actual)           ? std::optional(actual)
             : actual.Is(TypeKind::kVoid) ? std::optional(DefaultOf(kind))
                                          : std::nullopt;
    default: return std::nullopt;
  }
}

std::optional<DataType> Coerce(const TypePattern& pattern, const DataType& actual,
                               const Bindings& bindings) {
  switch (pattern.kind) {
    case Kind::kAny: return actual;
    case Kind::kConcrete:
      return CanCastImplicitly(actual, pattern.type) ? std::optional(pattern.type) : std::nullopt;
    case Kind::kVariable: return bindings.at(pattern.variable);
    case Kind::kArray: {
      if (actual.Is(TypeKind::kVoid)) {
        return DataType::Array(DataType::Void());
      }
      if (!actual.Is(TypeKind::kArray)) {
        return std::nullopt;
      }
      auto element = Coerce(pattern.children[0], actual.element(), bindings);
      return element ? std::optional(DataType::Array(*element, actual.contains_null()))
                     : std::nullopt;
    }
    case Kind::kMap: {
      if (actual.Is(TypeKind::kVoid)) {
        return DataType::Map(DataType::Void(), DataType::Void());
      }
      if (!actual.Is(TypeKind::kMap)) {
        return std::nullopt;
      }
      auto key = Coerce(pattern.children[0], actual.key(), bindings);
      auto value = Coerce(pattern.children[1], actual.value(), bindings);
      return key && value ? std::optional(DataType::Map(*key, *value, actual.contains_null()))
                          : std::nullopt;
    }
    default: return CoerceToClass(pattern.kind, actual);
  }
}

DataType Instantiate(const TypePattern& pattern, const Bindings& bindings,
                     const std::vector<DataType>& arguments) {
  switch (pattern.kind) {
    case Kind::kConcrete: return pattern.type;
    case Kind::kVariable: {
      const auto bound = bindings.find(pattern.variable);
      return bound == bindings.end() ? DataType::Void() : bound->second;
    }
    case Kind::kArgument: return arguments.at(pattern.argument);
    case Kind::kArray:
      return DataType::Array(Instantiate(pattern.children[0], bindings, arguments));
    case Kind::kMap:
      return DataType::Map(Instantiate(pattern.children[0], bindings, arguments),
                           Instantiate(pattern.children[1], bindings, arguments));
    default:
      CheckFailed(__FILE__, __LINE__, "result pattern", "a class of types cannot be a result");
  }
}

}  // namespace

bool Signature::Accepts(size_t argument_count) const {
  return argument_count >= required && (variadic || argument_count <= parameters.size());
}

Signature ParseSignature(std::string_view text) { return Parser(text).Parse(); }

tl::expected<SignatureMatch, SignatureMismatch> MatchSignature(
    const Signature& signature, std::span<const ArgumentInfo> arguments) {
  const auto pattern_of = [&](size_t i) -> const TypePattern& {
    return signature.parameters[std::min(i, signature.parameters.size() - 1)];
  };
  Bindings bindings;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!BindVariables(pattern_of(i), arguments[i].type, bindings)) {
      return tl::unexpected(SignatureMismatch{i, Describe(pattern_of(i))});
    }
  }
  SignatureMatch match;
  bool nullable = false;
  for (size_t i = 0; i < arguments.size(); ++i) {
    auto type = Coerce(pattern_of(i), arguments[i].type, bindings);
    if (!type) {
      return tl::unexpected(SignatureMismatch{i, Describe(pattern_of(i))});
    }
    match.casts += *type == arguments[i].type ? 0 : 1;
    // A string that does not read as the wanted type raises, it does not become NULL.
    nullable = nullable || arguments[i].nullable;
    match.types.arguments.push_back(*std::move(type));
  }
  match.types.result = Instantiate(signature.result, bindings, match.types.arguments);
  match.types.nullable = signature.nullability == Signature::Nullability::kAlways ||
                         (signature.nullability == Signature::Nullability::kIfArgument && nullable);
  return match;
}

}  // namespace medallion::sql
