#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "parser_impl.h"

namespace medallion::sql {
namespace {

constexpr std::array<std::string_view, 9> kCreatable = {
    "STREAMING", "MATERIALIZED", "TEMPORARY", "TEMP", "VIEW", "FLOW", "PRIVATE", "OR", "LIVE"};

bool IsView(DatasetKind kind) {
  return kind == DatasetKind::kView || kind == DatasetKind::kTemporaryView;
}

// A construct that the grammar knows and we do not do, by its first words.
struct Refusal {
  std::string_view first;
  std::string_view second;  // empty: one word
  std::string_view construct;
  std::string_view advice;
};

constexpr std::array<Refusal, 12> kRefusedClauses = {{
    {"LOCATION", "", "LOCATION", "the storage layout decides where tables are"},
    {"SCHEDULE", "", "SCHEDULE", "schedule the whole pipeline"},
    {"TRIGGER", "", "TRIGGER", "schedule the whole pipeline"},
    {"WITH", "ROW", "WITH ROW FILTER", "filter in the query"},
    {"ROW", "FILTER", "ROW FILTER", "filter in the query"},
    {"REFRESH", "POLICY", "REFRESH POLICY", "leave it out"},
    {"DEFAULT", "COLLATION", "DEFAULT COLLATION", "leave it out: texts compare by their bytes"},
    {"OPTIONS", "", "OPTIONS", "use TBLPROPERTIES"},
    {"FLOW", "AUTO", "AUTO CDC", ""},
    {"FLOW", "INSERT", "a FLOW clause with INSERT", "write AS and the query alone"},
    {"TAGS", "", "TAGS", "use TBLPROPERTIES"},
    {"CLONE", "", "CLONE", ""},
}};

constexpr std::array<Refusal, 12> kRefusedAttributes = {{
    {"GENERATED", "", "a GENERATED column", "compute it in the query"},
    {"DEFAULT", "", "DEFAULT of a column", "use coalesce in the query"},
    {"MASK", "", "MASK of a column", "compute the masked value in the query"},
    {"PRIMARY", "KEY", "PRIMARY KEY", "leave it out: it would not be checked"},
    {"FOREIGN", "KEY", "FOREIGN KEY", "leave it out: it would not be checked"},
    {"REFERENCES", "", "REFERENCES", "leave it out: it would not be checked"},
    {"UNIQUE", "", "UNIQUE", "leave it out: it would not be checked"},
    {"CHECK", "", "CHECK", "write CONSTRAINT … EXPECT (…)"},
    {"CONSTRAINT", "", "CONSTRAINT of a column",
     "write CONSTRAINT … EXPECT (…) as an element of its own, behind a comma"},
    {"COLLATE", "", "COLLATE", "leave it out: texts compare by their bytes"},
    {"IDENTITY", "", "an IDENTITY column", "compute a key in the query"},
    {"ENFORCED", "", "ENFORCED", ""},
}};

constexpr std::array<std::string_view, 7> kClauses = {
    "USING", "PARTITIONED", "CLUSTER", "COMMENT", "TBLPROPERTIES", "AS", "CONSTRAINT"};

template <size_t N>
Status Refuse(const Cursor& cursor, const std::array<Refusal, N>& refusals) {
  for (const Refusal& refusal : refusals) {
    if (!cursor.AtKeyword(refusal.first)) continue;
    if (!refusal.second.empty() && !cursor.AtKeyword(refusal.second, 1)) continue;
    const Span span = refusal.second.empty() ? cursor.Peek().span
                                             : Span::Cover(cursor.Peek().span, cursor.Peek(1).span);
    std::vector<std::string> hints;
    if (!refusal.advice.empty()) hints.emplace_back(refusal.advice);
    return cursor.Unsupported(span, refusal.construct, std::move(hints));
  }
  return OkStatus();
}

}  // namespace

Result<Statement> Parser::ParseCreate() {
  CreatePrefix prefix;
  prefix.begin = cursor_.Peek().span;
  cursor_.Advance();
  if (cursor_.TryKeyword("OR")) {
    prefix.or_refresh = cursor_.TryKeyword("REFRESH");
    prefix.or_replace = !prefix.or_refresh && cursor_.TryKeyword("REPLACE");
    static constexpr std::array<std::string_view, 2> kExpected = {"REFRESH", "REPLACE"};
    if (!prefix.or_refresh && !prefix.or_replace)
      return cursor_.Unexpected("REFRESH or REPLACE", kExpected);
  }
  prefix.is_private = cursor_.TryKeyword("PRIVATE");
  if (cursor_.AtKeyword("GLOBAL"))
    return cursor_.Unsupported(cursor_.Peek().span, "a GLOBAL TEMPORARY VIEW");
  prefix.temporary = cursor_.TryKeyword("TEMPORARY") || cursor_.TryKeyword("TEMP");
  if (cursor_.TryKeyword("FLOW")) return ParseCreateFlow(prefix.begin);
  return ParseCreateDataset(prefix);
}

// The words between the prefix and the name. The LIVE forms are the older spelling: a LIVE TABLE is
// a materialized view, a LIVE VIEW a temporary view.
Result<DatasetKind> Parser::ParseDatasetKind(const CreatePrefix& prefix, CreateDataset& dataset) {
  const Span begin = cursor_.Peek().span;
  const bool streaming = cursor_.TryKeyword("STREAMING");
  const bool live = cursor_.TryKeyword("LIVE");
  static constexpr std::array<std::string_view, 3> kTableOrView = {"TABLE", "VIEW", "LIVE"};
  if (live && cursor_.TryKeyword("VIEW")) return DatasetKind::kTemporaryView;
  if (streaming || live) {
    if (!cursor_.TryKeyword("TABLE")) return cursor_.Unexpected("TABLE", kTableOrView);
    if (prefix.temporary && !live) {
      return cursor_.SyntaxError(begin, "a streaming table cannot be TEMPORARY", "not allowed here",
                                 {"use PRIVATE"});
    }
    dataset.is_private = dataset.is_private || prefix.temporary;
    return streaming ? DatasetKind::kStreamingTable : DatasetKind::kMaterializedView;
  }
  if (cursor_.TryKeyword("MATERIALIZED")) {
    RETURN_IF_ERROR(cursor_.ExpectKeyword("VIEW"));
    if (prefix.temporary) {
      return cursor_.SyntaxError(begin, "a materialized view cannot be TEMPORARY",
                                 "not allowed here", {"use PRIVATE"});
    }
    return DatasetKind::kMaterializedView;
  }
  if (cursor_.TryKeyword("VIEW"))
    return prefix.temporary ? DatasetKind::kTemporaryView : DatasetKind::kView;
  if (cursor_.AtKeyword("TABLE")) {
    return cursor_.Unsupported(
        Span::Cover(prefix.begin, begin), "CREATE TABLE",
        {"write CREATE OR REFRESH STREAMING TABLE or CREATE OR REFRESH MATERIALIZED VIEW"});
  }
  for (const std::string_view object :
       {"FUNCTION", "SCHEMA", "DATABASE", "CATALOG", "VOLUME", "SINK", "CONNECTION", "EXTERNAL",
        "INDEX", "VARIABLE", "PROCEDURE", "INCREMENTAL"}) {
    if (cursor_.AtKeyword(object))
      return cursor_.Unsupported(begin, fmt::format("CREATE {}", object));
  }
  return cursor_.Unexpected("STREAMING TABLE, MATERIALIZED VIEW, TEMPORARY VIEW or FLOW",
                            kCreatable);
}

Result<Statement> Parser::ParseCreateDataset(const CreatePrefix& prefix) {
  CreateDataset dataset;
  dataset.is_private = prefix.is_private;
  dataset.or_refresh = prefix.or_refresh || prefix.or_replace;
  ASSIGN_OR_RETURN(dataset.kind, ParseDatasetKind(prefix, dataset));
  if (IsView(dataset.kind) && prefix.is_private) {
    return cursor_.SyntaxError(prefix.begin, "a view cannot be PRIVATE", "not allowed here",
                               {"use TEMPORARY VIEW"});
  }
  const Span exists_span = cursor_.Peek().span;
  dataset.if_not_exists = cursor_.TryKeywords({"IF", "NOT", "EXISTS"});
  if (dataset.if_not_exists && dataset.or_refresh) {
    return cursor_.SyntaxError(cursor_.SpanSince(exists_span),
                               "OR REFRESH and IF NOT EXISTS exclude each other",
                               "second of the two", {"remove one of them"});
  }
  ASSIGN_OR_RETURN(dataset.name, ParseName("the name of the dataset"));
  if (dataset.name.name.parts.size() > 1 &&
      EqualsIgnoreCase(dataset.name.name.parts.front(), "live")) {
    dataset.name.name.parts.erase(dataset.name.name.parts.begin());
  }
  if (cursor_.AtSymbol("(")) RETURN_IF_ERROR(ParseElements(dataset));
  RETURN_IF_ERROR(ParseTableClauses(dataset));
  const bool query_required = dataset.kind != DatasetKind::kStreamingTable;
  if (cursor_.TryKeyword("AS")) {
    ASSIGN_OR_RETURN(dataset.query, ParseQuery());
  } else if (cursor_.AtKeyword("FLOW")) {
    RETURN_IF_ERROR(ParseFlowClause(dataset));
  } else if (query_required || !cursor_.AtStatementEnd()) {
    return cursor_.Unexpected("a clause or `AS`", kClauses);
  }
  dataset.span = cursor_.SpanSince(prefix.begin);
  return Statement(std::move(dataset));
}

// --- Columns and expectations --------------------------------------------------------------------

Status Parser::ParseElements(CreateDataset& dataset) {
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  do {
    if (cursor_.AtSymbol(")")) {
      return cursor_.SyntaxError(cursor_.Last().span, "expected a column or CONSTRAINT, found `)`",
                                 "nothing follows this", {"remove it, or name a column"});
    }
    RETURN_IF_ERROR(ParseElement(dataset));
  } while (cursor_.TrySymbol(","));
  return cursor_.ExpectClose(open);
}

Status Parser::ParseElement(CreateDataset& dataset) {
  const bool key = cursor_.AtKeywords({"PRIMARY", "KEY"}) || cursor_.AtKeywords({"FOREIGN", "KEY"});
  if (key) return Refuse(cursor_, kRefusedAttributes);
  if (!cursor_.AtKeyword("CONSTRAINT")) {
    ASSIGN_OR_RETURN(ColumnSpec column, ParseColumnSpec(dataset.kind));
    dataset.columns.push_back(std::move(column));
    return OkStatus();
  }
  ASSIGN_OR_RETURN(ExpectationSpec expectation, ParseExpectation());
  const auto same = std::ranges::find_if(dataset.expectations, [&](const ExpectationSpec& other) {
    return EqualsIgnoreCase(other.name.text, expectation.name.text);
  });
  if (same != dataset.expectations.end()) {
    const LineColumn first = cursor_.source()->Locate(same->name.span.begin);
    return cursor_.Fail(
        expectation.name.span, "DUPLICATE_EXPECTATION",
        fmt::format("the expectation `{}` is declared twice", expectation.name.text),
        "declared again",
        {fmt::format("the first is at {}:{}:{}", cursor_.source()->name(), first.line,
                     first.column)});
  }
  dataset.expectations.push_back(std::move(expectation));
  return OkStatus();
}

Result<ColumnSpec> Parser::ParseColumnSpec(DatasetKind kind) {
  const Span begin = cursor_.Peek().span;
  ColumnSpec column;
  ASSIGN_OR_RETURN(column.name, ParseIdentifier("a column or CONSTRAINT"));
  const bool no_type = cursor_.AtSymbol(",") || cursor_.AtSymbol(")") ||
                       cursor_.AtKeyword("COMMENT") || cursor_.AtKeyword("NOT");
  if (IsView(kind)) {
    if (!no_type && cursor_.AtKind(TokenKind::kWord)) {
      return cursor_.SyntaxError(cursor_.Peek().span, "a column of a view has no type",
                                 "not allowed here",
                                 {"cast in the query, and give only the name and a COMMENT here"});
    }
  } else if (!no_type) {
    Span type_span;
    ASSIGN_OR_RETURN(column.type, ParseType(type_span));
  } else if (kind == DatasetKind::kStreamingTable) {
    return cursor_.Unexpected(fmt::format("the type of column `{}`", column.name.text));
  }
  RETURN_IF_ERROR(ParseColumnAttributes(column));
  column.span = cursor_.SpanSince(begin);
  return column;
}

Status Parser::ParseColumnAttributes(ColumnSpec& column) {
  while (true) {
    RETURN_IF_ERROR(Refuse(cursor_, kRefusedAttributes));
    if (cursor_.TryKeywords({"NOT", "NULL"})) {
      column.not_null = true;
    } else if (cursor_.TryKeyword("COMMENT")) {
      ASSIGN_OR_RETURN(column.comment, ParseString("the comment"));
    } else {
      return OkStatus();
    }
  }
}

// CONSTRAINT name EXPECT (predicate) [ON VIOLATION {DROP ROW | FAIL UPDATE}]
Result<ExpectationSpec> Parser::ParseExpectation() {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  ExpectationSpec expectation;
  ASSIGN_OR_RETURN(expectation.name, ParseIdentifier("the name of an expectation"));
  RETURN_IF_ERROR(Refuse(cursor_, kRefusedAttributes));
  RETURN_IF_ERROR(cursor_.ExpectKeyword("EXPECT"));
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  const Span predicate_begin = cursor_.Peek().span;
  ASSIGN_OR_RETURN(expectation.predicate, ParseExpression());
  expectation.predicate_span = cursor_.SpanSince(predicate_begin);
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  if (cursor_.TryKeyword("ON")) {
    ASSIGN_OR_RETURN(expectation.action, ParseViolationAction());
  }
  expectation.span = cursor_.SpanSince(begin);
  return expectation;
}

Result<ViolationAction> Parser::ParseViolationAction() {
  RETURN_IF_ERROR(cursor_.ExpectKeyword("VIOLATION"));
  if (cursor_.TryKeywords({"DROP", "ROW"})) return ViolationAction::kDropRow;
  if (cursor_.TryKeywords({"FAIL", "UPDATE"})) return ViolationAction::kFailUpdate;
  if (cursor_.AtKeyword("DROP") || cursor_.AtKeyword("FAIL")) {
    const bool drop = cursor_.AtKeyword("DROP");
    cursor_.Advance();
    const std::array<std::string_view, 1> expected = {drop ? "ROW" : "UPDATE"};
    return cursor_.Unexpected(drop ? "ROW" : "UPDATE", expected);
  }
  static constexpr std::array<std::string_view, 2> kExpected = {"DROP", "FAIL"};
  return cursor_.Unexpected("DROP ROW or FAIL UPDATE", kExpected);
}

// --- Clauses -------------------------------------------------------------------------------------

// Where each clause was first seen.
struct Parser::ClauseSpans {
  std::vector<std::pair<std::string_view, Span>> seen;
};

Status Parser::ParseTableClauses(CreateDataset& dataset) {
  ClauseSpans seen;
  const auto at_query = [&] {
    return cursor_.AtKeyword("AS") ||
           (cursor_.AtKeyword("FLOW") && cursor_.AtKeyword("REPLACE", 1));
  };
  while (!at_query() && !cursor_.AtStatementEnd()) {
    RETURN_IF_ERROR(ParseTableClause(dataset, seen));
  }
  return OkStatus();
}

Status Parser::ParseTableClause(CreateDataset& dataset, ClauseSpans& seen) {
  RETURN_IF_ERROR(Refuse(cursor_, kRefusedClauses));
  const Span begin = cursor_.Peek().span;
  std::string_view clause;
  for (const std::string_view known : kClauses) {
    if (cursor_.AtKeyword(known)) clause = known;
  }
  for (const auto& [name, span] : seen.seen) {
    if (name != clause) continue;
    const LineColumn first = cursor_.source()->Locate(span.begin);
    return cursor_.Fail(begin, "DUPLICATE_CLAUSES",
                        fmt::format("the clause {} is given twice", clause), "given again",
                        {fmt::format("the first is at {}:{}:{}", cursor_.source()->name(),
                                     first.line, first.column)});
  }
  seen.seen.emplace_back(clause, begin);
  const bool view = IsView(dataset.kind);
  if (view && (clause == "USING" || clause == "PARTITIONED" || clause == "CLUSTER")) {
    return cursor_.SyntaxError(
        begin, fmt::format("a view stores nothing: {} has no meaning", clause), "not allowed here");
  }
  if (cursor_.TryKeyword("USING")) {
    if (cursor_.TryKeyword("DELTA")) return OkStatus();
    return cursor_.Unsupported(cursor_.Peek().span,
                               fmt::format("the table format {}", ToUpper(cursor_.Peek().text)),
                               {"every table is a Delta table: write USING DELTA or leave it out"});
  }
  if (cursor_.TryKeyword("PARTITIONED")) {
    RETURN_IF_ERROR(cursor_.ExpectKeyword("BY"));
    const bool transform = cursor_.AtSymbol("(") && cursor_.AtSymbol("(", 2);
    if (transform) {
      return cursor_.Unsupported(cursor_.Peek(1).span, "partitioning by an expression",
                                 {"partition by a column"});
    }
    ASSIGN_OR_RETURN(dataset.partition_by, ParseColumnNames());
    return OkStatus();
  }
  if (cursor_.TryKeyword("CLUSTER")) {
    RETURN_IF_ERROR(cursor_.ExpectKeyword("BY"));
    if (cursor_.AtKeyword("AUTO") || cursor_.AtKeyword("NONE")) {
      return cursor_.Unsupported(cursor_.Peek().span, "CLUSTER BY " + ToUpper(cursor_.Peek().text),
                                 {"name the columns"});
    }
    ASSIGN_OR_RETURN(dataset.cluster_by, ParseColumnNames());
    return OkStatus();
  }
  if (cursor_.TryKeyword("COMMENT")) {
    ASSIGN_OR_RETURN(dataset.comment, ParseString("the comment"));
    return OkStatus();
  }
  if (cursor_.TryKeyword("TBLPROPERTIES")) return ParseProperties(dataset);
  if (cursor_.AtKeyword("CONSTRAINT")) {
    return cursor_.SyntaxError(
        begin, "CONSTRAINT stands outside of the parentheses", "not allowed here",
        {"write it in the list behind the name: `name (CONSTRAINT … EXPECT (…))`"});
  }
  if (AtQueryStart()) {
    return cursor_.SyntaxError(begin, "expected `AS` before the query", "expected `AS`",
                               {"write `AS SELECT …`"});
  }
  return cursor_.Unexpected("a clause or `AS`", kClauses);
}

// (key = value, 'key' = 'value', key value)
Status Parser::ParseProperties(CreateDataset& dataset) {
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  do {
    const Span begin = cursor_.Peek().span;
    ASSIGN_OR_RETURN(std::string key, ParsePropertyKey());
    const Span key_span = cursor_.SpanSince(begin);
    cursor_.TrySymbol("=");
    ASSIGN_OR_RETURN(std::string value, ParsePropertyValue());
    if (!dataset.properties.emplace(key, std::move(value)).second) {
      return cursor_.Fail(key_span, "DUPLICATE_KEY",
                          fmt::format("the property `{}` is given twice", key), "given again");
    }
  } while (cursor_.TrySymbol(","));
  return cursor_.ExpectClose(open);
}

Result<std::string> Parser::ParsePropertyKey() {
  if (cursor_.AtKind(TokenKind::kString)) return ParseString("a key");
  std::string key;
  do {
    ASSIGN_OR_RETURN(Identifier part, ParseIdentifier("a key"));
    key += (key.empty() ? "" : ".") + part.text;
  } while (cursor_.TrySymbol("."));
  return key;
}

Result<std::string> Parser::ParsePropertyValue() {
  if (cursor_.AtKind(TokenKind::kString)) return ParseString("a value");
  const std::string sign =
      cursor_.AtSymbol("-") && cursor_.AtKind(TokenKind::kNumber, 1) ? "-" : "";
  if (!sign.empty()) cursor_.Advance();
  const bool word = cursor_.AtKeyword("TRUE") || cursor_.AtKeyword("FALSE");
  if (!word && !cursor_.AtKind(TokenKind::kNumber))
    return cursor_.Unexpected("a string, a number, TRUE or FALSE");
  std::string value = sign + ToLower(cursor_.Peek().text);
  cursor_.Advance();
  return value;
}

// --- Flows ---------------------------------------------------------------------------------------

// FLOW REPLACE WHERE predicate BY NAME query
Status Parser::ParseFlowClause(CreateDataset& dataset) {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  if (dataset.kind != DatasetKind::kStreamingTable) {
    return cursor_.SyntaxError(begin, "only a streaming table has a FLOW clause",
                               "not allowed here",
                               {"make it a STREAMING TABLE, or write AS and the query alone"});
  }
  ASSIGN_OR_RETURN(dataset.replace_where, ParseReplaceWhere());
  RETURN_IF_ERROR(cursor_.ExpectKeywords({"BY", "NAME"}));
  ASSIGN_OR_RETURN(dataset.query, ParseQuery());
  return OkStatus();
}

Result<ReplaceWhere> Parser::ParseReplaceWhere() {
  const Span words = Span::Cover(cursor_.Peek().span, cursor_.Peek(1).span);
  cursor_.Advance();
  if (cursor_.AtKeyword("USING")) return cursor_.Unsupported(words, "REPLACE USING of a flow");
  RETURN_IF_ERROR(cursor_.ExpectKeyword("WHERE"));
  const Span begin = cursor_.Peek().span;
  ReplaceWhere replace;
  ASSIGN_OR_RETURN(replace.predicate, ParseExpression());
  replace.span = cursor_.SpanSince(begin);
  return replace;
}

// CREATE FLOW name [COMMENT text] AS
//   INSERT [ONCE] INTO [ONCE] target BY NAME [REPLACE WHERE predicate] query
Result<Statement> Parser::ParseCreateFlow(Span begin) {
  CreateFlow flow;
  const Span name_begin = cursor_.Peek().span;
  ASSIGN_OR_RETURN(flow.name, ParseIdentifier("the name of the flow"));
  if (cursor_.AtSymbol(".")) {
    ASSIGN_OR_RETURN(Identifier second, (cursor_.Advance(), ParseIdentifier("a name")));
    return cursor_.Fail(
        Span::Cover(name_begin, second.span), "MULTIPART_FLOW_NAME_NOT_SUPPORTED",
        "the name of a flow has one part", "more than one part",
        {"a flow belongs to the pipeline, not to a schema: use the last part alone"});
  }
  if (cursor_.TryKeyword("COMMENT")) {
    ASSIGN_OR_RETURN(flow.comment, ParseString("the comment"));
  }
  RETURN_IF_ERROR(cursor_.ExpectKeyword("AS"));
  const Span two_words = Span::Cover(cursor_.Peek().span, cursor_.Peek(1).span);
  if (cursor_.AtKeywords({"AUTO", "CDC"})) return cursor_.Unsupported(two_words, "AUTO CDC");
  if (cursor_.AtKeywords({"APPLY", "CHANGES"}))
    return cursor_.Unsupported(two_words, "APPLY CHANGES (AUTO CDC)");
  RETURN_IF_ERROR(cursor_.ExpectKeyword("INSERT"));
  if (cursor_.AtKeyword("OVERWRITE")) {
    return cursor_.Unsupported(cursor_.Peek().span, "INSERT OVERWRITE of a flow",
                               {"use a materialized view"});
  }
  flow.once = cursor_.TryKeyword("ONCE");
  RETURN_IF_ERROR(cursor_.ExpectKeyword("INTO"));
  if (!flow.once && cursor_.AtKeyword("ONCE") && !cursor_.AtKeyword("BY", 1))
    flow.once = cursor_.TryKeyword("ONCE");
  cursor_.TryKeyword("TABLE");
  ASSIGN_OR_RETURN(flow.target, ParseName("the target table"));
  if (flow.target.name.parts.size() > 1 &&
      EqualsIgnoreCase(flow.target.name.parts.front(), "live")) {
    flow.target.name.parts.erase(flow.target.name.parts.begin());
  }
  if (cursor_.AtSymbol("(")) {
    return cursor_.Unsupported(cursor_.Peek().span, "a column list of a flow's target",
                               {"columns are matched BY NAME"});
  }
  if (!cursor_.AtKeyword("BY") && (AtQueryStart() || cursor_.AtStatementEnd())) {
    return cursor_.SyntaxError(cursor_.Peek().span, "expected `BY NAME` before the query",
                               "expected `BY NAME`", {"write INSERT INTO target BY NAME SELECT …"});
  }
  RETURN_IF_ERROR(cursor_.ExpectKeywords({"BY", "NAME"}));
  if (cursor_.AtKeyword("REPLACE")) {
    ASSIGN_OR_RETURN(flow.replace_where, ParseReplaceWhere());
  }
  ASSIGN_OR_RETURN(flow.query, ParseQuery());
  flow.span = cursor_.SpanSince(begin);
  return Statement(std::move(flow));
}

}  // namespace medallion::sql
