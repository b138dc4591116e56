#include <set>

#include "base/check.h"
#include "printer.h"
#include "sql_text.h"

namespace medallion::duckdb {

using sql::BoundColumn;
using sql::Relation;
using sql::RelationPtr;

std::string PrintEmptyRelation(const Relation& scan) {
  std::string columns;
  for (const BoundColumn& column : scan.columns) {
    columns += fmt::format("{}CAST(NULL AS {}) AS {}", columns.empty() ? "" : ", ",
                           TypeName(column.type), ColumnName(column.id));
  }
  return fmt::format("SELECT {} WHERE false", columns.empty() ? "1 AS c" : columns);
}

namespace {

// `expr AS c12` for each column; a column that stands twice (SELECT a, a) is printed once, because
// whoever refers to it refers to it by id.
std::string SelectList(const std::vector<std::string>& expressions,
                       const std::vector<BoundColumn>& columns) {
  CHECK_EQ(expressions.size(), columns.size());
  std::string list;
  std::set<sql::ColumnId> seen;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (seen.insert(columns[i].id).second) {
      list += fmt::format("{}{} AS {}", list.empty() ? "" : ", ", expressions[i],
                          ColumnName(columns[i].id));
    }
  }
  return list.empty() ? "1 AS c" : list;
}

std::vector<std::string> NamesOf(const std::vector<BoundColumn>& columns) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const BoundColumn& column : columns) {
    names.push_back(ColumnName(column.id));
  }
  return names;
}

std::string CteName(int64_t id) { return "w" + std::to_string(id); }

}  // namespace

Result<std::string> Printer::PrintRelation(const Relation& relation) {
  return std::visit([&](const auto& node) { return PrintNode(relation, node); }, relation.node);
}

Result<std::string> Printer::From(const RelationPtr& input) {
  ASSIGN_OR_RETURN(const std::string text, PrintRelation(*input));
  return "(" + text + ")";
}

Result<std::string> Printer::PrintNode(const Relation& relation, const sql::TableScan& node) {
  return inputs_.PrintTable(relation, node.input);
}

Result<std::string> Printer::PrintNode(const Relation& relation, const sql::FileScan& node) {
  return inputs_.PrintFiles(relation, node.input);
}

Result<std::string> Printer::PrintNode(const Relation& relation, const sql::ValuesRelation& node) {
  if (node.rows.empty()) {
    return PrintEmptyRelation(relation);
  }
  if (node.rows.size() == 1) {
    ASSIGN_OR_RETURN(const std::vector<std::string> values, PrintAll(node.rows.front()));
    return "SELECT " + SelectList(values, relation.columns);
  }
  std::string rows;
  for (const auto& row : node.rows) {
    ASSIGN_OR_RETURN(const std::vector<std::string> values, PrintAll(row));
    rows += fmt::format("{}({})", rows.empty() ? "" : ", ",
                        values.empty() ? "1" : fmt::format("{}", fmt::join(values, ", ")));
  }
  const std::vector<std::string> names = NamesOf(relation.columns);
  return fmt::format("SELECT * FROM (VALUES {}) AS {}({})", rows, FreshName(),
                     names.empty() ? "c" : fmt::format("{}", fmt::join(names, ", ")));
}

Result<std::string> Printer::PrintNode(const Relation& relation, const sql::Project& node) {
  ASSIGN_OR_RETURN(const std::vector<std::string> expressions, PrintAll(node.exprs));
  ASSIGN_OR_RETURN(const std::string from, From(node.input));
  return fmt::format("SELECT {} FROM {}", SelectList(expressions, relation.columns), from);
}

Result<std::string> Printer::PrintNode(const Relation&, const sql::Filter& node) {
  ASSIGN_OR_RETURN(const std::string condition, PrintExpression(*node.condition));
  ASSIGN_OR_RETURN(const std::string from, From(node.input));
  return fmt::format("SELECT * FROM {} WHERE {}", from, condition);
}

