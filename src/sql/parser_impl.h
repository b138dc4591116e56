#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cursor.h"
#include "sql/ast.h"
#include "sql/parser.h"

namespace medallion::sql {

// A recursive-descent parser of Spark SQL over the tokens of one file. Methods are named after what
// they parse, begin at the cursor and leave it behind what they took. They are spread over files by
// topic: parser_{statements,create,queries,relations,expressions,calls,literals}.cc.
class Parser {
 public:
  // All must outlive the parser.
  Parser(Cursor& cursor, const ParameterLookup& parameters)
      : cursor_(cursor), parameters_(parameters) {}

  Result<Statement> ParseStatement();
  Result<ast::QueryPtr> ParseQuery();
  Result<ast::ExpressionPtr> ParseExpression();

 private:
  // One level of nesting. Bounds both the recursion of the parser and the depth of the tree that it
  // builds, which also grows to the left without recursion (a + b + c …).
  class Nesting {
   public:
    explicit Nesting(Parser& parser)
        : parser_(parser), outer_height_(std::exchange(parser.height_, 0)) {
      ++parser_.depth_;
    }
    ~Nesting() {
      --parser_.depth_;
      parser_.height_ = std::max(outer_height_, parser_.height_ + 1);
    }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    Status Check() const { return parser_.CheckNesting(); }

   private:
    Parser& parser_;
    int outer_height_;
  };

  // --- Statements ---
  Result<Statement> ParseCreate();
  struct CreatePrefix {
    Span begin;
    bool or_refresh = false;
    bool or_replace = false;
    bool is_private = false;
    bool temporary = false;
  };
  Result<Statement> ParseCreateDataset(const CreatePrefix& prefix);
  Result<DatasetKind> ParseDatasetKind(const CreatePrefix& prefix, CreateDataset& dataset);
  Status ParseElements(CreateDataset& dataset);
  Status ParseElement(CreateDataset& dataset);
  Result<ColumnSpec> ParseColumnSpec(DatasetKind kind);
  Status ParseColumnAttributes(ColumnSpec& column);
  Result<ExpectationSpec> ParseExpectation();
  Result<ViolationAction> ParseViolationAction();
  struct ClauseSpans;
  Status ParseTableClauses(CreateDataset& dataset);
  Status ParseTableClause(CreateDataset& dataset, ClauseSpans& seen);
  Status ParseProperties(CreateDataset& dataset);
  Result<std::string> ParsePropertyKey();
  Result<std::string> ParsePropertyValue();
  Status ParseFlowClause(CreateDataset& dataset);
  Result<ReplaceWhere> ParseReplaceWhere();
  Result<Statement> ParseCreateFlow(Span begin);
  Result<Statement> ParseSet();
  Result<Statement> ParseUse();
  Status RefuseStatement() const;

  // --- Queries ---
  bool AtQueryStart() const;
  // At `(`: what it holds. `((SELECT 1))` may be either.
  enum class Parenthesized { kExpression, kQuery, kEither };
  Parenthesized WhatIsParenthesized() const;
  bool AtParenthesizedQuery() const { return WhatIsParenthesized() != Parenthesized::kExpression; }
  Result<ast::QueryPtr> ParseParenthesizedQuery();
  Result<ast::QueryPtr> ParseQueryAfterWith(Span begin, std::vector<ast::CommonTable> with);
  Result<std::vector<ast::CommonTable>> ParseWith();
  Result<ast::QueryTermPtr> ParseUnionTerm();
  Result<ast::QueryTermPtr> ParseIntersectTerm();
  Result<ast::QueryTermPtr> ParsePrimaryTerm();
  Result<ast::QueryTermPtr> ParseSetOperation(ast::QueryTermPtr left, ast::SetOperator op);
  Result<ast::QueryTermPtr> ParseSelect();
  Result<ast::QueryTermPtr> SelectStarFrom(ast::RelationPtr relation);
  Result<ast::SelectItem> ParseSelectItem();
  Result<ast::GroupBy> ParseGroupBy();
  Result<ast::GroupingElement> ParseGroupingElement();
  Result<std::vector<std::vector<ast::ExpressionPtr>>> ParseGroupingSets();
  Result<std::vector<ast::NamedWindow>> ParseNamedWindows();
  Result<ast::OrderBy> ParseOrderBy();
  Result<ast::SortItem> ParseSortItem();
  Status ParseSortDirection(ast::SortItem& item);
  Result<std::vector<ast::SortItem>> ParseSortItems();
  Status RefuseQueryClauses() const;

