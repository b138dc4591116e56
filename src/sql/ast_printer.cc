#include "sql/ast_printer.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/identifier.h"
#include "base/text.h"
#include "number_literal.h"
#include "string_escapes.h"

namespace medallion::sql {
namespace {

std::string Print(const ast::Expression& expression);
std::string Print(const ast::Relation& relation);
std::string Print(const ast::QueryTerm& term);
std::string PrintQuery(const ast::Query& query);

template <class Range, class Printer>
std::string JoinPrinted(const Range& items, const Printer& print,
                        std::string_view separator = ", ") {
  std::string text;
  for (const auto& item : items) {
    if (!text.empty()) text += separator;
    text += print(item);
  }
  return text;
}

// Names that the parser would take for syntax stand in back-quotes, whatever their letters.
bool IsSyntaxWord(std::string_view name) {
  // clang-format off: one word to a line says no more
  static constexpr std::string_view kWords[] = {
      "ALL", "AND", "ANTI", "AS", "ASC", "AT", "BETWEEN", "BY", "CASE", "CATALOG", "CLUSTER",
      "COLLATE", "COMMENT", "CONSTRAINT", "CREATE", "CROSS", "CUBE", "CURRENT", "DESC", "DISTINCT",
      "DISTRIBUTE", "DIV", "ELSE", "END", "ESCAPE", "EXCEPT", "EXISTS", "FALSE", "FILTER", "FOR",
      "FROM", "FULL", "GROUP", "GROUPING", "HAVING", "IF", "IGNORE", "ILIKE", "IN", "INNER",
      "INTERSECT", "INTERVAL", "INTO", "IS", "JOIN", "LATERAL", "LEFT", "LIKE", "LIMIT", "LIVE",
      "MATCH_RECOGNIZE", "MINUS", "NATURAL", "NOT", "NULL", "NULLS", "OFFSET", "ON", "OR", "ORDER",
      "OUTER", "OVER", "PARTITION", "PIVOT", "QUALIFY", "RANGE", "RECURSIVE", "REGEXP", "RESPECT",
      "RIGHT", "RLIKE", "ROLLUP", "ROWS", "SCHEMA", "SELECT", "SEMI", "SETMINUS", "SORT", "STREAM",
      "SYSTEM_TIME", "SYSTEM_VERSION", "TABLE", "TABLESAMPLE", "THAN", "THEN", "TIMESTAMP", "TRUE",
      "UNBOUNDED", "UNION", "UNPIVOT", "USING", "VALUES", "VERSION", "VIEW", "WHEN", "WHERE",
      "WINDOW", "WITH", "WITHIN"};
  // clang-format on
  for (const std::string_view word : kWords) {
    if (EqualsIgnoreCase(word, name)) return true;
  }
  return false;
}

std::string Name(std::string_view name) {
  if (IsSyntaxWord(name)) return fmt::format("`{}`", name);
  return QuoteSparkIdentifier(name);
}
std::string PrintName(const Identifier& name) { return Name(name.text); }
std::string PrintNames(const std::vector<Identifier>& names, std::string_view separator = ", ") {
  return JoinPrinted(names, PrintName, separator);
}
std::string PrintQualified(const QualifiedName& name) {
  return JoinPrinted(name.parts, [](const std::string& part) { return Name(part); }, ".");
}
std::string PrintPtr(const ast::ExpressionPtr& expression) { return Print(*expression); }
std::string PrintList(const std::vector<ast::ExpressionPtr>& expressions) {
  return JoinPrinted(expressions, PrintPtr);
}

bool IsNegativeNumber(const ast::Literal& literal) {
  const Value& value = literal.value;
  return value.type.IsNumeric() && !value.is_null() && LiteralToSql(value).starts_with('-');
}

// Whether the expression may stand as an operand without parentheses.
bool IsAtom(const ast::Expression& expression) {
  if (const auto* literal = std::get_if<ast::Literal>(&expression.node))
    return !IsNegativeNumber(*literal);
  return std::holds_alternative<ast::ColumnReference>(expression.node) ||
         std::holds_alternative<ast::FunctionCall>(expression.node) ||
         std::holds_alternative<ast::Cast>(expression.node) ||
         std::holds_alternative<ast::Case>(expression.node) ||
         std::holds_alternative<ast::ScalarSubquery>(expression.node) ||
         std::holds_alternative<ast::RowConstructor>(expression.node);
}

std::string Operand(const ast::ExpressionPtr& expression) {
  return IsAtom(*expression) ? Print(*expression) : fmt::format("({})", Print(*expression));
}

// --- Parts of expressions ------------------------------------------------------------------------

std::string PrintSortItem(const ast::SortItem& item) {
  std::string text = item.expr == nullptr ? "ALL" : Print(*item.expr);
  if (item.descending) text += " DESC";
  if (item.nulls_first) text += *item.nulls_first ? " NULLS FIRST" : " NULLS LAST";
  return text;
}

std::string PrintBound(const ast::FrameBound& bound) {
  using Kind = ast::FrameBound::Kind;
  switch (bound.kind) {
    case Kind::kUnboundedPreceding: return "UNBOUNDED PRECEDING";
    case Kind::kPreceding: return Operand(bound.offset) + " PRECEDING";
    case Kind::kCurrentRow: return "CURRENT ROW";
    case Kind::kFollowing: return Operand(bound.offset) + " FOLLOWING";
    case Kind::kUnboundedFollowing: return "UNBOUNDED FOLLOWING";
  }
  std::abort();
}

std::string PrintWindow(const ast::Over& over) {
  if (const auto* name = std::get_if<Identifier>(&over)) return PrintName(*name);
  const auto& spec = std::get<ast::WindowSpec>(over);
  std::vector<std::string> parts;
  if (!spec.partition_by.empty()) parts.push_back("PARTITION BY " + PrintList(spec.partition_by));
  if (!spec.order_by.empty())
    parts.push_back("ORDER BY " + JoinPrinted(spec.order_by, PrintSortItem));
  if (spec.frame) {
    parts.push_back(fmt::format("{} BETWEEN {} AND {}",
                                spec.frame->unit == ast::FrameUnit::kRows ? "ROWS" : "RANGE",
                                PrintBound(spec.frame->start), PrintBound(spec.frame->end)));
  }
  return "(" + medallion::Join(parts, " ") + ")";
}

std::string PrintArgument(const ast::Argument& argument) {
  const std::string name = argument.name ? PrintName(*argument.name) + " => " : "";
  if (argument.table == nullptr) return name + Print(*argument.value);
  const auto* subquery = std::get_if<ast::SubqueryRelation>(&argument.table->node);
  const std::string table =
      subquery != nullptr ? PrintQuery(*subquery->query) : Print(*argument.table);
  return fmt::format("{}TABLE({})", name, table);
}

std::string PrintStructField(const ast::Argument& argument) {
  return Print(*argument.value) + (argument.name ? " AS " + PrintName(*argument.name) : "");
}

std::string_view FieldName(ast::IntervalField field) {
  static constexpr std::string_view kNames[] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};
  return kNames[static_cast<size_t>(field)];
}

// `[-]whole.fraction` of microseconds in a unit.
std::string Seconds(uint64_t micros) {
  return fmt::format("{}.{:06}", micros / 1'000'000, micros % 1'000'000);
}

// The fields from `start` to `end` with their separators: `1 02:03:04.000000`.
std::string DayTimeText(uint64_t micros, ast::IntervalField start, ast::IntervalField end) {
  using Field = ast::IntervalField;
  static constexpr uint64_t kMicros[] = {0, 0, 86'400'000'000, 3'600'000'000, 60'000'000, 1};
  std::string text;
  for (int i = static_cast<int>(start); i <= static_cast<int>(end); ++i) {
    const auto field = static_cast<Field>(i);
    if (!text.empty()) text += field == Field::kHour ? " " : ":";
    if (field == Field::kSecond) {
      text += Seconds(micros);
    } else {
      text += fmt::format("{}", micros / kMicros[i]);
      micros %= kMicros[i];
    }
  }
  return text;
}

std::string PrintInterval(const ast::IntervalLiteral& interval) {
  const int64_t value = std::get<int64_t>(interval.value.data);
  const std::string sign = value < 0 ? "-" : "";
  const uint64_t magnitude =
      value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  std::string text;
  if (interval.start == ast::IntervalField::kMonth) {
    text = fmt::format("{}", magnitude);
  } else if (interval.start == ast::IntervalField::kYear) {
    text = interval.end == interval.start ? fmt::format("{}", magnitude / 12)
                                          : fmt::format("{}-{}", magnitude / 12, magnitude % 12);
  } else {
    text = DayTimeText(magnitude, interval.start, interval.end);
  }
  const std::string range =
      interval.start == interval.end ? "" : fmt::format(" TO {}", FieldName(interval.end));
  return fmt::format("INTERVAL '{}{}' {}{}", sign, text, FieldName(interval.start), range);
}

// --- Expressions ---------------------------------------------------------------------------------

class ExpressionPrinter {
 public:
  std::string operator()(const ast::Literal& node) const { return LiteralToSql(node.value); }
  std::string operator()(const ast::IntervalLiteral& node) const { return PrintInterval(node); }
  std::string operator()(const ast::TimestampLiteral& node) const {
    return (node.type == TypeKind::kTimestamp ? "TIMESTAMP" : "TIMESTAMP_NTZ") +
           QuoteString(node.text);
  }
  std::string operator()(const ast::ColumnReference& node) const {
    return PrintNames(node.parts, ".");
  }
  std::string operator()(const ast::Star& node) const {
    std::string text = node.qualifier.empty() ? "*" : PrintNames(node.qualifier, ".") + ".*";
    if (node.except.empty()) return text;
    return fmt::format("{} EXCEPT ({})", text,
                       JoinPrinted(node.except, [](const std::vector<Identifier>& column) {
                         return PrintNames(column, ".");
                       }));
  }
  std::string operator()(const ast::Unary& node) const {
    static constexpr std::string_view kOperators[] = {"-", "+", "~", "NOT "};
    // `-5` is a number: the operand of a minus that is none keeps its parentheses.
    const bool number = std::holds_alternative<ast::Literal>(node.operand->node);
    const std::string operand =
        number ? fmt::format("({})", Print(*node.operand)) : Operand(node.operand);
    return std::string(kOperators[static_cast<size_t>(node.op)]) + operand;
  }
  std::string operator()(const ast::Binary& node) const {
    return fmt::format("{} {} {}", Operand(node.left), ToUpper(node.op), Operand(node.right));
  }
  std::string operator()(const ast::Between& node) const {
    return fmt::format("{}{} BETWEEN {} AND {}", Operand(node.operand), Not(node.negated),
                       Operand(node.low), Operand(node.high));
  }
  std::string operator()(const ast::InList& node) const {
    return fmt::format("{}{} IN ({})", Operand(node.operand), Not(node.negated),
                       PrintList(node.candidates));
  }
  std::string operator()(const ast::InSubquery& node) const {
    return fmt::format("{}{} IN ({})", Operand(node.operand), Not(node.negated),
                       PrintQuery(*node.query));
  }
  std::string operator()(const ast::Like& node) const {
    static constexpr std::string_view kKinds[] = {"LIKE", "ILIKE", "RLIKE"};
    std::string text = fmt::format("{}{} {} ", Operand(node.operand), Not(node.negated),
                                   kKinds[static_cast<size_t>(node.kind)]);
    if (node.quantifier == ast::Like::Quantifier::kNone) {
      text += Operand(node.patterns.front());
    } else {
      text += fmt::format("{} ({})", node.quantifier == ast::Like::Quantifier::kAny ? "ANY" : "ALL",
                          PrintList(node.patterns));
    }
    return node.escape ? text + " ESCAPE " + QuoteString(*node.escape) : text;
  }
  std::string operator()(const ast::IsTest& node) const {
    static constexpr std::string_view kTests[] = {"NULL", "TRUE", "FALSE", "UNKNOWN"};
    return fmt::format("{} IS{} {}", Operand(node.operand), Not(node.negated),
                       kTests[static_cast<size_t>(node.what)]);
  }
  std::string operator()(const ast::IsDistinctFrom& node) const {
    return fmt::format("{} IS{} DISTINCT FROM {}", Operand(node.left), Not(node.negated),
                       Operand(node.right));
  }
  std::string operator()(const ast::Exists& node) const {
    return fmt::format("EXISTS ({})", PrintQuery(*node.query));
  }
  std::string operator()(const ast::ScalarSubquery& node) const {
    return fmt::format("({})", PrintQuery(*node.query));
  }
  std::string operator()(const ast::Case& node) const {
    std::string text = "CASE";
    if (node.operand != nullptr) text += " " + Print(*node.operand);
    for (const ast::Case::Branch& branch : node.branches) {
      text += fmt::format(" WHEN {} THEN {}", Print(*branch.condition), Print(*branch.result));
    }
    if (node.otherwise != nullptr) text += " ELSE " + Print(*node.otherwise);
    return text + " END";
  }
  std::string operator()(const ast::Cast& node) const {
    return fmt::format("{}({} AS {})", node.try_cast ? "TRY_CAST" : "CAST", Print(*node.operand),
                       node.type.ToDdl());
  }
  std::string operator()(const ast::FunctionCall& node) const { return PrintCall(node); }
  std::string operator()(const ast::Lambda& node) const {
    return fmt::format("({}) -> {}", PrintNames(node.parameters), Print(*node.body));
  }
  std::string operator()(const ast::Subscript& node) const {
    return fmt::format("{}[{}]", Operand(node.base), Print(*node.index));
  }
  std::string operator()(const ast::FieldAccess& node) const {
    // A name before the point would become part of one reference, a number would take the point.
    const bool takes_point = std::holds_alternative<ast::ColumnReference>(node.base->node) ||
                             std::holds_alternative<ast::Literal>(node.base->node);
    return fmt::format("{}.{}",
                       takes_point ? fmt::format("({})", Print(*node.base)) : Operand(node.base),
                       PrintName(node.field));
  }
  std::string operator()(const ast::RowConstructor& node) const {
    return fmt::format("({})", PrintList(node.elements));
  }

