#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "action_codec.h"
#include "base/testing.h"
#include "delta/path_encoding.h"
#include "testing_table.h"

namespace medallion::delta {
namespace {

// Characters that trip encoders: separators, quotes, escapes, controls, two to four bytes of UTF-8.
rc::Gen<std::string> Texts() {
  const auto piece = rc::gen::element<std::string>(
      "a", "Z", "9", " ", "%", "%20", "/", "=", "\"", "\\", "\n", "\t", "\x01", "+", "#", "?", ":",
      "ä", "日", "😀", "\xF4\x8F\xBF\xBF", "{", "}", ",", "__HIVE_DEFAULT_PARTITION__", "&", "'",
      "\x7F");
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const std::string& each : pieces) {
                          text += each;
                        }
                        return text;
                      });
}

rc::Gen<std::string> Paths() {
  return rc::gen::map(Texts(), [](const std::string& text) { return "p" + text; });
}

std::optional<std::string> MaybeText() {
  return *rc::gen::arbitrary<bool>() ? std::optional(*Texts()) : std::nullopt;
}

std::optional<int64_t> MaybeNumber() {
  return *rc::gen::arbitrary<bool>() ? std::optional(*rc::gen::arbitrary<int64_t>()) : std::nullopt;
}

std::map<std::string, std::string> TextMap() {
  return *rc::gen::container<std::map<std::string, std::string>>(Texts(), Texts());
}

PartitionValues AnyPartitionValues() {
  PartitionValues values;
  for (const std::string& column : *rc::gen::container<std::vector<std::string>>(Texts())) {
    values[column] = MaybeText();
  }
  return values;
}

std::optional<DeletionVectorDescriptor> MaybeVector() {
  if (*rc::gen::arbitrary<bool>()) {
    return std::nullopt;
  }
  DeletionVectorDescriptor vector;
  vector.storage_type = *rc::gen::element<std::string>("u", "i", "p");
  vector.path_or_inline_dv = *Texts();
  if (*rc::gen::arbitrary<bool>()) {
    vector.offset = *rc::gen::arbitrary<int32_t>();
  }
  vector.size_in_bytes = *rc::gen::arbitrary<int32_t>();
  vector.cardinality = *rc::gen::arbitrary<int64_t>();
  return vector;
}

AddFile AnyAdd() {
  return {.path = *Paths(),
          .partition_values = AnyPartitionValues(),
          .size_bytes = *rc::gen::arbitrary<int64_t>(),
          .modification_time_ms = *rc::gen::arbitrary<int64_t>(),
          .data_change = *rc::gen::arbitrary<bool>(),
          .stats = MaybeText(),
          .tags = TextMap(),
          .deletion_vector = MaybeVector(),
          .base_row_id = MaybeNumber(),
          .default_row_commit_version = MaybeNumber()};
}

RemoveFile AnyRemove() {
  RemoveFile remove = {.path = *Paths(),
                       .deletion_timestamp_ms = MaybeNumber(),
                       .data_change = *rc::gen::arbitrary<bool>(),
                       .deletion_vector = MaybeVector()};
  if (*rc::gen::arbitrary<bool>()) {
    remove.partition_values = AnyPartitionValues();
    remove.size_bytes = *rc::gen::arbitrary<int64_t>();
  }
  return remove;
}

CommitInfo AnyInfo() {
  CommitInfo info;
  info.timestamp_ms = MaybeNumber();
  info.operation = *Texts();
  info.operation_parameters = TextMap();
  info.operation_metrics = TextMap();
  info.read_version = MaybeNumber();
  info.isolation_level = MaybeText();
  info.is_blind_append = *rc::gen::arbitrary<bool>();
  info.engine_info = MaybeText();
  info.txn_id = MaybeText();
  info.in_commit_timestamp_ms = MaybeNumber();
  info.user_metadata = MaybeText();
  return info;
}

Metadata AnyMetadata() {
  Metadata metadata = testing::IdNameMetadata();
  metadata.name = MaybeText();
  metadata.description = MaybeText();
  metadata.partition_columns = *rc::gen::container<std::vector<std::string>>(Texts());
  metadata.configuration = TextMap();
  metadata.created_time_ms = MaybeNumber();
  return metadata;
}

Action AnyAction() {
  switch (*rc::gen::inRange(0, 6)) {
    case 0: return AnyInfo();
    case 1: return AnyMetadata();
    case 2: return AnyAdd();
    case 3: return AnyRemove();
    case 4:
      return Txn{.app_id = *Texts(),
                 .version = *rc::gen::arbitrary<int64_t>(),
                 .last_updated_ms = MaybeNumber()};
    default:
      return DomainMetadata{
          .domain = *Texts(), .configuration = *Texts(), .removed = *rc::gen::arbitrary<bool>()};
  }
}

RC_GTEST_PROP(ActionCodecProperty, ReadingGivesBackWhatWasWritten, ()) {
  std::vector<Action> actions;
  const int count = *rc::gen::inRange(0, 5);
  for (int i = 0; i < count; ++i) {
    actions.push_back(AnyAction());
  }
  const Result<std::string> body = SerializeCommit(actions);
  RC_ASSERT(body.has_value());
  RC_ASSERT(std::count(body->begin(), body->end(), '\n') == count);
  std::vector<Action> read;
  const Status parsed = ParseCommit(*body, [&](Action action) {
    read.push_back(std::move(action));
    return OkStatus();
  });
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(read == actions);
}

RC_GTEST_PROP(ActionCodecProperty, AnyBytesGiveActionsOrAnError, (const std::string& bytes)) {
  size_t count = 0;
  static_cast<void>(ParseCommit(bytes, [&](const Action&) {
    ++count;
    return OkStatus();
  }));
  RC_ASSERT(count <= bytes.size());
}

RC_GTEST_PROP(PathEncodingProperty, DecodingGivesBackThePath, ()) {
  const std::string path = *Paths();
  const std::string encoded = EncodePath(path);
  RC_ASSERT(DecodePath(encoded).value() == path);
  // An URI reference: no character that needs quoting is left.
  RC_ASSERT(encoded.find_first_of(" \"<>\\^`{|}\n\t#?") == std::string::npos);
}

}  // namespace
}  // namespace medallion::delta
