#include <filesystem>
#include <fstream>

#include "counting_source.h"
#include "delta/stats.h"
#include "query_builder.h"
#include "storage/memory_store.h"

namespace medallion::duckdb::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

const DataType kInt = DataType::Integer();
const DataType kLong = DataType::Long();
const DataType kString = DataType::String();
const DataType kBoolean = DataType::Boolean();
DataType Decimal(int precision, int scale) { return DataType::Decimal(precision, scale); }

class BatchWriterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = DuckDbEngine::Open({.memory_limit_bytes = uint64_t{300} << 20, .threads = 2});
    ASSERT_TRUE(opened) << opened.error().ToString();
    engine_ = *std::move(opened);
  }

  // (id INT, name STRING, price DECIMAL(10,2)): four rows.
  sql::BoundQuery Lines() {
    return Query(Values({id_, name_, price_}, {{Int(1), Str("one"), Dec("1.50", 10, 2)},
                                               {Int(2), Str("two"), Dec("-2.00", 10, 2)},
                                               {Int(3), Null(kString), Dec("3.25", 10, 2)},
                                               {Int(4), Str("four"), Null(Decimal(10, 2))}}));
  }
  Schema LinesSchema() {
    return Schema({{"Id", kInt}, {"Name", kString}, {"Price", Decimal(10, 2)}});
  }

  Rule NotNegative(RuleAction action) {
    return {"price_not_negative", Call(">=", kBoolean, {Col(price_), Dec("0", 10, 2)}), action};
  }
  Rule Named(RuleAction action) {
    return {"named", Call("isnotnull", kBoolean, {Col(name_)}), action};
  }

  WriteRequest Request(const sql::BoundQuery& query, Schema schema) {
    WriteRequest request;
    request.query = &query;
    request.output = {.store = table_, .schema = std::move(schema)};
    return request;
  }

  static WriteResult Written(Result<WriteOutcome> outcome) {
    EXPECT_TRUE(outcome) << outcome.error().ToString();
    return outcome ? std::get<WriteResult>(*outcome) : WriteResult{};
  }

  // The rows of the files as a table of `schema`.
  std::vector<std::string> Read(const std::shared_ptr<ObjectStore>& store, const Schema& schema,
                                std::vector<delta::AddFile> files,
                                std::vector<std::string> partition_columns = {}) {
    delta::Snapshot::State state;
    state.metadata.schema = schema;
    state.metadata.partition_columns = std::move(partition_columns);
    state.files = std::move(files);
    std::vector<sql::BoundColumn> columns;
    for (size_t i = 0; i < schema.size(); ++i) {
      columns.push_back(Column(100 + static_cast<int64_t>(i), schema[i].name, schema[i].type));
    }
    sql::BoundQuery query = Query(Rel(columns, sql::TableScan{0}));
    query.tables.push_back({.name = {{"c", "s", "t"}}, .schema = schema});
    BoundInputs inputs;
    inputs.tables.push_back(
        {.store = store, .snapshot = std::make_shared<const delta::Snapshot>(std::move(state))});
    const auto rows = RunQuery(*engine_, query, inputs);
    EXPECT_TRUE(rows) << rows.error().ToString();
    return rows ? *rows : std::vector<std::string>{};
  }

  sql::BoundColumn id_ = Column(1, "id", kInt);
  sql::BoundColumn name_ = Column(2, "name", kString);
  sql::BoundColumn price_ = Column(3, "price", Decimal(10, 2));
  std::shared_ptr<MemoryStore> table_ = std::make_shared<MemoryStore>();
  std::shared_ptr<MemoryStore> rejected_ = std::make_shared<MemoryStore>();
  std::unique_ptr<DuckDbEngine> engine_;
};