 private:
  static std::string_view Not(bool negated) { return negated ? " NOT" : ""; }

  static std::string PrintCall(const ast::FunctionCall& call) {
    const bool is_struct =
        call.name.size() == 1 && EqualsIgnoreCase(call.name.front().text, "struct");
    const bool keyword =
        call.name.size() == 1 && (EqualsIgnoreCase(call.name.front().text, "timestampadd") ||
                                  EqualsIgnoreCase(call.name.front().text, "timestampdiff"));
    const bool extract =
        call.name.size() == 1 && EqualsIgnoreCase(call.name.front().text, "extract");
    const auto word = [&](size_t i) {
      return std::get<std::string>(std::get<ast::Literal>(call.args[i].value->node).value.data);
    };
    std::string text =
        JoinPrinted(
            call.name, [](const Identifier& part) { return QuoteSparkIdentifier(part.text); },
            ".") +
        "(";
    if (call.distinct) text += "DISTINCT ";
    if (keyword) {
      text += fmt::format("{}, {}, {}", word(0), Print(*call.args[1].value),
                          Print(*call.args[2].value));
    } else if (extract) {
      text += fmt::format("{} FROM {}", word(0), Print(*call.args[1].value));
    } else {
      text += JoinPrinted(call.args, is_struct ? PrintStructField : PrintArgument);
    }
    text += ")";
    if (!call.within_group.empty()) {
      text +=
          fmt::format(" WITHIN GROUP (ORDER BY {})", JoinPrinted(call.within_group, PrintSortItem));
    }
    if (call.filter != nullptr) text += fmt::format(" FILTER (WHERE {})", Print(*call.filter));
    if (call.null_treatment == ast::NullTreatment::kIgnore) text += " IGNORE NULLS";
    if (call.null_treatment == ast::NullTreatment::kRespect) text += " RESPECT NULLS";
    if (call.over) text += " OVER " + PrintWindow(*call.over);
    return text;
  }
};

std::string Print(const ast::Expression& expression) {
  return std::visit(ExpressionPrinter(), expression.node);
}

// --- Relations -----------------------------------------------------------------------------------

std::string PrintAlias(const ast::TableAlias& alias) {
  std::string text = alias.name ? " AS " + PrintName(*alias.name) : "";
  if (!alias.columns.empty()) text += fmt::format(" ({})", PrintNames(alias.columns));
  return text;
}

class RelationPrinter {
 public:
  std::string operator()(const ast::TableReference& node) const {
    std::string text = (node.live ? "LIVE." : "") + PrintQualified(node.name);
    if (node.streaming) return fmt::format("STREAM({})", text);
    if (node.version != nullptr) text += " VERSION AS OF " + Print(*node.version);
    if (node.timestamp != nullptr) text += " TIMESTAMP AS OF " + Operand(node.timestamp);
    return text;
  }
  std::string operator()(const ast::SubqueryRelation& node) const {
    return fmt::format("{}({})", node.lateral ? "LATERAL " : "", PrintQuery(*node.query));
  }
  std::string operator()(const ast::ValuesRelation& node) const {
    return "VALUES " + JoinPrinted(node.rows, [](const std::vector<ast::ExpressionPtr>& row) {
             return fmt::format("({})", PrintList(row));
           });
  }
  std::string operator()(const ast::TableFunctionCall& node) const {
    return fmt::format("{}{}{}({})", node.lateral ? "LATERAL " : "",
                       node.streaming ? "STREAM " : "", QuoteSparkIdentifier(node.name.text),
                       JoinPrinted(node.args, PrintArgument));
  }
  std::string operator()(const ast::JoinRelation& node) const {
    static constexpr std::string_view kKinds[] = {"INNER", "LEFT",      "RIGHT",    "FULL",
                                                  "CROSS", "LEFT SEMI", "LEFT ANTI"};
    std::string text =
        fmt::format("{} {}{} JOIN {}", Side(*node.left), node.natural ? "NATURAL " : "",
                    kKinds[static_cast<size_t>(node.kind)], Side(*node.right));
    if (node.condition != nullptr) text += " ON " + Print(*node.condition);
    if (!node.using_columns.empty())
      text += fmt::format(" USING ({})", PrintNames(node.using_columns));
    return text;
  }
  // Reached through Print(Relation), which knows the aliases.
  std::string operator()(const ast::LateralView& node) const {
    return fmt::format("{} LATERAL VIEW {}{}({})", Print(*node.input), node.outer ? "OUTER " : "",
                       QuoteSparkIdentifier(node.function.text),
                       JoinPrinted(node.args, PrintArgument));
  }

