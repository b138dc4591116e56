#include "column_name.h"

#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "number_literal.h"

namespace medallion::sql {
namespace {

using OptionalText = std::optional<std::string>;

// Spark's `toPrettySQL`: names without qualifiers, texts without quotes, operators in parentheses.
class PrettyPrinter {
 public:
  OptionalText Print(const ast::Expression& expression) const {
    return std::visit([this](const auto& node) { return Visit(node); }, expression.node);
  }

 private:
  OptionalText Print(const ast::ExpressionPtr& expression) const { return Print(*expression); }

  // The texts separated by commas, or nothing if one is missing.
  OptionalText PrintList(const std::vector<ast::ExpressionPtr>& expressions) const {
    std::vector<std::string> texts;
    for (const ast::ExpressionPtr& expression : expressions) {
      OptionalText text = Print(expression);
      if (!text) return std::nullopt;
      texts.push_back(*std::move(text));
    }
    return medallion::Join(texts, ", ");
  }

  // The text between two others, or nothing if it is missing.
  static OptionalText Wrap(std::string_view before, const OptionalText& text,
                           std::string_view after) {
    return text ? OptionalText(fmt::format("{}{}{}", before, *text, after)) : std::nullopt;
  }

  OptionalText Visit(const ast::ColumnReference& node) const { return node.parts.back().text; }

  OptionalText Visit(const ast::Literal& node) const {
    const Value& value = node.value;
    if (value.is_null()) return "NULL";
    if (const auto* text = std::get_if<std::string>(&value.data);
        text != nullptr && value.type.Is(TypeKind::kString)) {
      return *text;
    }
    if (value.type.Is(TypeKind::kDate)) return "DATE '" + ToDisplayString(value) + "'";
    if (value.type.Is(TypeKind::kBinary)) return LiteralToSql(value);
    return ToDisplayString(value);
  }

  OptionalText Visit(const ast::Unary& node) const {
    const OptionalText operand = Print(node.operand);
    switch (node.op) {
      case ast::UnaryOperator::kMinus: return Wrap("(- ", operand, ")");
      case ast::UnaryOperator::kPlus: return Wrap("(+ ", operand, ")");
      case ast::UnaryOperator::kBitNot: return Wrap("~", operand, "");
      case ast::UnaryOperator::kNot: return Wrap("(NOT ", operand, ")");
    }
    return std::nullopt;
  }

  OptionalText Visit(const ast::Binary& node) const {
    const OptionalText left = Print(node.left);
    const OptionalText right = Print(node.right);
    if (!left || !right) return std::nullopt;
    if (node.op == "||") return fmt::format("concat({}, {})", *left, *right);
    const std::string op = node.op == "<>" ? "=" : node.op == "div" ? "div" : ToUpper(node.op);
    const std::string text = fmt::format("({} {} {})", *left, op, *right);
    return node.op == "<>" ? fmt::format("(NOT {})", text) : text;
  }

  OptionalText Visit(const ast::Between& node) const {
    const OptionalText operand = Print(node.operand);
    const OptionalText low = Print(node.low);
    const OptionalText high = Print(node.high);
    if (!operand || !low || !high) return std::nullopt;
    return Negate(fmt::format("between({}, {}, {})", *operand, *low, *high), node.negated);
  }

  OptionalText Visit(const ast::InList& node) const {
    const OptionalText operand = Print(node.operand);
    const OptionalText list = PrintList(node.candidates);
    if (!operand || !list) return std::nullopt;
    return Negate(fmt::format("({} IN ({}))", *operand, *list), node.negated);
  }

  OptionalText Visit(const ast::Like& node) const {
    if (node.quantifier != ast::Like::Quantifier::kNone || node.escape) return std::nullopt;
    const OptionalText operand = Print(node.operand);
    const OptionalText pattern = Print(node.patterns.front());
    if (!operand || !pattern) return std::nullopt;
    if (node.kind == ast::Like::Kind::kLike)
      return Negate(fmt::format("{} LIKE {}", *operand, *pattern), node.negated);
    const std::string_view function = node.kind == ast::Like::Kind::kILike ? "ilike" : "RLIKE";
    return Negate(fmt::format("{}({}, {})", function, *operand, *pattern), node.negated);
  }

  OptionalText Visit(const ast::IsTest& node) const {
    if (node.what != ast::IsTest::What::kNull) return std::nullopt;
    return Wrap("(", Print(node.operand), node.negated ? " IS NOT NULL)" : " IS NULL)");
  }

  OptionalText Visit(const ast::Case& node) const {
    std::string text = "CASE";
    for (const ast::Case::Branch& branch : node.branches) {
      OptionalText condition = Print(branch.condition);
      const OptionalText result = Print(branch.result);
      if (node.operand != nullptr)
        condition = Visit(ast::Binary{"=", node.operand, branch.condition, {}});
      if (!condition || !result) return std::nullopt;
      text += fmt::format(" WHEN {} THEN {}", *condition, *result);
    }
    if (node.otherwise != nullptr) {
      const OptionalText otherwise = Print(node.otherwise);
      if (!otherwise) return std::nullopt;
      text += " ELSE " + *otherwise;
    }
    return text + " END";
  }

  OptionalText Visit(const ast::Cast& node) const {
    return Wrap(node.try_cast ? "TRY_CAST(" : "CAST(", Print(node.operand),
                " AS " + node.type.ToDdl() + ")");
  }

  OptionalText Visit(const ast::FieldAccess& node) const {
    return Wrap("", Print(node.base), "." + node.field.text);
  }
  OptionalText Visit(const ast::Subscript& node) const {
    const OptionalText index = Print(node.index);
    return index ? Wrap("", Print(node.base), "[" + *index + "]") : std::nullopt;
  }

  OptionalText Visit(const ast::FunctionCall& node) const {
    if (node.over || node.filter != nullptr || !node.within_group.empty() ||
        node.null_treatment != ast::NullTreatment::kDefault) {
      return std::nullopt;
    }
    std::vector<std::string> arguments;
    for (const ast::Argument& argument : node.args) {
      if (argument.name || argument.value == nullptr) return std::nullopt;
      const bool star = std::holds_alternative<ast::Star>(argument.value->node);
      OptionalText text = star ? OptionalText("1") : Print(argument.value);
      if (!text) return std::nullopt;
      arguments.push_back(*std::move(text));
    }
    return fmt::format("{}({}{})", ToLower(node.name.back().text), node.distinct ? "DISTINCT " : "",
                       medallion::Join(arguments, ", "));
  }

  template <class Other>
  OptionalText Visit(const Other& /*node*/) const {
    return std::nullopt;
  }

  static std::string Negate(std::string text, bool negated) {
    return negated ? fmt::format("(NOT {})", text) : std::move(text);
  }
};

}  // namespace

std::optional<std::string> DefaultColumnName(const ast::Expression& expression) {
  if (const auto* field = std::get_if<ast::FieldAccess>(&expression.node)) return field->field.text;
  if (const auto* cast = std::get_if<ast::Cast>(&expression.node)) {
    const bool column = std::holds_alternative<ast::ColumnReference>(cast->operand->node) ||
                        std::holds_alternative<ast::FieldAccess>(cast->operand->node);
    if (column && !cast->try_cast) return DefaultColumnName(*cast->operand);
  }
  return PrettyPrinter().Print(expression);
}

}  // namespace medallion::sql
