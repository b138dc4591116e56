#include "protocol_gate.h"

#include "base/text.h"
#include "delta/table.h"
#include "table_properties.h"

namespace medallion::delta {
namespace {

enum class Support {
  kYes,
  kUnlessUsed,  // as long as the metadata makes no use of it
  kNo,
};

using IsUsed = bool (*)(const Metadata&);

// Whether a field at any depth below `type` has metadata of this name.
bool AnyFieldHas(const DataType& type, const std::string& name);

bool AnyFieldHas(const std::vector<Field>& fields, const std::string& name) {
  return std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
    return field.metadata.contains(name) || AnyFieldHas(field.type, name);
  });
}

bool AnyFieldHas(const DataType& type, const std::string& name) {
  switch (type.kind()) {
    case TypeKind::kArray: return AnyFieldHas(type.element(), name);
    case TypeKind::kMap: return AnyFieldHas(type.key(), name) || AnyFieldHas(type.value(), name);
    case TypeKind::kStruct: return AnyFieldHas(type.fields(), name);
    default: return false;
  }
}

bool AnyFieldHas(const Metadata& metadata, const std::string& name) {
  return AnyFieldHas(metadata.schema.fields(), name);
}

bool UsesExpressionInvariants(const Metadata& metadata) {
  return AnyFieldHas(metadata, "delta.invariants");
}

bool UsesCheckConstraints(const Metadata& metadata) {
  const auto first = metadata.configuration.lower_bound("delta.constraints.");
  return first != metadata.configuration.end() && first->first.starts_with("delta.constraints.");
}

bool UsesGeneratedColumns(const Metadata& metadata) {
  return AnyFieldHas(metadata, "delta.generationExpression");
}

bool UsesIdentityColumns(const Metadata& metadata) {
  return AnyFieldHas(metadata, "delta.identity.start");
}

bool UsesColumnDefaults(const Metadata& metadata) {
  return AnyFieldHas(metadata, "CURRENT_DEFAULT");
}

bool UsesColumnMapping(const Metadata& metadata) {
  const auto mode = metadata.configuration.find("delta.columnMapping.mode");
  return mode != metadata.configuration.end() && !EqualsIgnoreCase(mode->second, "none");
}

bool UsesTypeWidening(const Metadata& metadata) {
  return AnyFieldHas(metadata, "delta.typeChanges");
}

struct Feature {
  std::string_view name;
  Support read;
  Support write;
  IsUsed is_used = nullptr;  // for kUnlessUsed
};

// What is not here is refused too; the refused ones are named so that the list can be compared with
// the specification's. `changeDataFeed` needs no files for appends and whole-file removals; the
// transaction refuses other commits. Invariants of NOT NULL are enforced, expressions refused.
constexpr Feature kFeatures[] = {
    {"appendOnly", Support::kYes, Support::kYes},
    {"invariants", Support::kYes, Support::kUnlessUsed, UsesExpressionInvariants},
    {"checkConstraints", Support::kYes, Support::kUnlessUsed, UsesCheckConstraints},
    {"generatedColumns", Support::kYes, Support::kUnlessUsed, UsesGeneratedColumns},
    {"allowColumnDefaults", Support::kYes, Support::kUnlessUsed, UsesColumnDefaults},
    {"identityColumns", Support::kYes, Support::kUnlessUsed, UsesIdentityColumns},
    {"changeDataFeed", Support::kYes, Support::kYes},
    {"columnMapping", Support::kUnlessUsed, Support::kUnlessUsed, UsesColumnMapping},
    {"timestampNtz", Support::kYes, Support::kYes},
    {"vacuumProtocolCheck", Support::kYes, Support::kYes},
    {"inCommitTimestamp", Support::kYes, Support::kYes},
    {"typeWidening", Support::kUnlessUsed, Support::kNo, UsesTypeWidening},
    {"typeWidening-preview", Support::kUnlessUsed, Support::kNo, UsesTypeWidening},
    {"deletionVectors", Support::kNo, Support::kNo},
    {"v2Checkpoint", Support::kNo, Support::kNo},
    {"rowTracking", Support::kYes, Support::kNo},
    {"domainMetadata", Support::kYes, Support::kNo},
    {"clustering", Support::kYes, Support::kNo},
    {"checkpointProtection", Support::kYes, Support::kNo},
    {"materializePartitionColumns", Support::kYes, Support::kNo},
    {"icebergCompatV1", Support::kYes, Support::kNo},
    {"icebergCompatV2", Support::kYes, Support::kNo},
    {"icebergCompatV3", Support::kYes, Support::kNo},
    {"variantType", Support::kNo, Support::kNo},
    {"variantType-preview", Support::kNo, Support::kNo},
    {"variantShredding", Support::kNo, Support::kNo},
    {"variantShredding-preview", Support::kNo, Support::kNo},
    {"geospatial", Support::kNo, Support::kNo},
    {"catalogManaged", Support::kNo, Support::kNo},
    {"catalogOwned-preview", Support::kNo, Support::kNo},
};

