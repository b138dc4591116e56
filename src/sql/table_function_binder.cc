#include <algorithm>

#include "base/text.h"
#include "expr_builder.h"
#include "expression_binder.h"
#include "generators.h"
#include "query_binder.h"

// Functions in FROM: read_files, range, generators and LATERAL VIEW.

namespace medallion::sql {
namespace {

// `cloudFiles.maxFilesPerTrigger` is the same option as `maxFilesPerTrigger`.
std::string OptionName(std::string_view written) {
  constexpr std::string_view kPrefix = "cloudFiles.";
  const bool prefixed = written.size() > kPrefix.size() &&
                        EqualsIgnoreCase(written.substr(0, kPrefix.size()), kPrefix);
  return std::string(prefixed ? written.substr(kPrefix.size()) : written);
}

constexpr std::string_view kTableFunctions[] = {
    "read_files", "range", "kmeans", "kmeans_model", "explode", "posexplode", "inline", "stack"};

}  // namespace

Result<Value> QueryBinder::ConstantArgument(const ast::Argument& argument) {
  if (argument.value == nullptr) {
    return analysis_.Unsupported(argument.span, "a table argument here");
  }
  Scope nothing(analysis_, {}, nullptr);
  ExpressionRules rules;
  rules.clause = "an argument of a table function";
  rules.subqueries = false;
  ASSIGN_OR_RETURN(
      const ExprPtr bound,
      ExpressionBinder(analysis_, *this, nothing, std::move(rules)).Bind(*argument.value));
  const Value* value = ConstantOf(*bound);
  if (value == nullptr) {
    return analysis_.Problem(argument.value->span, "NON_FOLDABLE_ARGUMENT",
                             "this argument has to be a literal", "no literal",
                             {"compute it outside and pass it as ${parameter}"});
  }
  return *value;
}

Result<BoundFrom> QueryBinder::BindRelation(const ast::TableFunctionCall& node,
                                            const ast::Relation& relation, const Scope* outer) {
  const std::string name = ToLower(node.name.text);
  if (name == "read_files") {
    return BindReadFiles(node, relation.span);
  }
  if (node.streaming) {
    return analysis_.Unsupported(node.name.span, fmt::format("STREAM of `{}`", node.name.text));
  }
  if (name == "range") {
    return BindRange(node, relation.span);
  }
  if (name == "kmeans") {
    return BindKMeans(node, relation.span);
  }
  if (name == "kmeans_model") {
    return BindKMeansModel(node, relation.span);
  }
  if (FindGenerator(name)) {
    BoundFrom one_row{MakeRelation({}, ValuesRelation{{{}}}), {}};
    return BindGenerator(name, node.args, FindGenerator(name)->outer, std::move(one_row), outer,
                         relation.span);
  }
  std::vector<std::string> hints;
  if (const auto nearest = NearestName(
          name, std::vector<std::string>(std::begin(kTableFunctions), std::end(kTableFunctions)))) {
    hints.push_back("did you mean `" + *nearest + "`?");
  }
  return analysis_.Problem(node.name.span, "UNRESOLVABLE_TABLE_VALUED_FUNCTION",
                           fmt::format("unknown table function `{}`", node.name.text),
                           "no such function", std::move(hints));
}

Result<BoundFrom> QueryBinder::BindReadFiles(const ast::TableFunctionCall& node, Span span) {
  std::optional<std::string> path;
  std::vector<FileOption> options;
  for (const ast::Argument& argument : node.args) {
    ASSIGN_OR_RETURN(Value value, ConstantArgument(argument));
    const bool is_path = !argument.name || EqualsIgnoreCase(argument.name->text, "path");
    if (!is_path) {
      const Span place = Span::Cover(argument.name->span, argument.value->span);
      options.push_back({OptionName(argument.name->text), std::move(value), place});
      continue;
    }
    const auto* text = std::get_if<std::string>(&value.data);
    if (path || text == nullptr) {
      return analysis_.Problem(
          argument.span, "READ_FILES_PATH", "read_files takes one path, a string, first",
          path ? "a second path" : "no string", {"options are written name => value"});
    }
    path = *text;
  }
  if (!path) {
    return analysis_.Problem(span, "READ_FILES_PATH", "read_files without a path", "path missing",
                             {"write read_files('folder', format => 'csv')"});
  }
  auto described = analysis_.context().resolver->DescribeFiles(*path, options, node.streaming);
  if (!described) {
    return analysis_.Place(std::move(described).error(), span);
  }
  BoundFrom from;
  std::vector<BoundColumn> columns;
  for (const Field& field : described->schema.fields()) {
    columns.push_back(analysis_.NewColumn(field.name, field.type, field.nullable));
    from.scope.columns.push_back({columns.back(), {}, false});
  }
  analysis_.files.push_back({*std::move(path),
                             std::move(described->options),
                             std::move(described->schema),
                             {},
                             node.streaming,
                             span});
  from.scope.files.push_back({analysis_.files.size() - 1, {}});
  from.relation = MakeRelation(std::move(columns), FileScan{analysis_.files.size() - 1});
  return from;
}

// range(end), range(start, end[, step[, partitions]]): column id BIGINT.
Result<BoundFrom> QueryBinder::BindRange(const ast::TableFunctionCall& node, Span span) {
  std::vector<int64_t> numbers;
  for (const ast::Argument& argument : node.args) {
    ASSIGN_OR_RETURN(const Value value, ConstantArgument(argument));
    const auto* number = std::get_if<int64_t>(&value.data);
    if (argument.name || number == nullptr || !value.type.IsIntegral()) {
      return analysis_.Problem(argument.span, "UNEXPECTED_INPUT_TYPE", "range takes integers",
                               "no integer");
    }
    numbers.push_back(*number);
  }
  if (numbers.empty() || numbers.size() > 4) {
    return analysis_.Problem(span, "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                             fmt::format("range takes 1 to 4 integers, not {}", numbers.size()),
                             "here", {"write range(end) or range(start, end, step)"});
  }
  if (numbers.size() == 1) {
    numbers.insert(numbers.begin(), 0);
  }
  numbers.resize(
      std::min<size_t>(numbers.size(), 3));  // the number of partitions does not matter here
  if (numbers.size() == 2) {
    numbers.push_back(1);
  }
  if (numbers[2] == 0) {
    return analysis_.Problem(span, "INVALID_PARAMETER_VALUE.RANGE_STEP",
                             "the step of range cannot be 0", "step 0");
  }
  TableFunction function{"range", {}};
  for (const int64_t number : numbers) {
    function.args.push_back(LiteralOf(Value::Long(number), span));
  }
  BoundFrom from;
  const BoundColumn id = analysis_.NewColumn("id", DataType::Long(), false);
  from.relation = MakeRelation({id}, std::move(function));
  from.scope.columns.push_back({id, {}, false});
  return from;
}

Result<BoundFrom> QueryBinder::BindGenerator(const std::string& name,
                                             const std::vector<ast::Argument>& args,
                                             bool outer_rows, BoundFrom input, const Scope* outer,
                                             Span span) {
  Scope scope(analysis_, input.scope, outer);
  ExpressionRules rules;
  rules.clause = "a generator";
  ExpressionBinder binder(analysis_, *this, scope, std::move(rules));
  std::vector<ExprPtr> bound;
  for (const ast::Argument& argument : args) {
    if (argument.name || argument.value == nullptr) {
      return analysis_.Unsupported(argument.span, "a named or table argument here");
    }
    ASSIGN_OR_RETURN(ExprPtr expr, binder.Bind(*argument.value));
    bound.push_back(std::move(expr));
  }
  const GeneratorName generator{FindGenerator(name)->function, outer_rows};
  auto shape = ShapeOf(generator, std::move(bound));
  if (!shape) {
    return analysis_.Place(std::move(shape).error(), span);
  }
  std::vector<BoundColumn> columns = input.relation->columns;
  for (const Field& field : shape->columns) {
    columns.push_back(analysis_.NewColumn(field.name, field.type, field.nullable));
    input.scope.columns.push_back({columns.back(), {}, false});
  }
  input.relation = MakeRelation(std::move(columns), Generate{input.relation, generator.function,
                                                             std::move(shape->args), outer_rows});
  return input;
}

Result<BoundFrom> QueryBinder::BindRelation(const ast::LateralView& node,
                                            const ast::Relation& relation, const Scope* outer) {
  ASSIGN_OR_RETURN(BoundFrom input, BindFrom(*node.input, outer));
  const auto generator = FindGenerator(node.function.text);
  if (!generator) {
    return analysis_.Problem(node.function.span, "UNRESOLVED_ROUTINE",
                             fmt::format("`{}` is no generator", node.function.text),
                             "not a generator",
                             {"LATERAL VIEW takes explode, posexplode, inline or stack"});
  }
  const size_t first = input.scope.columns.size();
  ASSIGN_OR_RETURN(BoundFrom from,
                   BindGenerator(node.function.text, node.args, node.outer || generator->outer,
                                 std::move(input), outer, relation.span));
  if (!relation.alias) {
    return from;
  }
  const ast::TableAlias& alias = *relation.alias;
  const size_t added = from.scope.columns.size() - first;
  if (!alias.columns.empty() && alias.columns.size() != added) {
    return analysis_.Problem(alias.span, "UDTF_ALIAS_NUMBER_MISMATCH",
                             fmt::format("`{}` makes {} columns, {} names are given",
                                         node.function.text, added, alias.columns.size()),
                             "numbers differ");
  }
  for (size_t i = 0; i < added; ++i) {
    ScopeColumn& column = from.scope.columns[first + i];
    if (alias.name) {
      column.qualifier = {alias.name->text};
    }
    if (!alias.columns.empty()) {
      column.column.name = alias.columns[i].text;
    }
  }
  return from;
}

}  // namespace medallion::sql
