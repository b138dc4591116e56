#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis.h"
#include "sql/ast.h"

namespace medallion::sql {

// A column as names see it.
struct ScopeColumn {
  BoundColumn column;
  // Of its table: the alias, or the full name's parts. Empty for none.
  std::vector<std::string> qualifier;
  // Both sides of JOIN … USING stay visible by `t.k` while `k` and `*` mean the merged column.
  bool qualified_only = false;
};

// A read_files whose `_metadata` can be asked for.
struct ScopeFiles {
  size_t input = 0;
  std::vector<std::string> qualifier;
};

// An item of the select list that later items, GROUP BY, HAVING or QUALIFY may use by its alias.
struct SelectAlias {
  std::string name;
  ExprPtr expr;
};

// What the FROM of one query level offers.
struct RelationScope {
  std::vector<ScopeColumn> columns;
  std::vector<ScopeFiles> files;
};

// The names that an expression may use, innermost first: parameters of lambdas, columns of FROM,
// aliases of the select list, then the enclosing queries.
class Scope {
 public:
  // `outer` is null at the top; it outlives this scope.
  Scope(Analysis& analysis, RelationScope relation, const Scope* outer)
      : analysis_(analysis), relation_(std::move(relation)), outer_(outer) {}

  const RelationScope& relation() const { return relation_; }
  const Scope* outer() const { return outer_; }

  void AddAlias(std::string name, ExprPtr expr) {
    aliases_.push_back({std::move(name), std::move(expr)});
  }
  // Whether aliases are looked at before columns (HAVING and ORDER BY) or after.
  enum class AliasOrder { kAfterColumns, kBeforeColumns, kIgnored };

  // `a`, `t.a`, `c.s.t.a`, each perhaps followed by struct fields.
  Result<ExprPtr> Resolve(std::span<const Identifier> parts, Span span, AliasOrder order) const;

  // Columns of `*`, or of `t.*`; nothing if no table has that name.
  std::vector<ScopeColumn> Expand(std::span<const Identifier> qualifier) const;

  void PushLambda(std::vector<BoundColumn> parameters) {
    lambdas_.push_back(std::move(parameters));
  }
  void PopLambda() { lambdas_.pop_back(); }

  // For messages: names that could have been meant.
  std::vector<std::string> VisibleNames() const;

 private:
  struct Found {
    ExprPtr expr;
    size_t used = 0;  // parts that name it; the rest are fields
  };
  Result<std::optional<Found>> FindHere(std::span<const Identifier> parts, Span span,
                                        AliasOrder order, bool outer) const;
  Result<std::optional<Found>> FindColumn(std::span<const Identifier> parts, Span span,
                                          bool outer) const;
  Result<std::optional<Found>> FindAlias(std::span<const Identifier> parts, Span span) const;
  Result<std::optional<Found>> FindMetadata(std::span<const Identifier> parts, Span span) const;
  Result<ExprPtr> MetadataExpr(size_t input, std::span<const Identifier> fields, size_t& used,
                               Span span) const;
  std::optional<Found> FindParameter(std::span<const Identifier> parts, Span span) const;
  Error Unresolved(std::span<const Identifier> parts, Span span) const;

  Analysis& analysis_;
  RelationScope relation_;
  const Scope* outer_;
  std::vector<SelectAlias> aliases_;
  std::vector<std::vector<BoundColumn>> lambdas_;
};

// Whether `given` names `full`: its last parts, ignoring letter case.
bool QualifierMatches(std::span<const Identifier> given, std::span<const std::string> full);

std::string JoinParts(std::span<const Identifier> parts);

}  // namespace medallion::sql