bool Allows(Support support, IsUsed is_used, const Metadata& metadata) {
  return support == Support::kYes || (support == Support::kUnlessUsed && !is_used(metadata));
}

const Feature* FindFeature(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFeatures), std::end(kFeatures),
                                   [&](const Feature& feature) { return feature.name == name; });
  return found == std::end(kFeatures) ? nullptr : found;
}

std::vector<std::string> ReaderFeatures(const Protocol& protocol) {
  if (protocol.min_reader_version == 3) {
    return protocol.reader_features.value_or(std::vector<std::string>());
  }
  return protocol.min_reader_version == 2 ? std::vector<std::string>{"columnMapping"}
                                          : std::vector<std::string>{};
}

struct LegacyFeature {
  int writer_version;
  std::string_view name;
};

// Delta protocol, "Valid Feature Names in Table Features": what each legacy number brings in.
constexpr LegacyFeature kLegacyFeatures[] = {
    {2, "appendOnly"},       {2, "invariants"},    {3, "checkConstraints"}, {4, "changeDataFeed"},
    {4, "generatedColumns"}, {5, "columnMapping"}, {6, "identityColumns"},
};

std::vector<std::string> WriterFeatures(const Protocol& protocol) {
  if (protocol.min_writer_version == 7) {
    return protocol.writer_features.value_or(std::vector<std::string>());
  }
  std::vector<std::string> features;
  for (const LegacyFeature& feature : kLegacyFeatures) {
    if (feature.writer_version <= protocol.min_writer_version) {
      features.emplace_back(feature.name);
    }
  }
  return features;
}

Error Refusal(std::string_view verb, const std::vector<std::string>& names,
              std::string_view condition) {
  return Error(ErrorCode::kUnsupported,
               fmt::format("the table needs features that are not supported for {}: {}", verb,
                           Join(names, ", ")))
      .WithCondition(std::string(condition));
}

Error VersionRefusal(std::string_view role, int version, int version_max) {
  return Error(ErrorCode::kUnsupported,
               fmt::format("the table needs Delta {} version {}, supported are versions up to {}",
                           role, version, version_max))
      .WithCondition("DELTA_INVALID_PROTOCOL_VERSION");
}

bool HasNtzColumn(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kTimestampNtz: return true;
    case TypeKind::kArray: return HasNtzColumn(type.element());
    case TypeKind::kMap: return HasNtzColumn(type.key()) || HasNtzColumn(type.value());
    case TypeKind::kStruct:
      return std::any_of(type.fields().begin(), type.fields().end(),
                         [](const Field& field) { return HasNtzColumn(field.type); });
    default: return false;
  }
}

// Properties that turn on a feature whose duties we do not fulfil when we make a table.
constexpr std::string_view kRefusedSwitches[] = {
    "delta.enableChangeDataFeed",     "delta.enableDeletionVectors", "delta.enableRowTracking",
    "delta.enableInCommitTimestamps", "delta.enableTypeWidening",    "delta.enableIcebergCompatV1",
    "delta.enableIcebergCompatV2",    "delta.enableIcebergCompatV3", "delta.enableVariantShredding",
};