 private:
  static std::string Side(const ast::Relation& side) {
    const bool join = std::holds_alternative<ast::JoinRelation>(side.node) && !side.alias;
    return join ? fmt::format("({})", Print(side)) : Print(side);
  }
};

std::string Print(const ast::Relation& relation) {
  std::string text = std::visit(RelationPrinter(), relation.node);
  if (!relation.alias) return text;
  if (std::holds_alternative<ast::LateralView>(relation.node)) {
    if (relation.alias->name) text += " " + PrintName(*relation.alias->name);
    if (!relation.alias->columns.empty()) text += " AS " + PrintNames(relation.alias->columns);
    return text;
  }
  if (std::holds_alternative<ast::JoinRelation>(relation.node)) text = fmt::format("({})", text);
  return text + PrintAlias(*relation.alias);
}

// --- Queries -------------------------------------------------------------------------------------

std::string PrintSelectItem(const ast::SelectItem& item) {
  std::string text = Print(*item.expr);
  if (item.aliases.size() == 1) text += " AS " + PrintName(item.aliases.front());
  if (item.aliases.size() > 1) text += fmt::format(" AS ({})", PrintNames(item.aliases));
  return text;
}

std::string PrintGroupingElement(const ast::GroupingElement& element) {
  using Kind = ast::GroupingElement::Kind;
  if (element.kind == Kind::kExpression) return Print(*element.sets.front().front());
  const std::string sets =
      JoinPrinted(element.sets, [](const std::vector<ast::ExpressionPtr>& set) {
        return set.size() == 1 ? Print(*set.front()) : fmt::format("({})", PrintList(set));
      });
  static constexpr std::string_view kKinds[] = {"", "ROLLUP", "CUBE", "GROUPING SETS"};
  return fmt::format("{} ({})", kKinds[static_cast<size_t>(element.kind)], sets);
}

std::string PrintSelect(const ast::Select& select) {
  std::string text = select.distinct ? "SELECT DISTINCT " : "SELECT ";
  text += JoinPrinted(select.items, PrintSelectItem);
  if (select.from != nullptr) text += " FROM " + Print(*select.from);
  if (select.where != nullptr) text += " WHERE " + Print(*select.where);
  if (select.group_by) {
    text += " GROUP BY " + (select.group_by->all
                                ? "ALL"
                                : JoinPrinted(select.group_by->elements, PrintGroupingElement));
  }
  if (select.having != nullptr) text += " HAVING " + Print(*select.having);
  if (select.qualify != nullptr) text += " QUALIFY " + Print(*select.qualify);
  if (!select.windows.empty()) {
    text += " WINDOW " + JoinPrinted(select.windows, [](const ast::NamedWindow& window) {
              return PrintName(window.name) + " AS " + PrintWindow(window.window);
            });
  }
  return text;
}

std::string PrintSetOperand(const ast::QueryTerm& term) {
  return std::holds_alternative<ast::SetOperation>(term.node) ? fmt::format("({})", Print(term))
                                                              : Print(term);
}

std::string Print(const ast::QueryTerm& term) {
  if (const auto* select = std::get_if<ast::Select>(&term.node)) return PrintSelect(*select);
  if (const auto* nested = std::get_if<ast::NestedQuery>(&term.node)) {
    return fmt::format("({})", PrintQuery(*nested->query));
  }
  const auto& operation = std::get<ast::SetOperation>(term.node);
  static constexpr std::string_view kOperators[] = {"UNION", "INTERSECT", "EXCEPT"};
  return fmt::format("{} {}{} {}", PrintSetOperand(*operation.left),
                     kOperators[static_cast<size_t>(operation.op)], operation.all ? " ALL" : "",
                     PrintSetOperand(*operation.right));
}

std::string PrintQuery(const ast::Query& query) {
  std::string text;
  if (!query.with.empty()) {
    text = "WITH " +
           JoinPrinted(
               query.with,
               [](const ast::CommonTable& table) {
                 const std::string columns =
                     table.columns.empty() ? "" : fmt::format(" ({})", PrintNames(table.columns));
                 return fmt::format("{}{} AS ({})", PrintName(table.name), columns,
                                    PrintQuery(*table.query));
               }) +
           " ";
  }
  text += Print(*query.body);
  if (query.order_by.all) text += " ORDER BY " + PrintSortItem(query.order_by.all_item);
  if (!query.order_by.items.empty())
    text += " ORDER BY " + JoinPrinted(query.order_by.items, PrintSortItem);
  if (query.limit != nullptr) text += " LIMIT " + Print(*query.limit);
  if (query.offset != nullptr) text += " OFFSET " + Print(*query.offset);
  return text;
}

// --- Statements ----------------------------------------------------------------------------------

std::string PrintColumn(const ColumnSpec& column) {
  std::string text = PrintName(column.name);
  if (column.type) text += " " + column.type->ToDdl();
  if (column.not_null) text += " NOT NULL";
  if (column.comment) text += " COMMENT " + QuoteString(*column.comment);
  return text;
}

std::string PrintExpectation(const ExpectationSpec& expectation) {
  static constexpr std::string_view kActions[] = {"", " ON VIOLATION DROP ROW",
                                                  " ON VIOLATION FAIL UPDATE"};
  return fmt::format("CONSTRAINT {} EXPECT ({}){}", PrintName(expectation.name),
                     Print(*expectation.predicate),
                     kActions[static_cast<size_t>(expectation.action)]);
}

std::string PrintReplaceWhere(const ReplaceWhere& replace) {
  return " REPLACE WHERE " + Print(*replace.predicate);
}

class StatementPrinter {
 public:
  std::string operator()(const CreateDataset& create) const {
    static constexpr std::string_view kKinds[] = {"STREAMING TABLE", "MATERIALIZED VIEW",
                                                  "TEMPORARY VIEW", "VIEW"};
    std::string text =
        fmt::format("CREATE {}{}{}{} {}", create.or_refresh ? "OR REFRESH " : "",
                    create.is_private ? "PRIVATE " : "", kKinds[static_cast<size_t>(create.kind)],
                    create.if_not_exists ? " IF NOT EXISTS" : "", PrintQualified(create.name.name));
    std::vector<std::string> elements;
    for (const ColumnSpec& column : create.columns) elements.push_back(PrintColumn(column));
    for (const ExpectationSpec& expectation : create.expectations)
      elements.push_back(PrintExpectation(expectation));
    if (!elements.empty()) text += fmt::format(" ({})", medallion::Join(elements, ", "));
    if (!create.partition_by.empty())
      text += fmt::format(" PARTITIONED BY ({})", PrintNames(create.partition_by));
    if (!create.cluster_by.empty())
      text += fmt::format(" CLUSTER BY ({})", PrintNames(create.cluster_by));
    if (create.comment) text += " COMMENT " + QuoteString(*create.comment);
    if (!create.properties.empty()) {
      text += fmt::format(" TBLPROPERTIES ({})",
                          JoinPrinted(create.properties, [](const auto& property) {
                            return fmt::format("{} = {}", QuoteString(property.first),
                                               QuoteString(property.second));
                          }));
    }
    if (create.query == nullptr) return text;
    text += create.replace_where ? " FLOW" + PrintReplaceWhere(*create.replace_where) + " BY NAME "
                                 : " AS ";
    return text + PrintQuery(*create.query);
  }
  std::string operator()(const CreateFlow& flow) const {
    const std::string comment = flow.comment ? " COMMENT " + QuoteString(*flow.comment) : "";
    return fmt::format("CREATE FLOW {}{} AS INSERT {}INTO {} BY NAME{} {}", PrintName(flow.name),
                       comment, flow.once ? "ONCE " : "", PrintQualified(flow.target.name),
                       flow.replace_where ? PrintReplaceWhere(*flow.replace_where) : "",
                       PrintQuery(*flow.query));
  }
  std::string operator()(const SetStatement& set) const {
    return fmt::format("SET {} = {}", QuoteString(set.key), QuoteString(set.value));
  }
  std::string operator()(const UseStatement& use) const {
    return fmt::format("USE {} {}", use.kind == UseStatement::Kind::kCatalog ? "CATALOG" : "SCHEMA",
                       PrintQualified(use.name.name));
  }
  std::string operator()(const QueryStatement& statement) const {
    return PrintQuery(*statement.query);
  }
};

}  // namespace

std::string ToSql(const ast::Expression& expression) { return Print(expression); }
std::string ToSql(const ast::Query& query) { return PrintQuery(query); }
std::string ToSql(const ast::Relation& relation) { return Print(relation); }
std::string ToSql(const Statement& statement) { return std::visit(StatementPrinter(), statement); }

}  // namespace medallion::sql