  // --- Relations ---
  Result<ast::RelationPtr> ParseFrom();
  Result<ast::RelationPtr> ParseJoinedRelation();
  struct JoinWords {
    ast::JoinKind kind = ast::JoinKind::kInner;
    bool natural = false;
  };
  Result<std::optional<JoinWords>> ParseJoinWords();
  Result<ast::RelationPtr> ParseJoin(ast::RelationPtr left, JoinWords words);
  Result<ast::RelationPtr> ParseLateralView(ast::RelationPtr input);
  Result<ast::RelationPtr> ParsePrimaryRelation();
  Result<ast::Relation> ParseUnaliasedRelation(bool lateral);
  Result<ast::Relation> ParseStream();
  Result<ast::Relation> ParseTableOrFunction();
  Result<ast::Relation> ParseTableFunction(bool lateral);
  Result<ast::Relation> ParseValues();
  Status ParseTimeTravel(ast::TableReference& table);
  Result<std::optional<ast::TableAlias>> ParseTableAlias();
  Result<ast::Argument> ParseTableArgument();
  Status RefuseRelationClauses() const;

  // --- Expressions, loosest binding first ---
  Result<ast::ExpressionPtr> ParseAnd();
  Result<ast::ExpressionPtr> ParseNot();
  Result<ast::ExpressionPtr> ParsePredicate();
  Result<ast::ExpressionPtr> ParsePredicateAfter(ast::ExpressionPtr operand);
  Result<ast::ExpressionPtr> ParseIs(ast::ExpressionPtr operand);
  Result<ast::ExpressionPtr> ParseIn(ast::ExpressionPtr operand, bool negated);
  Result<ast::ExpressionPtr> ParseLike(ast::ExpressionPtr operand, ast::Like::Kind kind,
                                       bool negated);
  Result<ast::ExpressionPtr> ParseValue(int binding_min);
  Result<ast::ExpressionPtr> ParseUnary();
  Result<ast::ExpressionPtr> ParsePostfix();
  Result<ast::ExpressionPtr> ParsePrimary();
  Result<ast::ExpressionPtr> ParseParenthesized();
  Result<ast::ExpressionPtr> ParseCase();
  Result<ast::ExpressionPtr> ParseStar();
  Result<ast::ExpressionPtr> ParseLambda();
  Result<ast::ExpressionPtr> ParseNameOrCall();
  bool AtStar() const;
  bool AtLambda() const;
  Result<std::vector<ast::ExpressionPtr>> ParseExpressions();

  // --- Calls ---
  Result<ast::ExpressionPtr> ParseCall(std::vector<Identifier> name);
  Result<std::optional<ast::ExpressionPtr>> ParseSpecialCall();
  Result<ast::ExpressionPtr> ParseCast(bool try_cast);
  Result<ast::ExpressionPtr> ParseExtract();
  Result<ast::ExpressionPtr> ParseSubstring();
  Result<ast::ExpressionPtr> ParseTrim();
  Result<ast::ExpressionPtr> ParsePosition();
  Result<ast::ExpressionPtr> ParseOverlay();
  Result<ast::ExpressionPtr> ParseTimestampArithmetic(std::string_view name);
  Result<ast::ExpressionPtr> FinishCall(Span begin, size_t open, ast::FunctionCall call);
  Result<ast::Argument> ParseArgument(bool struct_aliases);
  Status ParseCallSuffixes(ast::FunctionCall& call);
  Status ParseNullTreatment(ast::FunctionCall& call);
  Result<ast::Over> ParseWindow();
  Result<ast::WindowFrame> ParseFrame();
  Result<ast::FrameBound> ParseFrameBound();

  // --- Literals, types, names ---
  Result<std::optional<ast::ExpressionPtr>> ParseLiteral();
  Result<ast::ExpressionPtr> ParseNumber(bool negative, Span begin);
  Result<ast::ExpressionPtr> ParseStringLiteral();
  Result<ast::ExpressionPtr> ParseParameter();
  Result<ast::ExpressionPtr> ParseTypedLiteral();
  bool AtInterval() const;
  Result<ast::ExpressionPtr> ParseInterval();
  Result<DataType> ParseType(Span& span);
  // Adjacent strings, joined.
  Result<std::string> ParseString(std::string_view what);
  Result<Identifier> ParseIdentifier(std::string_view what);
  Result<std::vector<Identifier>> ParseIdentifierList(std::string_view what);
  // `(a, b)`
  Result<std::vector<Identifier>> ParseColumnNames();
  Result<NameNode> ParseName(std::string_view what);

  Status CheckNesting() const;
  // The tree grew by a level to the left.
  Status Grow();

  template <class Node>
  ast::ExpressionPtr Make(Span begin, Node node) const {
    return std::make_shared<const ast::Expression>(
        ast::Expression{cursor_.SpanSince(begin), std::move(node)});
  }
  ast::RelationPtr Share(ast::Relation relation) const {
    return std::make_shared<const ast::Relation>(std::move(relation));
  }

  Cursor& cursor_;
  const ParameterLookup& parameters_;
  int depth_ = 0;   // of open Nestings
  int height_ = 0;  // of the highest tree finished within the innermost Nesting
};

// Words that begin or continue a clause: they name nothing unless back-quoted.
bool IsReserved(const Token& token);
// Words that cannot be an alias without AS, because they may follow an expression or a table.
bool EndsAlias(const Token& token);

}  // namespace medallion::sql