std::vector<std::string> RefusedParts(const Metadata& metadata,
                                      const std::set<std::string>& features) {
  std::vector<std::string> refused;
  const std::pair<IsUsed, std::string_view> uses[] = {
      {UsesExpressionInvariants, "column invariants"},
      {UsesCheckConstraints, "CHECK constraints"},
      {UsesGeneratedColumns, "generated columns"},
      {UsesIdentityColumns, "identity columns"},
      {UsesColumnDefaults, "column defaults"},
      {UsesColumnMapping, "column mapping"},
      {UsesTypeWidening, "type widening"},
  };
  for (const auto& [is_used, name] : uses) {
    if (is_used(metadata)) {
      refused.emplace_back(name);
    }
  }
  for (const std::string_view name : kRefusedSwitches) {
    const bool obeyed =
        (name == "delta.enableInCommitTimestamps" && features.contains("inCommitTimestamp")) ||
        (name == "delta.enableChangeDataFeed" && features.contains("changeDataFeed"));
    if (!obeyed && IsEnabled(metadata.configuration, std::string(name))) {
      refused.emplace_back(name);
    }
  }
  return refused;
}

// A protocol of table features that includes everything `current` stands for.
Protocol WithReaderWriterFeature(const Protocol& current, const std::string& name) {
  std::vector<std::string> reader = ReaderFeatures(current);
  std::vector<std::string> writer = WriterFeatures(current);
  reader.push_back(name);
  writer.push_back(name);
  return {.min_reader_version = 3,
          .min_writer_version = 7,
          .reader_features = std::move(reader),
          .writer_features = std::move(writer)};
}

}  // namespace

Status CheckReadable(const Protocol& protocol, const Metadata& metadata) {
  constexpr int kReaderVersionMax = 3;
  if (protocol.min_reader_version > kReaderVersionMax) {
    return VersionRefusal("reader", protocol.min_reader_version, kReaderVersionMax);
  }
  std::vector<std::string> refused;
  for (const std::string& name : ReaderFeatures(protocol)) {
    const Feature* feature = FindFeature(name);
    if (feature == nullptr || !Allows(feature->read, feature->is_used, metadata)) {
      refused.push_back(name);
    }
  }
  return refused.empty()
             ? OkStatus()
             : Status(Refusal("reading", refused, "DELTA_UNSUPPORTED_FEATURES_FOR_READ"));
}

Status CheckWritable(const Protocol& protocol, const Metadata& metadata) {
  constexpr int kWriterVersionMax = 7;
  RETURN_IF_ERROR(CheckReadable(protocol, metadata));
  if (protocol.min_writer_version > kWriterVersionMax) {
    return VersionRefusal("writer", protocol.min_writer_version, kWriterVersionMax);
  }
  std::vector<std::string> refused;
  for (const std::string& name : WriterFeatures(protocol)) {
    const Feature* feature = FindFeature(name);
    if (feature == nullptr || !Allows(feature->write, feature->is_used, metadata)) {
      refused.push_back(name);
    }
  }
  return refused.empty()
             ? OkStatus()
             : Status(Refusal("writing", refused, "DELTA_UNSUPPORTED_FEATURES_FOR_WRITE"));
}

std::set<std::string> EffectiveFeatures(const Protocol& protocol) {
  std::set<std::string> features;
  for (std::string& name : ReaderFeatures(protocol)) {
    features.insert(std::move(name));
  }
  for (std::string& name : WriterFeatures(protocol)) {
    features.insert(std::move(name));
  }
  return features;
}

Result<Protocol> ProtocolFor(const Metadata& metadata, const Protocol& current) {
  const std::set<std::string> features = EffectiveFeatures(current);
  const std::vector<std::string> refused = RefusedParts(metadata, features);
  if (!refused.empty()) {
    return Error(ErrorCode::kUnsupported,
                 fmt::format("tables with these are not written: {}", Join(refused, ", ")));
  }
  if (HasNtzColumn(DataType::Struct(metadata.schema.fields())) &&
      !features.contains("timestampNtz")) {
    return WithReaderWriterFeature(current, "timestampNtz");
  }
  return current;
}

Status CheckCreatable(const Metadata& metadata) {
  ASSIGN_OR_RETURN([[maybe_unused]] const Protocol protocol, ProtocolFor(metadata, Protocol{}));
  return OkStatus();
}

}  // namespace medallion::delta