Result<std::string> Printer::PrintNode(const Relation& relation, const sql::Aggregate& node) {
  ASSIGN_OR_RETURN(const std::vector<std::string> groups, PrintAll(node.groups));
  ASSIGN_OR_RETURN(const std::vector<std::string> aggregates, PrintAll(node.aggregates));
  ASSIGN_OR_RETURN(const std::string from, From(node.input));
  // The groups are computed once below, under names of their own: a literal would be a position in
  // GROUP BY, and GROUPING wants the very expressions.
  std::vector<std::string> group_names;
  std::string inner = "*";
  for (const std::string& group : groups) {
    group_names.push_back(FreshName());
    inner += fmt::format(", {} AS {}", group, group_names.back());
  }
  std::vector<std::string> expressions = group_names;
  expressions.insert(expressions.end(), aggregates.begin(), aggregates.end());
  if (node.has_grouping_id) {
    expressions.push_back(
        fmt::format("CAST(GROUPING({}) AS BIGINT)", fmt::join(group_names, ", ")));
  }
  std::string text = fmt::format("SELECT {} FROM ", SelectList(expressions, relation.columns));
  text += groups.empty() ? from : fmt::format("(SELECT {} FROM {})", inner, from);
  if (!node.sets.empty()) {
    std::string sets;
    for (const std::vector<size_t>& set : node.sets) {
      std::vector<std::string> members;
      for (const size_t index : set) {
        members.push_back(group_names[index]);
      }
      sets += fmt::format("{}({})", sets.empty() ? "" : ", ", fmt::join(members, ", "));
    }
    return text + " GROUP BY GROUPING SETS (" + sets + ")";
  }
  return groups.empty() ? text : fmt::format("{} GROUP BY {}", text, fmt::join(group_names, ", "));
}

Result<std::string> Printer::PrintNode(const Relation& relation, const sql::Window& node) {
  ASSIGN_OR_RETURN(const std::vector<std::string> windows, PrintAll(node.windows));
  ASSIGN_OR_RETURN(const std::string from, From(node.input));
  std::string text = "SELECT *";
  const size_t first = relation.columns.size() - windows.size();
  for (size_t i = 0; i < windows.size(); ++i) {
    text += fmt::format(", {} AS {}", windows[i], ColumnName(relation.columns[first + i].id));
  }
  return text + " FROM " + from;
}

Result<std::string> Printer::PrintNode(const Relation&, const sql::Join& node) {
  ASSIGN_OR_RETURN(const std::string left, From(node.left));
  ASSIGN_OR_RETURN(const std::string right, From(node.right));
  std::string_view keyword = "CROSS JOIN";
  switch (node.kind) {
    case sql::JoinKind::kInner: keyword = "INNER JOIN"; break;
    case sql::JoinKind::kLeft: keyword = "LEFT JOIN"; break;
    case sql::JoinKind::kRight: keyword = "RIGHT JOIN"; break;
    case sql::JoinKind::kFull: keyword = "FULL JOIN"; break;
    case sql::JoinKind::kCross: break;
    case sql::JoinKind::kLeftSemi: keyword = "SEMI JOIN"; break;
    case sql::JoinKind::kLeftAnti: keyword = "ANTI JOIN"; break;
  }
  std::string text = fmt::format("SELECT * FROM {} AS {} {}{} {} AS {}", left, FreshName(), keyword,
                                 node.lateral ? " LATERAL" : "", right, FreshName());
  if (node.condition != nullptr) {
    ASSIGN_OR_RETURN(const std::string condition, PrintExpression(*node.condition));
    text += " ON (" + condition + ")";
  } else if (node.kind != sql::JoinKind::kCross) {
    text += " ON (true)";
  }
  return text;
}

