#include "counting_source.h"
#include "query_builder.h"

// Each relation is run on DuckDB; expectations follow from SQL's definition or were recorded from
// Spark.

namespace medallion::duckdb::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

const DataType kInt = DataType::Integer();
const DataType kLong = DataType::Long();
const DataType kDouble = DataType::Double();
const DataType kString = DataType::String();
const DataType kBoolean = DataType::Boolean();
DataType Decimal(int precision, int scale) { return DataType::Decimal(precision, scale); }

class RelationPrinterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = DuckDbEngine::Open({.memory_limit_bytes = uint64_t{200} << 20, .threads = 2});
    ASSERT_TRUE(opened) << opened.error().ToString();
    engine_ = *std::move(opened);
  }

  std::vector<std::string> Rows(sql::RelationPtr root, BoundInputs inputs = {}) {
    sql::BoundQuery query = Query(std::move(root));
    query.files.resize(inputs.files.size());
    const Result<std::vector<std::string>> rows = RunQuery(*engine_, query, std::move(inputs));
    if (!rows) {
      return {"ERROR " + rows.error().ToString()};
    }
    return *rows;
  }

  // (k INT, v DECIMAL(10,2)): (1, 1.00), (1, 1.01), (2, 5.55), (2, 7.10), (2, NULL), (NULL, 3.00)
  sql::RelationPtr Sales() {
    const DataType money = Decimal(10, 2);
    return Values({k_, v_}, {{Int(1), Dec("1.00", 10, 2)},
                             {Int(1), Dec("1.01", 10, 2)},
                             {Int(2), Dec("5.55", 10, 2)},
                             {Int(2), Dec("7.10", 10, 2)},
                             {Int(2), Null(money)},
                             {Null(kInt), Dec("3.00", 10, 2)}});
  }

  sql::BoundColumn k_ = Column(1, "k", kInt);
  sql::BoundColumn v_ = Column(2, "v", Decimal(10, 2));
  std::unique_ptr<DuckDbEngine> engine_;
};

TEST_F(RelationPrinterTest, ReturnsARepeatedColumnTwice) {
  sql::Project project{Values({k_}, {{Int(7)}}), {Col(k_), Col(k_)}};
  EXPECT_THAT(Rows(Rel({k_, k_}, project)), ElementsAre("7|7"));
}

TEST_F(RelationPrinterTest, GroupsAndAggregatesWithSparkTypes) {
  sql::Aggregate aggregate;
  aggregate.input = Sales();
  aggregate.groups = {Col(k_)};
  aggregate.aggregates = {Agg("count", kLong, {}), Agg("sum", Decimal(20, 2), {Col(v_)}),
                          Agg("avg", Decimal(14, 6), {Col(v_)}),
                          Agg("median", kDouble, {CastTo(kDouble, Col(v_))})};
  EXPECT_THAT(
      Rows(Rel({k_, Column(3, "n", kLong), Column(4, "s", Decimal(20, 2)),
                Column(5, "a", Decimal(14, 6)), Column(6, "m", kDouble)},
               aggregate)),
      UnorderedElementsAre("1|2|2.01|1.005000|1.005", "2|3|12.65|6.325000|6.324999999999999",
                           "NULL|1|3.00|3.000000|3.0"));
}

TEST_F(RelationPrinterTest, InterpolatesPercentilesToTheLastBit) {
  sql::Aggregate aggregate;
  const sql::BoundColumn x = Column(1, "x", kDouble);
  aggregate.input = Values({x}, {{Real(1.00)}, {Real(1.01)}, {Real(5.55)}, {Real(7.10)}});
  aggregate.aggregates = {Agg("median", kDouble, {Col(x)}),
                          Agg("percentile", kDouble, {Col(x), Real(0.25)}),
                          Agg("percentile", kDouble, {Col(x), Real(0.9)})};
  EXPECT_THAT(Rows(Rel({Column(3, "m", kDouble), Column(4, "p", kDouble), Column(5, "q", kDouble)},
                       aggregate)),
              ElementsAre("3.2800000000000002|1.0075|6.635"));
}

