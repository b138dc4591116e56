#include "scope.h"

#include <algorithm>

#include "base/text.h"
#include "expr_builder.h"
#include "file_metadata.h"
#include "plan_rewrite.h"

namespace medallion::sql {
namespace {

constexpr size_t kNamesListedMax = 20;
constexpr size_t kQualifierPartsMax = 3;

std::string ListNames(std::vector<std::string> names) {
  const bool cut = names.size() > kNamesListedMax;
  names.resize(std::min(names.size(), kNamesListedMax));
  for (std::string& name : names) {
    name = "`" + name + "`";
  }
  return medallion::Join(names, ", ") + (cut ? ", …" : "");
}

}  // namespace

bool QualifierMatches(std::span<const Identifier> given, std::span<const std::string> full) {
  if (given.size() > full.size()) {
    return false;
  }
  return std::equal(
      given.begin(), given.end(), full.end() - static_cast<std::ptrdiff_t>(given.size()),
      [](const Identifier& a, const std::string& b) { return EqualsIgnoreCase(a.text, b); });
}

std::string JoinParts(std::span<const Identifier> parts) {
  std::vector<std::string> texts;
  for (const Identifier& part : parts) {
    texts.push_back(part.text);
  }
  return medallion::Join(texts, ".");
}

Result<ExprPtr> Scope::Resolve(std::span<const Identifier> parts, Span span,
                               AliasOrder order) const {
  std::optional<Found> found = FindParameter(parts, span);
  for (const Scope* scope = this; scope != nullptr && !found; scope = scope->outer_) {
    const bool outer = scope != this;
    ASSIGN_OR_RETURN(found,
                     scope->FindHere(parts, span, outer ? AliasOrder::kIgnored : order, outer));
  }
  if (!found) {
    return Unresolved(parts, span);
  }
  ExprPtr expr = std::move(found->expr);
  for (const Identifier& field : parts.subspan(found->used)) {
    const bool map = expr->type.Is(TypeKind::kMap);
    const Span whole = Span::Cover(span, field.span);
    auto member = CallOf(map ? "element_at" : "getfield",
                         {expr, LiteralOf(Value::String(field.text), field.span)}, whole);
    if (!member) {
      return analysis_.Place(std::move(member).error(), field.span);
    }
    expr = *std::move(member);
  }
  return expr;
}

Result<std::optional<Scope::Found>> Scope::FindHere(std::span<const Identifier> parts, Span span,
                                                    AliasOrder order, bool outer) const {
  std::optional<Found> found;
  if (order == AliasOrder::kBeforeColumns) {
    ASSIGN_OR_RETURN(found, FindAlias(parts, span));
  }
  if (!found) {
    ASSIGN_OR_RETURN(found, FindColumn(parts, span, outer));
  }
  if (!found && !outer) {
    ASSIGN_OR_RETURN(found, FindMetadata(parts, span));
  }
  if (!found && order == AliasOrder::kAfterColumns) {
    ASSIGN_OR_RETURN(found, FindAlias(parts, span));
  }
  return found;
}

// The longest qualifier that matches anything wins, as in Spark.
Result<std::optional<Scope::Found>> Scope::FindColumn(std::span<const Identifier> parts, Span span,
                                                      bool outer) const {
  for (size_t qualifiers = std::min(parts.size() - 1, kQualifierPartsMax) + 1; qualifiers-- > 0;) {
    const auto qualifier = parts.first(qualifiers);
    std::vector<const ScopeColumn*> matches;
    for (const ScopeColumn& candidate : relation_.columns) {
      if (EqualsIgnoreCase(candidate.column.name, parts[qualifiers].text) &&
          (qualifiers == 0 ? !candidate.qualified_only
                           : QualifierMatches(qualifier, candidate.qualifier))) {
        matches.push_back(&candidate);
      }
    }
    if (matches.size() == 1) {
      return Found{ColumnOf(matches[0]->column, span, outer), qualifiers + 1};
    }
    if (matches.size() > 1) {
      std::vector<std::string> names;
      for (const ScopeColumn* match : matches) {
        std::vector<std::string> name = match->qualifier;
        name.push_back(match->column.name);
        names.push_back(medallion::Join(name, "."));
      }
      return analysis_.Problem(
          span, "AMBIGUOUS_REFERENCE",
          fmt::format("`{}` could be any of {} columns", JoinParts(parts), matches.size()),
          "ambiguous", {"it could be " + ListNames(names) + "; write the table's name before it"});
    }
  }
  return std::optional<Found>();
}

Result<std::optional<Scope::Found>> Scope::FindAlias(std::span<const Identifier> parts,
                                                     Span span) const {
  const SelectAlias* match = nullptr;
  for (const SelectAlias& alias : aliases_) {
    if (!EqualsIgnoreCase(alias.name, parts[0].text)) {
      continue;
    }
    if (match != nullptr && !SameExpr(*match->expr, *alias.expr)) {
      return analysis_.Problem(
          span, "AMBIGUOUS_LATERAL_COLUMN_ALIAS",
          fmt::format("several columns of the select list are named `{}`", alias.name),
          "ambiguous");
    }
    match = &alias;
  }
  if (match == nullptr) {
    return std::optional<Found>();
  }
  RETURN_IF_ERROR(analysis_.AllowCopy(*match->expr, span));
  return Found{match->expr, 1};
}

std::optional<Scope::Found> Scope::FindParameter(std::span<const Identifier> parts,
                                                 Span span) const {
  for (auto frame = lambdas_.rbegin(); frame != lambdas_.rend(); ++frame) {
    for (const BoundColumn& parameter : *frame) {
      if (EqualsIgnoreCase(parameter.name, parts[0].text)) {
        return Found{ColumnOf(parameter, span), 1};
      }
    }
  }
  return std::nullopt;
}

Result<std::optional<Scope::Found>> Scope::FindMetadata(std::span<const Identifier> parts,
                                                        Span span) const {
  const auto at = std::find_if(parts.begin(), parts.end(), [](const Identifier& part) {
    return EqualsIgnoreCase(part.text, kMetadataColumn);
  });
  if (at == parts.end()) {
    return std::optional<Found>();
  }
  const auto position = static_cast<size_t>(at - parts.begin());
  const ScopeFiles* match = nullptr;
  for (const ScopeFiles& files : relation_.files) {
    if (position > 0 && !QualifierMatches(parts.first(position), files.qualifier)) {
      continue;
    }
    if (match != nullptr) {
      return analysis_.Problem(span, "AMBIGUOUS_REFERENCE",
                               "`_metadata` could be that of several read_files", "ambiguous",
                               {"give each read_files an alias and write it before `_metadata`"});
    }
    match = &files;
  }
  if (match == nullptr) {
    return std::optional<Found>();
  }
  size_t used = position + 1;
  ASSIGN_OR_RETURN(ExprPtr expr,
                   MetadataExpr(match->input, parts.subspan(position + 1), used, span));
  return Found{std::move(expr), used};
}

// The column of one member, or the struct of all of them.
Result<ExprPtr> Scope::MetadataExpr(size_t input, std::span<const Identifier> fields, size_t& used,
                                    Span span) const {
  if (!fields.empty()) {
    const auto column = FileMetadataColumn(analysis_, input, fields.front().text);
    if (!column) {
      return analysis_.Problem(fields.front().span, "FIELD_NOT_FOUND",
                               fmt::format("no field `{}` in `_metadata`", fields.front().text),
                               "no such field", {"it has " + ListNames(FileMetadataNames())});
    }
    ++used;
    return ColumnOf(*column, span);
  }
  std::vector<ExprPtr> members;
  for (const std::string& name : FileMetadataNames()) {
    members.push_back(LiteralOf(Value::String(name), span));
    members.push_back(ColumnOf(*FileMetadataColumn(analysis_, input, name), span));
  }
  return CallOf("named_struct", std::move(members), span);
}

std::vector<ScopeColumn> Scope::Expand(std::span<const Identifier> qualifier) const {
  std::vector<ScopeColumn> columns;
  for (const ScopeColumn& candidate : relation_.columns) {
    if (qualifier.empty() ? !candidate.qualified_only
                          : QualifierMatches(qualifier, candidate.qualifier)) {
      columns.push_back(candidate);
    }
  }
  return columns;
}

std::vector<std::string> Scope::VisibleNames() const {
  std::vector<std::string> names;
  for (const ScopeColumn& column : relation_.columns) {
    if (!column.qualified_only) {
      names.push_back(column.column.name);
    }
  }
  return names;
}

Error Scope::Unresolved(std::span<const Identifier> parts, Span span) const {
  const std::vector<std::string> names = VisibleNames();
  std::vector<std::string> hints;
  if (const auto nearest = NearestName(parts.back().text, names)) {
    hints.push_back("did you mean `" + *nearest + "`?");
  }
  if (!names.empty()) {
    hints.push_back("columns here: " + ListNames(names));
  }
  const char* condition =
      names.empty() ? "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION" : "UNRESOLVED_COLUMN.WITH_SUGGESTION";
  return analysis_.Problem(span, condition, fmt::format("unknown column `{}`", JoinParts(parts)),
                           "no such column", std::move(hints));
}

}  // namespace medallion::sql