Result<std::string> Printer::PrintNode(const Relation& relation, const sql::SetOperation& node) {
  std::string_view keyword = "UNION";
  switch (node.op) {
    case sql::SetOperator::kUnion: break;
    case sql::SetOperator::kIntersect: keyword = "INTERSECT"; break;
    case sql::SetOperator::kExcept: keyword = "EXCEPT"; break;
  }
  const std::vector<std::string> names = NamesOf(relation.columns);
  std::string text;
  for (const RelationPtr& input : node.inputs) {
    // Columns go by position here, so each input spells all of its columns, repeated ones included.
    ASSIGN_OR_RETURN(const std::string from, From(input));
    CHECK_EQ(input->columns.size(), names.size());
    std::string list;
    for (size_t i = 0; i < names.size(); ++i) {
      list +=
          fmt::format("{}{} AS {}", i == 0 ? "" : ", ", ColumnName(input->columns[i].id), names[i]);
    }
    if (!text.empty()) {
      text = fmt::format("({}) {}{} ", text, keyword, node.all ? " ALL" : "");
      text += fmt::format("(SELECT {} FROM {})", list, from);
    } else {
      text = fmt::format("SELECT {} FROM {}", list, from);
    }
  }
  return text;
}

Result<std::string> Printer::PrintNode(const Relation&, const sql::Sort& node) {
  ASSIGN_OR_RETURN(const std::string keys, PrintSortKeys(node.keys));
  ASSIGN_OR_RETURN(const std::string from, From(node.input));
  return fmt::format("SELECT * FROM {} ORDER BY {}", from, keys);
}

Result<std::string> Printer::PrintNode(const Relation&, const sql::Limit& node) {
  std::string bounds = node.limit ? fmt::format(" LIMIT {}", *node.limit) : "";
  if (node.offset > 0) {
    bounds += fmt::format(" OFFSET {}", node.offset);
  }
  // Above a sort the two make one statement, which DuckDB runs as a top-n.
  if (std::holds_alternative<sql::Sort>(node.input->node)) {
    ASSIGN_OR_RETURN(const std::string sorted, PrintRelation(*node.input));
    return sorted + bounds;
  }
  ASSIGN_OR_RETURN(const std::string from, From(node.input));
  return fmt::format("SELECT * FROM {}{}", from, bounds);
}

Result<std::string> Printer::PrintNode(const Relation&, const sql::Distinct& node) {
  ASSIGN_OR_RETURN(const std::string from, From(node.input));
  return "SELECT DISTINCT * FROM " + from;
}

Result<std::string> Printer::PrintNode(const Relation& relation, const sql::Generate& node) {
  ASSIGN_OR_RETURN(const std::vector<std::string> args, PrintAll(node.args));
  ASSIGN_OR_RETURN(const std::string from, From(node.input));
  const size_t first = node.input->columns.size();
  const auto name = [&](size_t index) { return ColumnName(relation.columns[first + index].id); };
  const std::string source = FreshName();
  // The generator's argument is computed once, then unnested beside the input's columns.
  const auto unnest = [&](const std::string& argument, const std::string& columns) {
    return fmt::format("SELECT * EXCLUDE ({0}){1} FROM (SELECT *, {2} AS {0} FROM {3})", source,
                       columns, argument, from);
  };
  // OUTER keeps rows whose collection is empty or NULL, with one NULL element.
  const auto outer = [&](const std::string& list) {
    return node.outer ? fmt::format("CASE WHEN len({0}) > 0 THEN {0} ELSE [NULL] END", list) : list;
  };
  if (node.function == "explode" || node.function == "posexplode") {
    std::string columns;
    size_t index = 0;
    const bool is_map = node.args.front()->type.Is(TypeKind::kMap);
    const std::string list = is_map ? fmt::format("map_keys({})", source) : source;
    if (node.function == "posexplode") {
      const std::string positions =
          fmt::format("list_transform(range(len({})), lambda i: CAST(i AS INTEGER))", list);
      columns += fmt::format(", unnest({}) AS {}", outer(positions), name(index++));
    }
    columns += fmt::format(", unnest({}) AS {}", outer(list), name(index++));
    if (is_map) {
      columns += fmt::format(", unnest({}) AS {}", outer(fmt::format("map_values({})", source)),
                             name(index));
    }
    return unnest(args.front(), columns);
  }
  if (node.function == "inline") {
    const auto& fields = node.args.front()->type.element().fields();
    const std::string element = FreshName();
    std::string columns;
    for (size_t i = 0; i < fields.size(); ++i) {
      columns += fmt::format(", struct_extract({}, {}) AS {}", element, QuoteString(fields[i].name),
                             name(i));
    }
    return fmt::format(
        "SELECT * EXCLUDE ({}){} FROM ({})", element, columns,
        unnest(args.front(), fmt::format(", unnest({}) AS {}", outer(source), element)));
  }
  if (node.function == "stack") {
    // stack(n, a, b, c …): n rows, filled row by row; what is missing at the end is NULL.
    const size_t width = relation.columns.size() - first;
    const auto* count = std::get_if<sql::LiteralExpr>(&node.args.front()->node);
    CHECK(count != nullptr && width > 0);
    const auto rows = static_cast<size_t>(std::get<int64_t>(count->value.data));
    const std::string element = FreshName();
    std::string list;
    std::string columns;
    for (size_t row = 0; row < rows; ++row) {
      std::string members;
      for (size_t i = 0; i < width; ++i) {
        const size_t index = 1 + row * width + i;
        const std::string value = index < args.size() ? args[index] : "NULL";
        members += fmt::format("{}f{}: {}", i == 0 ? "" : ", ", i,
                               Cast(value, relation.columns[first + i].type));
      }
      list += fmt::format("{}{{{}}}", row == 0 ? "" : ", ", members);
    }
    for (size_t i = 0; i < width; ++i) {
      columns += fmt::format(", {}.f{} AS {}", element, i, name(i));
    }
    return fmt::format(
        "SELECT * EXCLUDE ({}){} FROM ({})", element, columns,
        unnest(fmt::format("[{}]", list), fmt::format(", unnest({}) AS {}", source, element)));
  }
  return Unsupported(node.args.empty() ? Span{} : node.args.front()->span,
                     fmt::format("the generator `{}` is not supported", node.function));
}

