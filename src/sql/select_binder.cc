#include "select_binder.h"

#include <algorithm>

#include "base/text.h"
#include "column_name.h"
#include "expr_builder.h"
#include "file_metadata.h"
#include "generators.h"
#include "plan_rewrite.h"

// The clauses in the order in which they are looked at. Errors of one clause or item are kept and
// the next one is looked at, so that one run shows all of them. Grouping: select_grouping.cc; what
// comes out: select_output.cc.

namespace medallion::sql {

Result<RelationPtr> SelectBinder::Bind() {
  RETURN_IF_ERROR(BindFrom());
  RETURN_IF_ERROR(CollectWindows());
  BindWhere();
  BindItems();
  BindGroupBy();
  BindHavingAndQualify();
  BindOrderBy();
  if (analysis_.failed()) {
    return analysis_.Failure();
  }
  return Build();
}

ExpressionRules SelectBinder::Rules(std::string clause, Scope::AliasOrder aliases, bool aggregates,
                                    bool windows) const {
  ExpressionRules rules;
  rules.clause = std::move(clause);
  rules.aliases = aliases;
  rules.aggregates = aggregates;
  rules.windows = windows;
  rules.named_windows = &windows_;
  return rules;
}

Status SelectBinder::BindFrom() {
  BoundFrom from;
  if (select_.from == nullptr) {
    from.relation = MakeRelation({}, ValuesRelation{{{}}});
  } else {
    ASSIGN_OR_RETURN(from, queries_.BindFrom(*select_.from, outer_));
  }
  input_ = std::move(from.relation);
  for (const BoundColumn& column : input_->columns) {
    input_ids_.insert(column.id);
  }
  scope_.emplace(analysis_, std::move(from.scope), outer_);
  return OkStatus();
}

Status SelectBinder::CollectWindows() {
  for (const ast::NamedWindow& window : select_.windows) {
    const std::string name = ToLower(window.name.text);
    if (const auto* spec = std::get_if<ast::WindowSpec>(&window.window)) {
      windows_[name] = *spec;
      continue;
    }
    const Identifier& other = std::get<Identifier>(window.window);
    const auto found = windows_.find(ToLower(other.text));
    if (found == windows_.end()) {
      return analysis_.Problem(other.span, "MISSING_WINDOW_SPECIFICATION",
                               fmt::format("no window named `{}`", other.text),
                               "not defined before");
    }
    windows_[name] = found->second;
  }
  return OkStatus();
}

void SelectBinder::BindWhere() {
  if (select_.where == nullptr) {
    return;
  }
  ExpressionBinder binder(analysis_, queries_, *scope_,
                          Rules("WHERE", Scope::AliasOrder::kIgnored, false, false));
  where_ = Keep(analysis_, binder.BindCondition(*select_.where)).value_or(nullptr);
  if (where_ != nullptr) {
    input_ = MakeRelation(input_->columns, Filter{input_, where_});
  }
}

void SelectBinder::BindItems() {
  for (const ast::SelectItem& item : select_.items) {
    if (const Status bound = BindItem(item); !bound) {
      analysis_.Report(bound.error());
      AddPlaceholder(item);
    }
  }
}

Status SelectBinder::BindItem(const ast::SelectItem& item) {
  if (const auto* star = std::get_if<ast::Star>(&item.expr->node)) {
    return BindStar(*star, item.expr->span);
  }
  if (const auto* call = std::get_if<ast::FunctionCall>(&item.expr->node);
      call != nullptr && call->name.size() == 1 && !call->over &&
      FindGenerator(call->name[0].text)) {
    return BindGenerator(item, *call);
  }
  if (item.aliases.size() > 1) {
    return analysis_.Problem(
        item.span, "MULTI_ALIAS_WITHOUT_GENERATOR",
        "several names for one expression; only generators make several columns", "here");
  }
  ExpressionBinder binder(analysis_, queries_, *scope_,
                          Rules("the select list", Scope::AliasOrder::kAfterColumns, true, true));
  ASSIGN_OR_RETURN(ExprPtr expr, binder.Bind(*item.expr));
  if (!item.aliases.empty()) {
    scope_->AddAlias(item.aliases[0].text, expr);
  }
  AddItem(std::move(expr), item.aliases.empty() ? DefaultName(*item.expr) : item.aliases[0].text,
          item.expr->span);
  return OkStatus();
}

void SelectBinder::AddItem(ExprPtr expr, std::string name, Span span) {
  items_.push_back({std::move(expr), std::move(name), span});
}

// NULL fits everywhere: what refers to the failed item is not reported a second time.
void SelectBinder::AddPlaceholder(const ast::SelectItem& item) {
  for (const Identifier& alias : item.aliases) {
    ExprPtr null = LiteralOf(Value::Null(), item.span);
    scope_->AddAlias(alias.text, null);
    AddItem(std::move(null), alias.text, item.span);
  }
  if (item.aliases.empty()) {
    AddItem(LiteralOf(Value::Null(), item.span), DefaultName(*item.expr), item.span);
  }
}

// As Spark names it where the text alone tells; else the text itself.
std::string SelectBinder::DefaultName(const ast::Expression& expression) const {
  if (auto name = DefaultColumnName(expression)) {
    return *std::move(name);
  }
  if (analysis_.context().source == nullptr) {
    return "col";
  }
  return std::string(analysis_.context().source->Slice(expression.span));
}

// `x.*` where x is no table: the fields of a struct column.
Status SelectBinder::BindStructStar(const ast::Star& star, Span span) {
  const auto base = scope_->Resolve(star.qualifier, span, Scope::AliasOrder::kAfterColumns);
  if (!base || !(*base)->type.Is(TypeKind::kStruct)) {
    return analysis_.Problem(
        span, "CANNOT_RESOLVE_STAR_EXPAND",
        fmt::format("no table and no struct `{}` here", JoinParts(star.qualifier)),
        "nothing to expand", {"a table with an alias is known by its alias only"});
  }
  for (const Field& field : (*base)->type.fields()) {
    ASSIGN_OR_RETURN(ExprPtr member,
                     CallOf("getfield", {*base, LiteralOf(Value::String(field.name), span)}, span));
    AddItem(std::move(member), field.name, span);
  }
  return OkStatus();
}

// Which of the columns EXCEPT takes away.
Result<std::vector<bool>> SelectBinder::BindExcept(const ast::Star& star,
                                                   const std::vector<ScopeColumn>& columns) {
  std::vector<bool> excluded(columns.size(), false);
  for (const std::vector<Identifier>& name : star.except) {
    bool known = false;
    for (size_t i = 0; i < columns.size(); ++i) {
      const auto qualifier = std::span(name).first(name.size() - 1);
      if (EqualsIgnoreCase(columns[i].column.name, name.back().text) &&
          QualifierMatches(qualifier, columns[i].qualifier)) {
        excluded[i] = true;
        known = true;
      }
    }
    if (known) {
      continue;
    }
    // The same words and advice as for any unknown column.
    auto unknown = scope_->Resolve(name, Span::Cover(name.front().span, name.back().span),
                                   Scope::AliasOrder::kIgnored);
    return unknown ? analysis_.Problem(name.back().span, "EXCEPT_OVERLAPPING_COLUMNS",
                                       fmt::format("`*` has no column `{}`", JoinParts(name)),
                                       "not in it")
                   : std::move(unknown).error();
  }
  return excluded;
}

Status SelectBinder::BindStar(const ast::Star& star, Span span) {
  const std::vector<ScopeColumn> columns = scope_->Expand(star.qualifier);
  if (columns.empty() && !star.qualifier.empty()) {
    return BindStructStar(star, span);
  }
  if (columns.empty() && select_.from == nullptr) {
    return analysis_.Problem(span, "INVALID_USAGE_OF_STAR_OR_REGEX", "`*` without FROM",
                             "no columns");
  }
  ASSIGN_OR_RETURN(const std::vector<bool> excluded, BindExcept(star, columns));
  for (size_t i = 0; i < columns.size(); ++i) {
    if (!excluded[i]) {
      AddItem(ColumnOf(columns[i].column, span), columns[i].column.name, span);
    }
  }
  return OkStatus();
}

Status SelectBinder::BindGenerator(const ast::SelectItem& item, const ast::FunctionCall& call) {
  if (has_generator_) {
    return analysis_.Problem(item.span, "UNSUPPORTED_GENERATOR.MULTI_GENERATOR",
                             "a second generator in the select list", "only one is allowed",
                             {"use LATERAL VIEW for the others"});
  }
  has_generator_ = true;
  const GeneratorName generator = *FindGenerator(call.name[0].text);
  ExpressionBinder binder(analysis_, queries_, *scope_,
                          Rules("a generator", Scope::AliasOrder::kAfterColumns, false, false));
  std::vector<ExprPtr> args;
  for (const ast::Argument& argument : call.args) {
    if (argument.value == nullptr || argument.name) {
      return analysis_.Unsupported(argument.span, "a named or table argument here");
    }
    ASSIGN_OR_RETURN(ExprPtr arg, binder.Bind(*argument.value));
    args.push_back(std::move(arg));
  }
  auto shape = ShapeOf(generator, std::move(args));
  if (!shape) {
    return analysis_.Place(std::move(shape).error(), item.expr->span);
  }
  if (!item.aliases.empty() && item.aliases.size() != shape->columns.size()) {
    return analysis_.Problem(
        item.span, "UDTF_ALIAS_NUMBER_MISMATCH",
        fmt::format("`{}` makes {} columns, {} names are given", call.name[0].text,
                    shape->columns.size(), item.aliases.size()),
        "numbers differ");
  }
  std::vector<BoundColumn> columns = input_->columns;
  for (size_t i = 0; i < shape->columns.size(); ++i) {
    const Field& field = shape->columns[i];
    const std::string name = item.aliases.empty() ? field.name : item.aliases[i].text;
    columns.push_back(analysis_.NewColumn(name, field.type, field.nullable));
    input_ids_.insert(columns.back().id);
    ExprPtr expr = ColumnOf(columns.back(), item.expr->span);
    scope_->AddAlias(name, expr);
    AddItem(std::move(expr), name, item.expr->span);
  }
  input_ = MakeRelation(std::move(columns), Generate{input_, generator.function,
                                                     std::move(shape->args), generator.outer});
  return OkStatus();
}

void SelectBinder::BindHavingAndQualify() {
  if (select_.having != nullptr) {
    ExpressionBinder binder(analysis_, queries_, *scope_,
                            Rules("HAVING", Scope::AliasOrder::kBeforeColumns, true, false));
    having_ = Keep(analysis_, binder.BindCondition(*select_.having)).value_or(nullptr);
  }
  if (select_.qualify != nullptr) {
    ExpressionBinder binder(analysis_, queries_, *scope_,
                            Rules("QUALIFY", Scope::AliasOrder::kAfterColumns, true, true));
    qualify_ = Keep(analysis_, binder.BindCondition(*select_.qualify)).value_or(nullptr);
  }
}

}  // namespace medallion::sql