TEST_F(BatchWriterTest, WritesAllRowsWithStatistics) {
  const sql::BoundQuery query = Lines();
  const WriteResult result = Written(engine_->Write(Request(query, LinesSchema())));
  EXPECT_EQ(result.rows_read, 4);
  EXPECT_EQ(result.rows_written, 4);
  ASSERT_EQ(result.files.size(), 1U);
  const delta::AddFile& file = result.files.front();
  EXPECT_THAT(file.path, ::testing::MatchesRegex("part-00000-[0-9a-f-]{36}-c000\\.zstd\\.parquet"));
  EXPECT_EQ(file.size_bytes, result.bytes_written);
  EXPECT_EQ(delta::RecordCount(file.stats), 4);
  EXPECT_THAT(*file.stats, HasSubstr(R"("minValues":{"Id":1,"Name":"four","Price":-2.00})"));
  EXPECT_THAT(*file.stats, HasSubstr(R"("nullCount":{"Id":0,"Name":1,"Price":1})"));
  EXPECT_THAT(table_->Paths(), ElementsAre(file.path));
  EXPECT_THAT(Read(table_, LinesSchema(), result.files),
              UnorderedElementsAre("1|one|1.50", "2|two|-2.00", "3|NULL|3.25", "4|four|NULL"));
}

TEST_F(BatchWriterTest, WritesNoFileForNoRows) {
  const sql::BoundQuery lines = Lines();
  const sql::BoundQuery query = Query(
      Rel({id_, name_, price_}, sql::Filter{lines.root, Call(">", kBoolean, {Col(id_), Int(9)})}));
  WriteRequest request = Request(query, LinesSchema());
  EXPECT_THAT(Written(engine_->Write(request)).files, ElementsAre());
  request.rules = {Named(RuleAction::kDropRow)};
  const WriteResult result = Written(engine_->Write(request));
  EXPECT_THAT(result.files, ElementsAre());
  EXPECT_EQ(result.rules.front().passed, 0);
  EXPECT_THAT(table_->Paths(), ElementsAre());
}

TEST_F(BatchWriterTest, CountsEachRuleOverAllRowsBeforeAnyDrop) {
  const sql::BoundQuery query = Lines();
  WriteRequest request = Request(query, LinesSchema());
  request.rules = {NotNegative(RuleAction::kDropRow), Named(RuleAction::kWarn)};
  const WriteResult result = Written(engine_->Write(request));
  EXPECT_EQ(result.rows_read, 4);
  EXPECT_EQ(result.rows_written, 2);
  EXPECT_EQ(result.rows_dropped, 2);
  ASSERT_EQ(result.rules.size(), 2U);
  EXPECT_EQ(result.rules[0].passed, 2);
  EXPECT_EQ(result.rules[0].failed, 2);
  EXPECT_EQ(result.rules[0].failed_null, 1);
  EXPECT_EQ(result.rules[1].passed, 3);
  EXPECT_EQ(result.rules[1].failed, 1);
  EXPECT_EQ(result.rules[1].failed_null, 0);
  EXPECT_THAT(Read(table_, LinesSchema(), result.files),
              UnorderedElementsAre("1|one|1.50", "3|NULL|3.25"));
}

TEST_F(BatchWriterTest, KeepsDroppedRowsWithTheirReasonsInQuarantine) {
  const sql::BoundQuery query = Lines();
  // The table has two columns; the third goes to quarantine only.
  WriteRequest request = Request(query, Schema({{"Id", kInt}, {"Name", kString}}));
  request.rules = {NotNegative(RuleAction::kDropRow), Named(RuleAction::kWarn)};
  QuarantineOutput quarantine;
  quarantine.files = {.store = rejected_,
                      .schema = Schema({{"Id", kInt},
                                        {"Name", kString},
                                        {"raw_price", Decimal(10, 2)},
                                        {"_failed_expectations", DataType::Array(kString)},
                                        {"_update_id", kString}})};
  quarantine.constants = {{"_update_id", Value::String("u-1")}};
  request.quarantine = quarantine;
  const WriteResult result = Written(engine_->Write(request));
  EXPECT_THAT(Read(table_, request.output.schema, result.files),
              UnorderedElementsAre("1|one", "3|NULL"));
  EXPECT_THAT(Read(rejected_, quarantine.files.schema, result.quarantine_files),
              UnorderedElementsAre("2|two|-2.00|[price_not_negative]|u-1",
                                   "4|four|NULL|[price_not_negative]|u-1"));
}

