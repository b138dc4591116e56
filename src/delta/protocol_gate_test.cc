#include "protocol_gate.h"

#include "base/testing.h"
#include "testing_table.h"

namespace medallion::delta {
namespace {

using ::medallion::testing::HasValue;
using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;
using testing::IdNameMetadata;

Protocol WithFeatures(std::vector<std::string> reader, std::vector<std::string> writer) {
  return {.min_reader_version = 3,
          .min_writer_version = 7,
          .reader_features = std::move(reader),
          .writer_features = std::move(writer)};
}

Metadata WithFieldMetadata(const std::string& key) {
  Metadata metadata = IdNameMetadata();
  metadata.schema =
      Schema({{"s", DataType::Struct({{"id", DataType::Long(), true, {{key, "\"x\""}}}})}});
  return metadata;
}

Metadata WithProperty(const std::string& name, const std::string& value) {
  Metadata metadata = IdNameMetadata();
  metadata.configuration[name] = value;
  return metadata;
}

enum class Kind { kWriter, kReaderWriter };

struct FeatureCase {
  std::string name;
  Kind kind;
  bool readable;
  bool writable;
};

// Pitfall 30: every name of the specification's list, and made-up ones.
TEST(ProtocolGateTest, EveryFeatureIsTakenOrRefusedByName) {
  const FeatureCase cases[] = {
      {"appendOnly", Kind::kWriter, true, true},
      {"invariants", Kind::kWriter, true, true},
      {"checkConstraints", Kind::kWriter, true, true},
      {"generatedColumns", Kind::kWriter, true, true},
      {"allowColumnDefaults", Kind::kWriter, true, true},
      {"changeDataFeed", Kind::kWriter, true, true},
      {"identityColumns", Kind::kWriter, true, true},
      {"rowTracking", Kind::kWriter, true, false},
      {"domainMetadata", Kind::kWriter, true, false},
      {"clustering", Kind::kWriter, true, false},
      {"inCommitTimestamp", Kind::kWriter, true, true},
      {"icebergCompatV1", Kind::kWriter, true, false},
      {"icebergCompatV2", Kind::kWriter, true, false},
      {"checkpointProtection", Kind::kWriter, true, false},
      {"madeUpWriterFeature", Kind::kWriter, true, false},
      {"columnMapping", Kind::kReaderWriter, true, true},
      {"timestampNtz", Kind::kReaderWriter, true, true},
      {"vacuumProtocolCheck", Kind::kReaderWriter, true, true},
      {"typeWidening", Kind::kReaderWriter, true, false},
      {"deletionVectors", Kind::kReaderWriter, false, false},
      {"v2Checkpoint", Kind::kReaderWriter, false, false},
      {"variantType", Kind::kReaderWriter, false, false},
      {"variantShredding", Kind::kReaderWriter, false, false},
      {"geospatial", Kind::kReaderWriter, false, false},
      {"catalogManaged", Kind::kReaderWriter, false, false},
      {"madeUpReaderFeature", Kind::kReaderWriter, false, false},
  };
  for (const FeatureCase& feature : cases) {
    const std::vector<std::string> reader = feature.kind == Kind::kReaderWriter
                                                ? std::vector<std::string>{feature.name}
                                                : std::vector<std::string>{};
    const Protocol protocol = WithFeatures(reader, {feature.name});
    const Status readable = CheckReadable(protocol, IdNameMetadata());
    const Status writable = CheckWritable(protocol, IdNameMetadata());
    if (feature.readable) {
      EXPECT_THAT(readable, IsOk()) << feature.name;
    } else {
      EXPECT_THAT(readable, IsError(ErrorCode::kUnsupported, "for reading: " + feature.name));
    }
    if (feature.writable) {
      EXPECT_THAT(writable, IsOk()) << feature.name;
    } else {
      EXPECT_THAT(writable, IsError(ErrorCode::kUnsupported, feature.name));
    }
  }
}

TEST(ProtocolGateTest, NamesAllRefusedFeaturesAtOnce) {
  EXPECT_THAT(CheckReadable(WithFeatures({"deletionVectors", "timestampNtz", "news"}, {}),
                            IdNameMetadata()),
              IsError(ErrorCode::kUnsupported, "deletionVectors, news"));
}

TEST(ProtocolGateTest, FeaturesInUseAreRefused) {
  const std::pair<std::string, Metadata> writer_cases[] = {
      {"invariants", WithFieldMetadata("delta.invariants")},
      {"checkConstraints", WithProperty("delta.constraints.positive", "id > 0")},
      {"generatedColumns", WithFieldMetadata("delta.generationExpression")},
      {"identityColumns", WithFieldMetadata("delta.identity.start")},
      {"allowColumnDefaults", WithFieldMetadata("CURRENT_DEFAULT")},
  };
  for (const auto& [name, metadata] : writer_cases) {
    const Protocol protocol = {.min_writer_version = 7, .writer_features = {{name}}};
    EXPECT_THAT(CheckReadable(protocol, metadata), IsOk()) << name;
    EXPECT_THAT(CheckWritable(protocol, metadata), IsError(ErrorCode::kUnsupported, name));
  }
  EXPECT_THAT(CheckReadable(WithFeatures({"columnMapping"}, {"columnMapping"}),
                            WithProperty("delta.columnMapping.mode", "name")),
              IsError(ErrorCode::kUnsupported, "columnMapping"));
  EXPECT_THAT(CheckReadable(WithFeatures({"typeWidening"}, {"typeWidening"}),
                            WithFieldMetadata("delta.typeChanges")),
              IsError(ErrorCode::kUnsupported, "typeWidening"));
}

TEST(ProtocolGateTest, LegacyNumbersImplyFeatures) {
  const Metadata mapped = WithProperty("delta.columnMapping.mode", "id");
  EXPECT_THAT(CheckReadable({.min_reader_version = 1, .min_writer_version = 2}, IdNameMetadata()),
              IsOk());
  EXPECT_THAT(CheckReadable({.min_reader_version = 2, .min_writer_version = 5}, IdNameMetadata()),
              IsOk());
  EXPECT_THAT(CheckReadable({.min_reader_version = 2, .min_writer_version = 5}, mapped),
              IsError(ErrorCode::kUnsupported, "columnMapping"));
  EXPECT_THAT(CheckWritable({.min_reader_version = 1, .min_writer_version = 6}, IdNameMetadata()),
              IsOk());
  EXPECT_THAT(CheckWritable({.min_reader_version = 1, .min_writer_version = 3},
                            WithProperty("delta.constraints.c", "true")),
              IsError(ErrorCode::kUnsupported, "checkConstraints"));
}

TEST(ProtocolGateTest, VersionsBeyondTheSpecificationAreRefused) {
  EXPECT_THAT(CheckReadable({.min_reader_version = 4, .min_writer_version = 7}, IdNameMetadata()),
              IsError(ErrorCode::kUnsupported, "reader version 4"));
  const Protocol writer = {.min_reader_version = 1, .min_writer_version = 8};
  EXPECT_THAT(CheckReadable(writer, IdNameMetadata()), IsOk());
  EXPECT_THAT(CheckWritable(writer, IdNameMetadata()),
              IsError(ErrorCode::kUnsupported, "writer version 8"));
}

TEST(ProtocolGateTest, ClassicTablesNeedOneAndTwo) {
  EXPECT_THAT(ProtocolFor(IdNameMetadata(), Protocol()), HasValue(Protocol()));
}

TEST(ProtocolGateTest, TimestampsWithoutZoneNeedTheirFeatureInBothLists) {
  Metadata metadata = IdNameMetadata();
  metadata.schema = Schema({{"a", DataType::Array(DataType::TimestampNtz())}});
  const auto protocol = ProtocolFor(metadata, Protocol());
  ASSERT_THAT(protocol, IsOk());
  EXPECT_EQ(protocol->min_reader_version, 3);
  EXPECT_EQ(protocol->min_writer_version, 7);
  EXPECT_EQ(protocol->reader_features, (std::vector<std::string>{"timestampNtz"}));
  // What writer 2 implied stays in force.
  EXPECT_EQ(protocol->writer_features,
            (std::vector<std::string>{"appendOnly", "invariants", "timestampNtz"}));
  EXPECT_THAT(ProtocolFor(metadata, *protocol), HasValue(*protocol));
}

TEST(ProtocolGateTest, TablesAreNotMadeWithWhatWeDoNotWrite) {
  EXPECT_THAT(ProtocolFor(WithProperty("delta.enableDeletionVectors", "true"), Protocol()),
              IsError(ErrorCode::kUnsupported, "delta.enableDeletionVectors"));
  EXPECT_THAT(ProtocolFor(WithProperty("delta.enableDeletionVectors", "false"), Protocol()),
              IsOk());
  EXPECT_THAT(ProtocolFor(WithProperty("delta.columnMapping.mode", "name"), Protocol()),
              IsError(ErrorCode::kUnsupported, "column mapping"));
  EXPECT_THAT(ProtocolFor(WithProperty("delta.constraints.x", "a > 0"), Protocol()),
              IsError(ErrorCode::kUnsupported, "CHECK constraints"));
}

}  // namespace
}  // namespace medallion::delta
