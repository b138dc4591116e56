#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/testing.h"
#include "sql/ast_printer.h"
#include "sql/parser.h"

namespace medallion::sql {
namespace {

using ast::ExpressionPtr;

std::optional<std::string> NoParameters(std::string_view /*name*/) { return std::nullopt; }

// Grows a random tree from a seed.
class RandomAst {
 public:
  explicit RandomAst(uint64_t seed) : random_(seed) {}

  ExpressionPtr Expr(int depth) {
    if (depth <= 0) return Leaf();
    switch (Below(18)) {
      case 0: return Make(ast::Unary{static_cast<ast::UnaryOperator>(Below(4)), Expr(depth - 1)});
      case 1:
      case 2:
      case 3: return Make(ast::Binary{Operator(), Expr(depth - 1), Expr(depth - 1), {}});
      case 4: return Make(ast::Between{Expr(depth - 1), Expr(depth - 1), Expr(depth - 1), Coin()});
      case 5: return Make(ast::InList{Expr(depth - 1), List(depth - 1, 1), Coin()});
      case 6: return Make(ast::InSubquery{Expr(depth - 1), Query(depth - 1), Coin()});
      case 7: return Make(Like(depth - 1));
      case 8:
        return Make(ast::IsTest{Expr(depth - 1), static_cast<ast::IsTest::What>(Below(4)), Coin()});
      case 9: return Make(ast::IsDistinctFrom{Expr(depth - 1), Expr(depth - 1), Coin()});
      case 10: return Make(ast::Exists{Query(depth - 1)});
      case 11: return Make(ast::ScalarSubquery{Query(depth - 1)});
      case 12: return Make(Case(depth - 1));
      case 13: return Make(ast::Cast{Expr(depth - 1), DataType::Decimal(10, 2), {}, Coin()});
      case 14: return Make(Call(depth - 1));
      case 15: return Make(ast::Subscript{Expr(depth - 1), Expr(depth - 1)});
      case 16: return Make(ast::FieldAccess{Expr(depth - 1), Name()});
      default: return Make(ast::RowConstructor{List(depth - 1, 2)});
    }
  }

  ast::QueryPtr Query(int depth) {
    ast::Query query;
    if (depth > 0 && Below(4) == 0) query.with.push_back({Name(), {}, Query(depth - 1)});
    query.body = Term(depth);
    if (Below(3) == 0) query.order_by.items.push_back(SortItem(depth - 1));
    if (Below(3) == 0)
      query.limit = Make(ast::Literal{Value::Integer(static_cast<int32_t>(Below(100)))});
    return std::make_shared<const ast::Query>(std::move(query));
  }

 private:
  size_t Below(size_t bound) { return random_() % bound; }
  bool Coin() { return Below(2) == 0; }

  template <class Node>
  ExpressionPtr Make(Node node) {
    return std::make_shared<const ast::Expression>(ast::Expression{{}, std::move(node)});
  }

  Identifier Name() {
    static const char* const kNames[] = {"a",    "Price",    "order",  "my col", "t`x",   "select",
                                         "date", "1st",      "größe",  "left",   "value", "x.y",
                                         "key",  "interval", "stream", "$"};
    return {kNames[Below(std::size(kNames))], {}};
  }

  std::string Operator() {
    static const char* const kOperators[] = {"or", "and", "=", "<=>", "<>", "<",  "<=",  ">",
                                             ">=", "+",   "-", "*",   "/",  "%",  "div", "||",
                                             "&",  "|",   "^", "<<",  ">>", ">>>"};
    return kOperators[Below(std::size(kOperators))];
  }

  std::string Text() {
    static const char* const kPieces[] = {"'",  "\"", "\\", "%", "_",    "\n", "a",
                                          "--", "/*", ";",  "£", "${x}", "`",  "\t"};
    std::string text;
    for (size_t n = Below(6); n > 0; --n) text += kPieces[Below(std::size(kPieces))];
    return text;
  }

