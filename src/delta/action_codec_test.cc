#include "action_codec.h"

#include "base/testing.h"
#include "testing_table.h"

namespace medallion::delta {
namespace {

using ::medallion::testing::HasValue;
using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;
using testing::IdNameMetadata;

std::string Written(const Action& action) {
  const std::vector<Action> actions = {action};
  const Result<std::string> body = SerializeCommit(actions);
  EXPECT_THAT(body, IsOk());
  return body.value_or("");
}

Result<std::vector<Action>> Read(std::string_view body) {
  std::vector<Action> actions;
  RETURN_IF_ERROR(ParseCommit(body, [&](Action action) {
    actions.push_back(std::move(action));
    return OkStatus();
  }));
  return actions;
}

// --- Writing. The expected texts follow the protocol's tables of required fields.

TEST(ActionWriterTest, ProtocolHasNoFeatureListsBelowThreeAndSeven) {
  EXPECT_EQ(Written(Protocol()),
            "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}\n");
  // Pitfall 9: a list below these versions makes strict readers refuse the table.
  const Protocol stray = {.reader_features = {{}}, .writer_features = {{"x"}}};
  EXPECT_EQ(Written(stray), "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}\n");
  const Protocol writer_only = {.min_writer_version = 7, .writer_features = {{"appendOnly"}}};
  EXPECT_EQ(Written(writer_only),
            "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":7,\"writerFeatures\":["
            "\"appendOnly\"]}}\n");
  const Protocol both = {.min_reader_version = 3,
                         .min_writer_version = 7,
                         .reader_features = {{"timestampNtz"}},
                         .writer_features = {{"timestampNtz"}}};
  EXPECT_EQ(Written(both),
            "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":["
            "\"timestampNtz\"],"
            "\"writerFeatures\":[\"timestampNtz\"]}}\n");
}

// Pitfall 8: `options` and `configuration` are there even when empty.
TEST(ActionWriterTest, MetadataHasItsMandatoryEmptyObjects) {
  EXPECT_EQ(Written(IdNameMetadata()),
            R"({"metaData":{"id":"5fba94ed-9794-4965-ba6e-6ee3c0d22af9",)"
            R"("format":{"provider":"parquet","options":{}},)"
            R"("schemaString":"{\"type\":\"struct\",\"fields\":[)"
            R"({\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}},)"
            R"({\"name\":\"name\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]}",)"
            R"("partitionColumns":[],"configuration":{}}})"
            "\n");
}

TEST(ActionWriterTest, AddHasItsMandatoryFields) {
  const AddFile add = {.path = "q=a%20b/x y.parquet",
                       .partition_values = {{"p", std::nullopt}, {"q", "a b"}},
                       .size_bytes = 5'368'709'120,  // Pitfall 43: more than 32 bits
                       .modification_time_ms = 1'777'593'600'000};
  EXPECT_EQ(Written(add),
            "{\"add\":{\"path\":\"q=a%2520b/"
            "x%20y.parquet\",\"partitionValues\":{\"p\":null,\"q\":\"a b\"},"
            "\"size\":5368709120,\"modificationTime\":1777593600000,\"dataChange\":true}}\n");
  EXPECT_EQ(Written(AddFile{.path = "x", .stats = R"({"numRecords":3000000000})"}),
            "{\"add\":{\"path\":\"x\",\"partitionValues\":{},\"size\":0,\"modificationTime\":0,"
            "\"dataChange\":true,"
            "\"stats\":\"{\\\"numRecords\\\":3000000000}\"}}\n");
}

TEST(ActionWriterTest, RemoveSaysWhetherItKnowsTheFile) {
  EXPECT_EQ(Written(RemoveFile{.path = "x", .deletion_timestamp_ms = 7}),
            "{\"remove\":{\"path\":\"x\",\"deletionTimestamp\":7,\"dataChange\":true,"
            "\"extendedFileMetadata\":false}}\n");
  EXPECT_EQ(Written(RemoveFile{.path = "x",
                               .deletion_timestamp_ms = 7,
                               .data_change = false,
                               .partition_values = PartitionValues{},
                               .size_bytes = 9}),
            "{\"remove\":{\"path\":\"x\",\"deletionTimestamp\":7,\"dataChange\":false,"
            "\"extendedFileMetadata\":true,\"partitionValues\":{},\"size\":9}}\n");
}

TEST(ActionWriterTest, CommitInfoHasOnlyTextsAsParametersAndMetrics) {
  CommitInfo info;
  info.timestamp_ms = 5;
  info.operation = "WRITE";
  info.operation_parameters = {{"mode", "Append"}};
  info.operation_metrics = {{"numFiles", "1"}};
  info.read_version = 3;
  info.isolation_level = "Serializable";
  info.is_blind_append = true;
  info.engine_info = "Medallion/0";
  info.txn_id = "id";
  EXPECT_EQ(Written(info),
            "{\"commitInfo\":{\"timestamp\":5,\"operation\":\"WRITE\",\"operationParameters\":{"
            "\"mode\":\"Append\"},"
            "\"readVersion\":3,\"isolationLevel\":\"Serializable\",\"isBlindAppend\":true,"
            "\"operationMetrics\":{\"numFiles\":\"1\"},\"engineInfo\":\"Medallion/"
            "0\",\"txnId\":\"id\"}}\n");
}

TEST(ActionWriterTest, TextThatIsNotUtf8IsRefused) {
  const std::vector<Action> actions = {Txn{.app_id = "\xFF"}};
  EXPECT_THAT(SerializeCommit(actions), IsError(ErrorCode::kInvalidArgument, "UTF-8"));
}

// --- Reading.

TEST(ActionParserTest, IgnoresUnknownActionsAndFields) {
  const auto actions = Read(R"({"cdc":{"path":"x"}}
{"future":{"deep":[1,{"a":null}]}}

{"txn":{"appId":"a","version":4,"news":[1,2]}}
)");
  ASSERT_THAT(actions, IsOk());
  ASSERT_EQ(actions->size(), 1U);
  EXPECT_EQ(std::get<Txn>(actions->front()), (Txn{.app_id = "a", .version = 4}));
}

TEST(ActionParserTest, TakesLinesWithoutFinalLineEndAndWithCarriageReturns) {
  const auto actions = Read(
      "{\"txn\":{\"appId\":\"a\",\"version\":1}}\r\n{\"txn\":{\"appId\":\"b\",\"version\":2}}");
  ASSERT_THAT(actions, IsOk());
  EXPECT_EQ(actions->size(), 2U);
}

TEST(ActionParserTest, TreatsNullAsAbsent) {
  const auto actions =
      Read(R"({"add":{"path":"x","partitionValues":{"p":null},"size":1,"modificationTime":2,)"
           R"("dataChange":false,"stats":null,"tags":null,"deletionVector":null}})");
  ASSERT_THAT(actions, IsOk());
  const auto& add = std::get<AddFile>(actions->front());
  EXPECT_EQ(add.stats, std::nullopt);
  EXPECT_EQ(add.deletion_vector, std::nullopt);
  EXPECT_EQ(add.partition_values, (PartitionValues{{"p", std::nullopt}}));
}

TEST(ActionParserTest, ReadsDeletionVectors) {
  const auto actions = Read(
      R"({"remove":{"path":"x","deletionVector":{"storageType":"u","pathOrInlineDv":"ab","offset":1,)"
      R"("sizeInBytes":40,"cardinality":6}}})");
  ASSERT_THAT(actions, IsOk());
  EXPECT_EQ(std::get<RemoveFile>(actions->front()).deletion_vector->UniqueId(), "uab@1");
}

// Spark writes numbers and objects there too; none of it may make a table unreadable.
TEST(ActionParserTest, TakesAnyCommitInfo) {
  const auto actions =
      Read(R"({"commitInfo":{"timestamp":"yesterday","operation":5,)"
           R"("operationParameters":{"a":1,"b":{"c":[2]},"d":"e"},"isBlindAppend":true}})");
  ASSERT_THAT(actions, IsOk());
  const auto& info = std::get<CommitInfo>(actions->front());
  EXPECT_EQ(info.timestamp_ms, std::nullopt);
  EXPECT_EQ(info.operation, "");
  EXPECT_EQ(info.operation_parameters,
            (std::map<std::string, std::string>{{"a", "1"}, {"b", R"({"c":[2]})"}, {"d", "e"}}));
  EXPECT_EQ(info.is_blind_append, true);
}

struct BrokenLine {
  std::string_view line;
  std::string_view complaint;
};

TEST(ActionParserTest, RefusesBrokenLinesNamingLineAndField) {
  const BrokenLine lines[] = {
      {R"({"add":{"path":"x")", "line 2: not JSON"},
      {R"([1])", "line 2: not a JSON object"},
      {R"({"add":{"partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}})",
       "'add.path' is missing"},
      {R"({"add":{"path":"x","size":1,"modificationTime":1,"dataChange":true}})",
       "'add.partitionValues' is missing"},
      {R"({"add":{"path":"x","partitionValues":{},"modificationTime":1,"dataChange":true}})",
       "'add.size' is missing"},
      {R"({"add":{"path":"x","partitionValues":{},"size":1,"modificationTime":1}})",
       "'add.dataChange' is missing"},
      {R"({"add":{"path":"x","partitionValues":{},"size":1.5,"modificationTime":1,"dataChange":true}})",
       "'add.size' is not an integer"},
      {R"({"add":{"path":"x","partitionValues":{"p":1},"size":1,"modificationTime":1,"dataChange":true}})",
       "'partitionValues.p' is not a string"},
      {R"({"add":{"path":"%zz","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}})",
       "broken percent escape"},
      {R"({"txn":{"appId":"a","version":10000000000000000000}})",
       "'txn.version' is not an integer"},
      {R"({"protocol":{"minReaderVersion":1}})", "'protocol.minWriterVersion' is missing"},
      {R"({"metaData":{"id":"x","partitionColumns":[]}})", "'metaData.schemaString' is missing"},
      {R"({"metaData":{"id":"x","schemaString":"nonsense","partitionColumns":[]}})", "line 2"},
  };
  for (const BrokenLine& broken : lines) {
    const std::string body =
        fmt::format("{{\"txn\":{{\"appId\":\"a\",\"version\":1}}}}\n{}\n", broken.line);
    EXPECT_THAT(Read(body), IsError(ErrorCode::kCorruption, std::string(broken.complaint)))
        << broken.line;
  }
}

TEST(ActionParserTest, RefusesOtherFileFormatsByName) {
  EXPECT_THAT(
      Read(
          R"({"metaData":{"id":"x","format":{"provider":"orc"},"schemaString":"{}","partitionColumns":[]}})"),
      IsError(ErrorCode::kUnsupported, "'orc'"));
}

// Pitfall 41.
TEST(ActionParserTest, BoundsNestingAndLineLength) {
  const std::string deep = "{\"x\":" + std::string(1000, '[') + std::string(1000, ']') + "}";
  EXPECT_THAT(Read(deep), IsError(ErrorCode::kCorruption, "line 1"));
  const std::string shallow = "{\"x\":" + std::string(50, '[') + std::string(50, ']') + "}";
  EXPECT_THAT(Read(shallow), IsOk());
  const std::string huge = "{\"x\":\"" + std::string(kCommitLineBytesMax, 'a') + "\"}";
  EXPECT_THAT(Read(huge), IsError(ErrorCode::kCorruption, "bytes, more than"));
}

}  // namespace
}  // namespace medallion::delta