Result<std::string> Printer::PrintNode(const Relation&, const sql::With& node) {
  std::string definitions;
  for (const auto& definition : node.definitions) {
    ASSIGN_OR_RETURN(const std::string query, PrintRelation(*definition.query));
    cte_columns_[definition.id] = definition.query->columns;
    definitions += fmt::format("{}{} AS MATERIALIZED ({})", definitions.empty() ? "" : ", ",
                               CteName(definition.id), query);
  }
  ASSIGN_OR_RETURN(const std::string body, From(node.body));
  return fmt::format("WITH {} SELECT * FROM {}", definitions, body);
}

Result<std::string> Printer::PrintNode(const Relation& relation, const sql::CteScan& node) {
  const auto found = cte_columns_.find(node.id);
  CHECK(found != cte_columns_.end());
  return fmt::format("SELECT {} FROM {}", SelectList(NamesOf(found->second), relation.columns),
                     CteName(node.id));
}

Result<std::string> Printer::PrintNode(const Relation& relation, const sql::TableFunction& node) {
  if (node.function == "range" && !node.args.empty() && node.args.size() <= 3) {
    ASSIGN_OR_RETURN(const std::vector<std::string> args, PrintAll(node.args));
    std::string bounds;
    for (const std::string& arg : args) {
      bounds += fmt::format("{}CAST({} AS BIGINT)", bounds.empty() ? "" : ", ", arg);
    }
    return fmt::format("SELECT {0} FROM range({1}) AS {2}({0})",
                       ColumnName(relation.columns.front().id), bounds, FreshName());
  }
  return Unsupported(
      node.args.empty() ? Span{} : node.args.front()->span,
      fmt::format("the table function `{}` is not supported by this engine", node.function));
}

Result<std::string> Printer::PrintNode(const Relation&, const sql::KMeans& node) {
  return Unsupported(node.span,
                     "kmeans keeps a model from one update to the next, so it runs in an update "
                     "only: define a MATERIALIZED VIEW and query that");
}

Result<std::string> Printer::PrintNode(const Relation&, const sql::KMeansModel& node) {
  return Unsupported(node.span,
                     "kmeans_model reads the files of a model, which an update does only: define a "
                     "table of it and query that");
}

}  // namespace medallion::duckdb