  ExpressionPtr Leaf() {
    switch (Below(8)) {
      case 0: return Make(ast::Literal{Value::Integer(static_cast<int32_t>(random_()))});
      case 1: return Make(ast::Literal{Value::Long(static_cast<int64_t>(random_()))});
      case 2: return Make(ast::Literal{Value::String(Text())});
      case 3:
        return Make(ast::Literal{
            Value{DataType::Decimal(9, 2), Decimal{static_cast<int128_t>(Below(1000)) - 500, 2}}});
      case 4: return Make(ast::Literal{Below(2) == 0 ? Value::Null() : Value::Boolean(Coin())});
      case 5: {
        const int64_t micros = static_cast<int64_t>(Below(1'000'000'000'000)) - 500'000'000'000;
        return Make(ast::IntervalLiteral{Value{DataType::DayTimeInterval(), micros},
                                         ast::IntervalField::kDay, ast::IntervalField::kSecond});
      }
      default: {
        ast::ColumnReference column;
        for (size_t n = Below(3) + 1; n > 0; --n) column.parts.push_back(Name());
        return Make(std::move(column));
      }
    }
  }

  std::vector<ExpressionPtr> List(int depth, size_t least) {
    std::vector<ExpressionPtr> list;
    for (size_t n = Below(2) + least; n > 0; --n) list.push_back(Expr(depth));
    return list;
  }

  ast::SortItem SortItem(int depth) {
    ast::SortItem item;
    item.expr = Expr(depth);
    item.descending = Coin();
    if (Coin()) item.nulls_first = Coin();
    return item;
  }

  ast::Like Like(int depth) {
    ast::Like like;
    like.kind = static_cast<ast::Like::Kind>(Below(3));
    like.operand = Expr(depth);
    like.negated = Coin();
    like.patterns = {Expr(depth)};
    if (like.kind != ast::Like::Kind::kRLike) {
      like.quantifier = static_cast<ast::Like::Quantifier>(Below(3));
      if (like.quantifier == ast::Like::Quantifier::kNone && Coin()) like.escape = "\\";
    }
    return like;
  }

  ast::Case Case(int depth) {
    ast::Case node;
    if (Coin()) node.operand = Expr(depth);
    for (size_t n = Below(2) + 1; n > 0; --n) node.branches.push_back({Expr(depth), Expr(depth)});
    if (Coin()) node.otherwise = Expr(depth);
    return node;
  }

  ast::FunctionCall Call(int depth) {
    ast::FunctionCall call;
    call.name = {Identifier{"f", {}}};
    call.distinct = Coin();
    for (const ExpressionPtr& value : List(depth, 1)) {
      ast::Argument argument;
      argument.value = value;
      if (Below(4) == 0) argument.name = Name();
      call.args.push_back(std::move(argument));
    }
    if (Coin()) call.filter = Expr(depth);
    if (Below(3) == 0) {
      ast::WindowSpec window;
      window.partition_by = List(depth, 0);
      window.order_by = {SortItem(depth)};
      if (Coin()) {
        window.frame = ast::WindowFrame{ast::FrameUnit::kRows,
                                        {ast::FrameBound::Kind::kPreceding, Expr(depth)},
                                        {ast::FrameBound::Kind::kUnboundedFollowing, nullptr},
                                        {}};
      }
      call.over = std::move(window);
    }
    return call;
  }

  ast::QueryTermPtr Term(int depth) {
    ast::QueryTerm term;
    if (depth > 0 && Below(4) == 0) {
      term.node = ast::SetOperation{static_cast<ast::SetOperator>(Below(3)), Coin(),
                                    Term(depth - 1), Term(depth - 1)};
    } else {
      term.node = Select(depth);
    }
    return std::make_shared<const ast::QueryTerm>(std::move(term));
  }