TEST_F(BatchWriterTest, PublishesNothingWhenAFailRuleIsBroken) {
  const sql::BoundQuery query = Lines();
  WriteRequest request = Request(query, LinesSchema());
  request.rules = {Named(RuleAction::kFailUpdate)};
  const Result<WriteOutcome> outcome = engine_->Write(request);
  ASSERT_TRUE(outcome) << outcome.error().ToString();
  const auto& violation = std::get<RuleViolation>(*outcome);
  EXPECT_THAT(violation.rules, ElementsAre("named"));
  EXPECT_EQ(violation.rows_failed, 1);
  EXPECT_EQ(violation.example_record_json, R"({"id":3,"name":null,"price":3.25})");
  EXPECT_THAT(table_->Paths(), ElementsAre());
}

TEST_F(BatchWriterTest, WritesIntegerSumsExactly) {
  // 2^53 + 1, which a DOUBLE cannot hold: DuckDB's own sum is HUGEINT and would be written as
  // DOUBLE.
  const sql::BoundColumn n = Column(1, "n", kLong);
  sql::Aggregate aggregate;
  aggregate.input = Values({n}, {{Long(9007199254740992)}, {Long(1)}});
  aggregate.aggregates = {Agg("sum", kLong, {Col(n)})};
  const sql::BoundQuery query = Query(Rel({Column(2, "s", kLong)}, aggregate));
  const Schema schema({{"s", kLong}});
  const WriteResult result = Written(engine_->Write(Request(query, schema)));
  EXPECT_THAT(Read(table_, schema, result.files), ElementsAre("9007199254740993"));
}

TEST_F(BatchWriterTest, WritesPartitionsWithTheirValuesInTheLogAlone) {
  const sql::BoundQuery query = Lines();
  WriteRequest request = Request(query, LinesSchema());
  request.output.partition_columns = {"Name"};
  const WriteResult result = Written(engine_->Write(request));
  EXPECT_EQ(result.rows_written, 4);
  ASSERT_EQ(result.files.size(), 4U);
  std::vector<std::optional<std::string>> values;
  for (const delta::AddFile& file : result.files) {
    values.push_back(file.partition_values.at("Name"));
    EXPECT_THAT(*file.stats, ::testing::Not(HasSubstr("Name")));
  }
  EXPECT_THAT(values, UnorderedElementsAre("one", "two", "four", std::nullopt));
  EXPECT_THAT(result.files.front().path, ::testing::StartsWith("Name="));
  EXPECT_THAT(Read(table_, LinesSchema(), result.files, {"Name"}),
              UnorderedElementsAre("1|one|1.50", "2|two|-2.00", "3|NULL|3.25", "4|four|NULL"));
}

TEST_F(BatchWriterTest, ReadsColumnsThatOlderFilesLackAsNull) {
  const sql::BoundQuery query = Lines();
  const WriteResult result = Written(engine_->Write(Request(query, LinesSchema())));
  const Schema wider({{"Id", kLong}, {"Added", kString}, {"Price", Decimal(12, 2)}});
  EXPECT_THAT(Read(table_, wider, result.files),
              UnorderedElementsAre("1|NULL|1.50", "2|NULL|-2.00", "3|NULL|3.25", "4|NULL|NULL"));
}

TEST_F(BatchWriterTest, RefusesNullInAColumnThatForbidsIt) {
  const sql::BoundQuery query = Lines();
  const Result<WriteOutcome> outcome =
      engine_->Write(Request(query, Schema({{"Id", kInt},
                                            {.name = "Name", .type = kString, .nullable = false},
                                            {"Price", Decimal(10, 2)}})));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().condition(), "DELTA_NOT_NULL_CONSTRAINT_VIOLATED");
  EXPECT_THAT(table_->Paths(), ElementsAre());
}