TEST_F(RelationPrinterTest, AggregatesNothingToOneRow) {
  sql::Aggregate aggregate;
  aggregate.input = Rel({k_, v_}, sql::Filter{Sales(), Call("=", kBoolean, {Col(k_), Int(9)})});
  aggregate.aggregates = {Agg("count", kLong, {}), Agg("sum", kLong, {Col(k_)}),
                          Agg("avg", Decimal(14, 6), {Col(v_)}),
                          Agg("collect_list", DataType::Array(kInt), {Col(k_)})};
  EXPECT_THAT(Rows(Rel({Column(3, "n", kLong), Column(4, "s", kLong),
                        Column(5, "a", Decimal(14, 6)), Column(6, "l", DataType::Array(kInt))},
                       aggregate)),
              ElementsAre("0|NULL|NULL|[]"));
}

TEST_F(RelationPrinterTest, RaisesWhenASumOverflows) {
  const sql::BoundColumn x = Column(1, "x", kLong);
  sql::Aggregate aggregate;
  aggregate.input = Values({x}, {{Long(9223372036854775807)}, {Long(1)}});
  aggregate.aggregates = {Agg("sum", kLong, {Col(x)})};
  const auto rows = Rows(Rel({Column(3, "s", kLong)}, aggregate));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_THAT(rows[0], ::testing::HasSubstr("OVERFLOW"));
}

TEST_F(RelationPrinterTest, CountsDistinctTuplesWithoutNulls) {
  sql::Aggregate aggregate;
  aggregate.input = Sales();
  auto distinct = std::make_shared<sql::Expr>(*Agg("count", kLong, {Col(k_), Col(v_)}));
  std::get<sql::AggregateExpr>(distinct->node).distinct = true;
  auto filtered = std::make_shared<sql::Expr>(*Agg("count", kLong, {}));
  std::get<sql::AggregateExpr>(filtered->node).filter = Call(">", kBoolean, {Col(k_), Int(1)});
  aggregate.aggregates = {distinct, filtered};
  EXPECT_THAT(Rows(Rel({Column(3, "n", kLong), Column(4, "m", kLong)}, aggregate)),
              ElementsAre("4|3"));
}

TEST_F(RelationPrinterTest, GroupsByASetOfSetsAndByAConstant) {
  sql::Aggregate aggregate;
  aggregate.input = Sales();
  aggregate.groups = {Col(k_), Int(1)};
  aggregate.sets = {{0, 1}, {}};
  aggregate.aggregates = {Agg("count", kLong, {})};
  aggregate.has_grouping_id = true;
  EXPECT_THAT(Rows(Rel({Column(5, "k", kInt), Column(6, "one", kInt), Column(7, "n", kLong),
                        Column(8, "g", kLong)},
                       aggregate)),
              UnorderedElementsAre("1|1|2|0", "2|1|3|0", "NULL|1|1|0", "NULL|NULL|6|3"));
}

TEST_F(RelationPrinterTest, RanksWithinPartitions) {
  sql::Window window;
  window.input = Sales();
  auto rank = std::make_shared<sql::Expr>();
  rank->type = kInt;
  sql::WindowExpr row_number;
  row_number.function.function = "row_number";
  row_number.partition_by = {Col(k_)};
  row_number.order_by = {{Col(v_), true, false}};
  rank->node = row_number;
  auto running = std::make_shared<sql::Expr>();
  running->type = Decimal(20, 2);
  sql::WindowExpr sum;
  sum.function.function = "sum";
  sum.function.args = {Col(v_)};
  sum.order_by = {{Col(v_), false, true}};
  sum.frame = sql::WindowFrame{sql::FrameUnit::kRows,
                               {sql::FrameBound::Kind::kUnboundedPreceding, nullptr},
                               {sql::FrameBound::Kind::kCurrentRow, nullptr}};
  running->node = sum;
  window.windows = {rank, running};
  EXPECT_THAT(Rows(Rel({k_, v_, Column(3, "r", kInt), Column(4, "s", Decimal(20, 2))}, window)),
              UnorderedElementsAre("1|1.01|1|2.01", "1|1.00|2|1.00", "2|7.10|1|17.66",
                                   "2|5.55|2|10.56", "2|NULL|3|NULL", "NULL|3.00|1|5.01"));
}

TEST_F(RelationPrinterTest, SortsWithNullsWhereTheKeySays) {
  sql::Sort sort{Values({k_}, {{Int(2)}, {Null(kInt)}, {Int(1)}}), {{Col(k_), false, true}}};
  EXPECT_THAT(Rows(Rel({k_}, sort)), ElementsAre("NULL", "1", "2"));
  sort.keys = {{Col(k_), true, false}};
  EXPECT_THAT(Rows(Rel({k_}, sort)), ElementsAre("2", "1", "NULL"));
  EXPECT_THAT(Rows(Rel({k_}, sql::Limit{Rel({k_}, sort), 1, 1})), ElementsAre("1"));
}

