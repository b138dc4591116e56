#include "sql/analyzer.h"

#include <algorithm>

#include "analysis.h"
#include "base/text.h"
#include "expr_builder.h"
#include "expression_binder.h"
#include "plan_rewrite.h"
#include "plan_summary.h"
#include "query_binder.h"
#include "type_coercion.h"

namespace medallion::sql {

Result<BoundQueryPtr> Analyze(const ast::Query& query, const AnalyzerContext& context) {
  Analysis analysis(context);
  QueryBinder binder(analysis);
  auto root = binder.BindQuery(query, nullptr);
  if (!root) {
    analysis.Report(root.error());
  }
  if (analysis.failed()) {
    return analysis.Failure();
  }
  BoundQuery bound;
  bound.root = *std::move(root);
  bound.tables = std::move(analysis.tables);
  bound.files = std::move(analysis.files);
  bound.source = context.source;
  return std::make_shared<const BoundQuery>(Summarize(std::move(bound)));
}

Result<ExprPtr> AnalyzePredicate(const ast::Expression& predicate, const BoundQuery& query,
                                 const AnalyzerContext& context) {
  Analysis analysis(context);
  QueryBinder queries(analysis);
  RelationScope names;
  for (const BoundColumn& column : query.root->columns) {
    names.columns.push_back({column, {}, false});
  }
  Scope scope(analysis, std::move(names), nullptr);
  ExpressionRules rules;
  rules.clause = "an expectation";
  rules.subqueries = false;
  return ExpressionBinder(analysis, queries, scope, std::move(rules)).BindCondition(predicate);
}

Schema BoundQuery::OutputSchema() const {
  std::vector<Field> fields;
  for (const BoundColumn& column : root->columns) {
    fields.push_back({column.name, column.type, column.nullable});
  }
  return Schema(std::move(fields));
}

namespace {

int64_t LargestId(const BoundQuery& query) {
  int64_t largest = 0;
  VisitPlan(query.root, [&](const Relation& relation) {
    for (const BoundColumn& column : relation.columns) {
      largest = std::max(largest, column.id.value);
    }
  });
  return largest;
}

Error CannotStore(const BoundColumn& column, const Field& target) {
  return Error(ErrorCode::kSpecification,
               fmt::format("column `{}` is {}, which cannot be stored as {}", target.name,
                           column.type.ToDdl(), target.type.ToDdl()))
      .WithCondition("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST");
}

std::vector<std::string> NamesOf(const Schema& schema) {
  std::vector<std::string> names;
  for (const Field& field : schema.fields()) {
    names.push_back(field.name);
  }
  return names;
}

// Index into the query's columns for each column of the target; nothing where the query lacks it.
Result<std::vector<std::optional<size_t>>> MatchByName(const std::vector<BoundColumn>& columns,
                                                       const Schema& target) {
  std::vector<std::optional<size_t>> matches(target.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    const auto index = target.IndexOf(columns[i].name);
    if (!index) {
      const auto nearest = NearestName(columns[i].name, NamesOf(target));
      return Error(ErrorCode::kSpecification,
                   fmt::format("the table has no column `{}`{}", columns[i].name,
                               nearest ? "; did you mean `" + *nearest + "`?" : ""))
          .WithCondition("INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS");
    }
    if (matches[*index]) {
      return Error(ErrorCode::kSpecification,
                   fmt::format("the query has two columns named `{}`", columns[i].name))
          .WithCondition("INCOMPATIBLE_DATA_FOR_TABLE.AMBIGUOUS_COLUMN_NAME");
    }
    matches[*index] = i;
  }
  return matches;
}

Result<std::vector<std::optional<size_t>>> MatchByPosition(const std::vector<BoundColumn>& columns,
                                                           const Schema& target) {
  if (columns.size() != target.size()) {
    return Error(ErrorCode::kSpecification,
                 fmt::format("the query has {} columns, {} are declared: {}", columns.size(),
                             target.size(), medallion::Join(NamesOf(target), ", ")))
        .WithCondition("USER_SPECIFIED_AND_ACTUAL_COLUMNS_MISMATCH");
  }
  std::vector<std::optional<size_t>> matches;
  for (size_t i = 0; i < columns.size(); ++i) {
    matches.emplace_back(i);
  }
  return matches;
}

bool SameColumns(const std::vector<BoundColumn>& columns, const Schema& target) {
  return std::equal(columns.begin(), columns.end(), target.fields().begin(), target.fields().end(),
                    [](const BoundColumn& a, const Field& b) {
                      return a.name == b.name && SameTypeButNulls(a.type, b.type);
                    });
}

}  // namespace

Result<BoundQueryPtr> ProjectTo(const BoundQueryPtr& query, const Schema& target, bool by_name) {
  const std::vector<BoundColumn>& columns = query->root->columns;
  if (SameColumns(columns, target)) {
    return query;
  }
  ASSIGN_OR_RETURN(const auto matches,
                   by_name ? MatchByName(columns, target) : MatchByPosition(columns, target));
  int64_t next_id = LargestId(*query) + 1;
  Project project{query->root, {}};
  std::vector<BoundColumn> projected;
  for (size_t i = 0; i < target.size(); ++i) {
    const Field& field = target[i];
    if (!matches[i]) {
      project.exprs.push_back(LiteralOf(Value::Null(field.type), {}));
    } else if (!CanStoreAssign(columns[*matches[i]].type, field.type)) {
      return CannotStore(columns[*matches[i]], field);
    } else {
      project.exprs.push_back(CastTo(ColumnOf(columns[*matches[i]], {}), field.type));
    }
    const Expr& expr = *project.exprs.back();
    const auto* column = std::get_if<ColumnExpr>(&expr.node);
    projected.push_back({column != nullptr ? column->id : ColumnId{next_id++}, field.name,
                         field.type, expr.nullable});
  }
  BoundQuery result = *query;
  result.root = MakeRelation(std::move(projected), std::move(project));
  return std::make_shared<const BoundQuery>(std::move(result));
}

}  // namespace medallion::sql