  ast::Select Select(int depth) {
    ast::Select select;
    select.distinct = Coin();
    for (const ExpressionPtr& expr : List(depth - 1, 1)) {
      select.items.push_back(
          {expr, Coin() ? std::vector<Identifier>{Name()} : std::vector<Identifier>{}, {}});
    }
    if (Coin()) select.from = Relation(depth);
    if (Coin()) select.where = Expr(depth - 1);
    if (Coin()) {
      ast::GroupingElement element;
      element.sets = {{Expr(depth - 1)}};
      select.group_by = ast::GroupBy{false, {element}, {}};
    }
    if (Below(4) == 0) select.having = Expr(depth - 1);
    return select;
  }

  ast::RelationPtr Relation(int depth) {
    ast::Relation relation;
    if (depth > 0 && Coin()) {
      ast::JoinRelation join;
      join.kind = static_cast<ast::JoinKind>(Below(7));
      join.left = Relation(depth - 1);
      join.right = Relation(depth - 1);
      if (Coin()) join.condition = Expr(depth - 1);
      relation.node = std::move(join);
    } else if (depth > 0 && Coin()) {
      relation.node = ast::SubqueryRelation{Query(depth - 1), Coin()};
    } else {
      ast::TableReference table;
      table.name.parts = {Name().text};
      table.streaming = Coin();
      relation.node = std::move(table);
    }
    if (Coin()) relation.alias = ast::TableAlias{Name(), {}, {}};
    return std::make_shared<const ast::Relation>(std::move(relation));
  }

  std::mt19937_64 random_;
};

// The printer puts every compound operand in parentheses, so equal texts are equal trees.
RC_GTEST_PROP(ParserProperty, ParsingWhatWasPrintedGivesTheSameExpression, (uint64_t seed)) {
  const std::string printed = ToSql(*RandomAst(seed).Expr(4));
  const auto parsed = ParseExpression(SourceText::Make("e.sql", printed));
  if (!parsed) RC_FAIL(parsed.error().ToString());
  RC_ASSERT(ToSql(**parsed) == printed);
}

RC_GTEST_PROP(ParserProperty, ParsingWhatWasPrintedGivesTheSameQuery, (uint64_t seed)) {
  const std::string printed = ToSql(*RandomAst(seed).Query(3));
  const auto parsed = ParseQuery(SourceText::Make("q.sql", printed), NoParameters);
  if (!parsed) RC_FAIL(parsed.error().ToString());
  RC_ASSERT(ToSql(**parsed) == printed);
}

// Any order of words gives statements or findings, each finding with a place within the text.
RC_GTEST_PROP(ParserProperty, NeverFailsWithoutAPlace, (uint64_t seed)) {
  static const char* const kWords[] = {
      "SELECT", "FROM", "WHERE",    "(",   ")",      ",",       "a",         "t",     "1",
      "'x'",    "AS",   "JOIN",     "ON",  "GROUP",  "BY",      "ORDER",     "CASE",  "WHEN",
      "THEN",   "END",  "*",        ".",   "CREATE", "VIEW",    "STREAMING", "TABLE", "CONSTRAINT",
      "EXPECT", ";",    "INTERVAL", "DAY", "CAST",   "->",      "=>",        "[",     "]",
      "::",     "OVER", "UNION",    "NOT", "IN",     "BETWEEN", "AND",       "`b`",   "--",
      "/*",     "*/",   "\n",       "-",   "WITH",   "VALUES",  "LATERAL",   "VIEW",  "FLOW",
      "INSERT", "INTO", "SET",      "=",   "USE",    "${p}",    ":p",        "STREAM"};
  std::mt19937_64 random(seed);
  std::string text;
  for (size_t n = random() % 40; n > 0; --n)
    text += std::string(kWords[random() % std::size(kWords)]) + " ";
  const ParsedFile file = ParseStatements(SourceText::Make("s.sql", text), NoParameters);
  for (const Diagnostic& diagnostic : file.diagnostics) {
    RC_ASSERT(diagnostic.span.begin <= diagnostic.span.end);
    RC_ASSERT(diagnostic.span.end <= text.size());
    RC_ASSERT(!diagnostic.message.empty() && !diagnostic.condition.empty());
  }
}

}  // namespace
}  // namespace medallion::sql