TEST_F(RelationPrinterTest, JoinsEachWay) {
  const sql::BoundColumn a = Column(11, "a", kInt);
  const sql::BoundColumn b = Column(12, "b", kInt);
  const auto join = [&](sql::JoinKind kind, std::vector<sql::BoundColumn> columns) {
    sql::Join node{kind, Values({a}, {{Int(1)}, {Int(2)}, {Null(kInt)}}),
                   Values({b}, {{Int(2)}, {Int(3)}}), Call("=", kBoolean, {Col(a), Col(b)})};
    return Rows(Rel(std::move(columns), node));
  };
  EXPECT_THAT(join(sql::JoinKind::kInner, {a, b}), UnorderedElementsAre("2|2"));
  EXPECT_THAT(join(sql::JoinKind::kLeft, {a, b}),
              UnorderedElementsAre("1|NULL", "2|2", "NULL|NULL"));
  EXPECT_THAT(join(sql::JoinKind::kFull, {a, b}),
              UnorderedElementsAre("1|NULL", "2|2", "NULL|NULL", "NULL|3"));
  EXPECT_THAT(join(sql::JoinKind::kLeftSemi, {a}), UnorderedElementsAre("2"));
  EXPECT_THAT(join(sql::JoinKind::kLeftAnti, {a}), UnorderedElementsAre("1", "NULL"));
}

TEST_F(RelationPrinterTest, CombinesSetsByPosition) {
  const sql::BoundColumn b = Column(12, "b", kInt);
  const sql::BoundColumn out = Column(20, "k", kInt);
  const auto combine = [&](sql::SetOperator op, bool all) {
    sql::SetOperation node{
        op, all, {Values({k_}, {{Int(1)}, {Int(1)}, {Int(2)}}), Values({b}, {{Int(1)}, {Int(3)}})}};
    return Rows(Rel({out}, node));
  };
  EXPECT_THAT(combine(sql::SetOperator::kUnion, true),
              UnorderedElementsAre("1", "1", "2", "1", "3"));
  EXPECT_THAT(combine(sql::SetOperator::kUnion, false), UnorderedElementsAre("1", "2", "3"));
  EXPECT_THAT(combine(sql::SetOperator::kExcept, true), UnorderedElementsAre("1", "2"));
  EXPECT_THAT(combine(sql::SetOperator::kIntersect, false), UnorderedElementsAre("1"));
}

TEST_F(RelationPrinterTest, EvaluatesASharedExpressionOnce) {
  const sql::BoundColumn r = Column(1, "r", kDouble);
  const sql::BoundColumn left = Column(2, "l", kDouble);
  const sql::BoundColumn right = Column(3, "m", kDouble);
  sql::With with;
  with.definitions = {{5, "w", Rel({r}, sql::Project{OneRow(), {Call("rand", kDouble, {})}})}};
  with.body = Rel({left, right}, sql::Join{sql::JoinKind::kCross, Rel({left}, sql::CteScan{5}),
                                           Rel({right}, sql::CteScan{5}), nullptr});
  const auto rows = Rows(Rel({left, right}, with));
  ASSERT_EQ(rows.size(), 1U);
  const size_t bar = rows[0].find('|');
  EXPECT_EQ(rows[0].substr(0, bar), rows[0].substr(bar + 1));
}

TEST_F(RelationPrinterTest, AnswersCorrelatedSubqueries) {
  const sql::BoundColumn b = Column(12, "b", kInt);
  sql::SubqueryExpr exists;
  exists.kind = sql::SubqueryExpr::Kind::kExists;
  exists.query = Rel(
      {b}, sql::Filter{Values({b}, {{Int(2)}, {Int(3)}}), Call("=", kBoolean, {Col(b), Col(k_)})});
  auto condition = std::make_shared<sql::Expr>();
  condition->type = kBoolean;
  condition->node = exists;
  EXPECT_THAT(Rows(Rel({k_}, sql::Filter{Values({k_}, {{Int(1)}, {Int(2)}}), condition})),
              ElementsAre("2"));
}

