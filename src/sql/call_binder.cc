#include <algorithm>

#include "base/text.h"
#include "expr_builder.h"
#include "expression_binder.h"
#include "generators.h"
#include "type_coercion.h"

// Function calls: the forms whose arguments are not plain values, then everything the table types.

namespace medallion::sql {
namespace {

// `int(x)` and its like are casts.
std::optional<DataType> ConversionType(std::string_view name) {
  static constexpr std::string_view kNames[] = {"boolean", "tinyint", "smallint",  "int",
                                                "bigint",  "float",   "double",    "decimal",
                                                "string",  "date",    "timestamp", "binary"};
  if (std::find(std::begin(kNames), std::end(kNames), name) == std::end(kNames)) {
    return std::nullopt;
  }
  auto type = DataType::FromDdl(name);
  return type ? std::optional(*std::move(type)) : std::nullopt;
}

// Fields of EXTRACT and date_part with the function that gives them (Spark's DatePart).
std::string_view ExtractFunction(std::string_view field) {
  struct Entry {
    std::string_view field;
    std::string_view function;
  };
  static constexpr Entry kFields[] = {
      {"YEAR", "year"},
      {"Y", "year"},
      {"YEARS", "year"},
      {"YR", "year"},
      {"YRS", "year"},
      {"YEAROFWEEK", "yearofweek"},
      {"QUARTER", "quarter"},
      {"QTR", "quarter"},
      {"MONTH", "month"},
      {"MON", "month"},
      {"MONS", "month"},
      {"MONTHS", "month"},
      {"WEEK", "weekofyear"},
      {"W", "weekofyear"},
      {"WEEKS", "weekofyear"},
      {"DAY", "day"},
      {"D", "day"},
      {"DAYS", "day"},
      {"DAYOFWEEK", "dayofweek"},
      {"DOW", "dayofweek"},
      {"DAYOFWEEK_ISO", "dayofweek_iso"},
      {"DOW_ISO", "dayofweek_iso"},
      {"DOY", "dayofyear"},
      {"HOUR", "hour"},
      {"H", "hour"},
      {"HOURS", "hour"},
      {"HR", "hour"},
      {"HRS", "hour"},
      {"MINUTE", "minute"},
      {"M", "minute"},
      {"MIN", "minute"},
      {"MINS", "minute"},
      {"MINUTES", "minute"},
      {"SECOND", "second_with_fraction"},
      {"S", "second_with_fraction"},
      {"SEC", "second_with_fraction"},
      {"SECONDS", "second_with_fraction"},
      {"SECS", "second_with_fraction"},
  };
  for (const Entry& entry : kFields) {
    if (EqualsIgnoreCase(entry.field, field)) {
      return entry.function;
    }
  }
  return {};
}

const std::string* TextOf(const ExprPtr& expr) {
  const Value* value = ConstantOf(*expr);
  return value == nullptr ? nullptr : std::get_if<std::string>(&value->data);
}

}  // namespace

Error ExpressionBinder::UnknownFunction(const std::string& name, Span span) const {
  std::vector<std::string> hints;
  for (const std::string& nearest : NearestFunctionNames(name)) {
    hints.push_back("did you mean `" + nearest + "`?");
  }
  return analysis_.Problem(span, "UNRESOLVED_ROUTINE", fmt::format("unknown function `{}`", name),
                           "no such function", std::move(hints));
}

Result<ExpressionBinder::ExprList> ExpressionBinder::BindArguments(const ast::FunctionCall& node) {
  ExprList args;
  for (const ast::Argument& argument : node.args) {
    if (argument.name || argument.value == nullptr) {
      return analysis_.Unsupported(argument.span, "a named or table argument here");
    }
    ASSIGN_OR_RETURN(ExprPtr bound, Bind(*argument.value));
    args.push_back(std::move(bound));
  }
  return args;
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::FunctionCall& node, Span span) {
  if (node.name.size() != 1) {
    return analysis_.Unsupported(
        span, fmt::format("the function name `{}` of several parts", JoinParts(node.name)));
  }
  const std::string name = ToLower(node.name[0].text);
  ASSIGN_OR_RETURN(auto special, BindSpecialCall(name, node, span));
  if (special) {
    return *std::move(special);
  }
  const FunctionEntry* entry = FindFunction(name);
  if (entry == nullptr) {
    return UnknownFunction(node.name[0].text, node.name[0].span);
  }
  if (node.over) {
    return BindWindowCall(*entry, node, span);
  }
  switch (entry->kind) {
    case FunctionKind::kAggregate: return BindAggregateCall(*entry, node, span);
    case FunctionKind::kWindow:
      return analysis_.Problem(span, "WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE",
                               fmt::format("`{}` needs an OVER clause", name), "window function",
                               {fmt::format("write {}(…) OVER (PARTITION BY … ORDER BY …)", name)});
    case FunctionKind::kHigherOrder: return BindHigherOrder(*entry, node, span);
    case FunctionKind::kGenerator:
    case FunctionKind::kScalar: break;
  }
  return BindScalarCall(*entry, node, span);
}

Result<ExprPtr> ExpressionBinder::BindScalarCall(const FunctionEntry& entry,
                                                 const ast::FunctionCall& node, Span span) {
  if (node.distinct || node.filter != nullptr || !node.within_group.empty() ||
      node.null_treatment != ast::NullTreatment::kDefault) {
    return analysis_.Problem(
        span, "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
        fmt::format(
            "`{}` is no aggregate: DISTINCT, FILTER, WITHIN GROUP and IGNORE NULLS do not apply",
            entry.name),
        "not an aggregate");
  }
  ASSIGN_OR_RETURN(ExprList args, BindArguments(node));
  if (entry.name == "typeof" && args.size() == 1) {
    return LiteralOf(Value::String(ToLower(args[0]->type.ToDdl())), span);
  }
  return Call(entry.name, std::move(args), span);
}

Result<std::optional<ExprPtr>> ExpressionBinder::BindSpecialCall(const std::string& name,
                                                                 const ast::FunctionCall& node,
                                                                 Span span) {
  const auto some = [](Result<ExprPtr> expr) -> Result<std::optional<ExprPtr>> {
    ASSIGN_OR_RETURN(ExprPtr value, std::move(expr));
    return std::optional<ExprPtr>(std::move(value));
  };
  if (name == "extract" || name == "date_part" || name == "datepart") {
    return some(BindExtract(node, span));
  }
  if (name == "struct") {
    return some(BindStruct(node, span));
  }
  if (FindGenerator(name)) {
    return analysis_.Problem(
        span, "UNSUPPORTED_GENERATOR.OUTSIDE_SELECT",
        fmt::format("`{}` makes rows and can only be a whole item of the select list", name),
        "not here", {fmt::format("or write LATERAL VIEW {}(…) in FROM", name)});
  }
  if (name == "percentile_cont" || name == "percentile_disc") {
    if (node.over) {
      return analysis_.Unsupported(span, name + " as a window function",
                                   {"use percentile(x, p) OVER (…)"});
    }
    return some(BindAggregateCall(*FindFunction("percentile_disc"), node, span));
  }
  if (const auto type = ConversionType(name); type && node.args.size() == 1 && !node.over) {
    return some(BindConversion(*type, node, span));
  }
  return std::optional<ExprPtr>();
}

Result<ExprPtr> ExpressionBinder::BindConversion(const DataType& type,
                                                 const ast::FunctionCall& node, Span span) {
  ASSIGN_OR_RETURN(ExprList args, BindArguments(node));
  if (!CanCast(args[0]->type, type)) {
    return analysis_.Problem(
        span, "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
        fmt::format("cannot cast {} to {}", args[0]->type.ToDdl(), type.ToDdl()), "no such cast");
  }
  return CastTo(std::move(args[0]), type);
}

Result<ExprPtr> ExpressionBinder::BindExtract(const ast::FunctionCall& node, Span span) {
  ASSIGN_OR_RETURN(ExprList args, BindArguments(node));
  const std::string* field = args.size() == 2 ? TextOf(args[0]) : nullptr;
  if (field == nullptr) {
    return analysis_.Problem(span, "INVALID_EXTRACT_FIELD",
                             "extract takes a field and a date or timestamp", "field missing",
                             {"write extract(YEAR FROM x), or date_part('YEAR', x)"});
  }
  const std::string_view function = ExtractFunction(*field);
  if (function.empty()) {
    return analysis_.Problem(args[0]->span, "INVALID_EXTRACT_FIELD",
                             fmt::format("cannot extract `{}`", *field), "no such field",
                             {"fields are YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFWEEK, DOY, HOUR, "
                              "MINUTE, SECOND, YEAROFWEEK and DAYOFWEEK_ISO"});
  }
  if (IsInterval(args[1]->type)) {
    return analysis_.Unsupported(span, "extracting from an interval");
  }
  return Call(function, {args[1]}, span);
}

// Members are named after columns and fields, others col1, col2 … by position (Spark's
// CreateStruct).
Result<ExprPtr> ExpressionBinder::BindStruct(const ast::FunctionCall& node, Span span) {
  ExprList members;
  for (size_t i = 0; i < node.args.size(); ++i) {
    const ast::Argument& argument = node.args[i];
    if (argument.value == nullptr) {
      return analysis_.Unsupported(argument.span, "a table argument here");
    }
    std::string name = "col" + std::to_string(i + 1);
    if (argument.name) {  // struct(x AS name)
      name = argument.name->text;
    } else if (const auto* column = std::get_if<ast::ColumnReference>(&argument.value->node)) {
      name = column->parts.back().text;
    } else if (const auto* field = std::get_if<ast::FieldAccess>(&argument.value->node)) {
      name = field->field.text;
    }
    ASSIGN_OR_RETURN(ExprPtr value, Bind(*argument.value));
    members.push_back(LiteralOf(Value::String(std::move(name)), argument.span));
    members.push_back(std::move(value));
  }
  return Call("named_struct", std::move(members), span);
}

}  // namespace medallion::sql