TEST_F(BatchWriterTest, SplitsFilesNearTheTargetSize) {
  const CountingSource source(600'000, 4);
  const Schema schema({{"n", kLong}, {"name", kString}, {"price", Decimal(10, 2)}});
  sql::BoundQuery query = Query(
      Rel({Column(1, "n", kLong), Column(2, "name", kString), Column(3, "price", Decimal(10, 2))},
          sql::FileScan{0}));
  query.files.resize(1);
  WriteRequest request = Request(query, schema);
  request.inputs.files = {&source};
  request.output.target_file_bytes = 1'000'000;
  int64_t reported = 0;
  request.on_progress = [&reported](int64_t rows) { reported = rows; };
  const WriteResult result = Written(engine_->Write(request));
  EXPECT_EQ(result.rows_written, 600'000);
  EXPECT_EQ(reported, 600'000);
  EXPECT_GT(result.files.size(), 1U);
  EXPECT_TRUE(std::is_sorted(result.files.begin(), result.files.end(),
                             [](const auto& a, const auto& b) { return a.path < b.path; }));
}

TEST_F(BatchWriterTest, RoutesEveryRowOfManyChunksExactlyOnce) {
  const CountingSource source(100'000, 5);
  const Schema schema({{"n", kLong}, {"name", kString}, {"price", Decimal(10, 2)}});
  const sql::BoundColumn n = Column(1, "n", kLong);
  sql::BoundQuery query = Query(Rel({n, name_, price_}, sql::FileScan{0}));
  query.files.resize(1);
  WriteRequest request = Request(query, schema);
  request.inputs.files = {&source};
  request.rules = {Named(RuleAction::kDropRow),
                   {"small", Call("<", kBoolean, {Col(n), Long(1000)}), RuleAction::kWarn}};
  QuarantineOutput quarantine;
  quarantine.files = {.store = rejected_,
                      .schema = Schema({{"n", kLong},
                                        {"name", kString},
                                        {"price", Decimal(10, 2)},
                                        {"_failed_expectations", DataType::Array(kString)}})};
  request.quarantine = quarantine;
  const WriteResult result = Written(engine_->Write(request));
  EXPECT_EQ(result.rows_read, 100'000);
  EXPECT_EQ(result.rows_dropped, 33'334);  // every third name is NULL
  EXPECT_EQ(result.rules[0].failed, 33'334);
  EXPECT_EQ(result.rules[1].passed, 1000);
  std::set<std::string> rows;
  for (const std::string& row : Read(table_, schema, result.files)) {
    EXPECT_TRUE(rows.insert(row).second) << row;
  }
  EXPECT_EQ(rows.size(), 66'666U);
  for (const std::string& row : Read(rejected_, quarantine.files.schema, result.quarantine_files)) {
    EXPECT_TRUE(rows.insert(row).second) << row;
    EXPECT_THAT(row, HasSubstr("|NULL|"));
  }
  EXPECT_EQ(rows.size(), 100'000U);
  EXPECT_TRUE(rows.contains("99999|NULL|100998.99|[named, small]"));
}

TEST_F(BatchWriterTest, LeavesNothingBehindWhenTheSourceFails) {
  CountingSource source(10'000, 3);
  source.FailAt(1);
  const Schema schema({{"n", kLong}, {"name", kString}, {"price", Decimal(10, 2)}});
  sql::BoundQuery query = Query(Rel({Column(1, "n", kLong), name_, price_}, sql::FileScan{0}));
  query.files.resize(1);
  for (const bool with_rules : {false, true}) {
    WriteRequest request = Request(query, schema);
    request.inputs.files = {&source};
    if (with_rules) {
      request.rules = {Named(RuleAction::kDropRow)};
    }
    const Result<WriteOutcome> outcome = engine_->Write(request);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().condition(), "FAILED_READ_FILE");
    EXPECT_THAT(table_->Paths(), ElementsAre());
  }
}

TEST_F(BatchWriterTest, RaisesSparksConditionForDataErrors) {
  const sql::BoundQuery query =
      QueryOf(Call("/", DataType::Double(), {Real(1), CastTo(DataType::Double(), Int(0))}));
  const Result<WriteOutcome> outcome =
      engine_->Write(Request(query, Schema({{"x", DataType::Double()}})));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().condition(), "DIVIDE_BY_ZERO");
  EXPECT_THAT(table_->Paths(), ElementsAre());
}

}  // namespace
}  // namespace medallion::duckdb::testing