TEST_F(RelationPrinterTest, ExplodesArraysAndKeepsEmptyOnesOnlyWhenOuter) {
  const sql::BoundColumn list = Column(2, "l", DataType::Array(kInt));
  const sql::BoundColumn pos = Column(3, "pos", kInt);
  const sql::BoundColumn item = Column(4, "col", kInt);
  const auto rows = [&](bool outer) {
    sql::Generate generate{Values({k_, list}, {{Int(1), Call("array", list.type, {Int(7), Int(8)})},
                                               {Int(2), Null(list.type)}}),
                           "posexplode",
                           {Col(list)},
                           outer};
    sql::Project project{Rel({k_, list, pos, item}, generate), {Col(k_), Col(pos), Col(item)}};
    return Rows(Rel({k_, pos, item}, project));
  };
  EXPECT_THAT(rows(false), UnorderedElementsAre("1|0|7", "1|1|8"));
  EXPECT_THAT(rows(true), UnorderedElementsAre("1|0|7", "1|1|8", "2|NULL|NULL"));
}

TEST_F(RelationPrinterTest, ReadsRowSourcesInParallelWithOnlyTheColumnsItNeeds) {
  const CountingSource source(10'000, 7);
  const sql::BoundColumn n = Column(1, "n", kLong);
  const sql::BoundColumn name = Column(2, "name", kString);
  const sql::BoundColumn price = Column(3, "price", Decimal(10, 2));
  sql::Aggregate aggregate;
  aggregate.input = Rel({n, name, price}, sql::FileScan{0});
  aggregate.aggregates = {
      Agg("count", kLong, {}), Agg("sum", kLong, {Col(n)}), Agg("count", kLong, {Col(name)}),
      Agg("sum", Decimal(20, 2), {Col(price)}), Agg("max", kString, {Col(name)})};
  EXPECT_THAT(Rows(Rel({Column(4, "a", kLong), Column(5, "b", kLong), Column(6, "c", kLong),
                        Column(7, "d", Decimal(20, 2)), Column(8, "e", kString)},
                       aggregate),
                   {.files = {&source}}),
              // Of 10,000 names 3,334 are NULL; 49,995,000 × 1.01 = 50,494,950.00.
              ElementsAre("10000|49995000|6666|50494950.00|name9998"));
}

TEST_F(RelationPrinterTest, CountsRowSourcesWithoutReadingAColumn) {
  const CountingSource source(5000, 3);
  sql::Aggregate aggregate;
  aggregate.input =
      Rel({Column(1, "n", kLong), Column(2, "name", kString), Column(3, "p", Decimal(10, 2))},
          sql::FileScan{0});
  aggregate.aggregates = {Agg("count", kLong, {})};
  EXPECT_THAT(Rows(Rel({Column(4, "a", kLong)}, aggregate), {.files = {&source}}),
              ElementsAre("5000"));
}

TEST_F(RelationPrinterTest, PassesTheErrorOfARowSourceOnVerbatim) {
  CountingSource source(10'000, 3);
  source.FailAt(2);
  sql::BoundQuery query =
      Query(Rel({Column(1, "n", kLong), Column(2, "name", kString), Column(3, "p", Decimal(10, 2))},
                sql::FileScan{0}));
  query.files.resize(1);
  const auto rows = RunQuery(*engine_, query, {.files = {&source}});
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code(), ErrorCode::kCorruption);
  EXPECT_EQ(rows.error().condition(), "FAILED_READ_FILE");
  EXPECT_EQ(rows.error().message(), "the file is torn");
}

TEST_F(RelationPrinterTest, StopsWhenCancelled) {
  const CountingSource source(1'000'000, 3);
  CancellationToken token;
  token.Cancel();
  sql::BoundQuery query =
      Query(Rel({Column(1, "n", kLong), Column(2, "name", kString), Column(3, "p", Decimal(10, 2))},
                sql::FileScan{0}));
  query.files.resize(1);
  const auto rows = RunQuery(*engine_, query, {.files = {&source}}, {.cancellation = &token});
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code(), ErrorCode::kCancelled);
}

TEST_F(RelationPrinterTest, ChecksAQueryWithoutRunningIt) {
  EXPECT_TRUE(engine_->Check(QueryOf(Call("/", kDouble, {Real(1), Real(0)}))));
  const Status refused = engine_->Check(QueryOf(Call("soundex", kString, {Str("x")})));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace medallion::duckdb::testing
