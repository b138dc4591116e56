#include "column_names.h"

#include "base/text.h"

namespace medallion::delta {
namespace {

Error Refused(std::string message) {
  return Error(ErrorCode::kInvalidArgument, std::move(message));
}

Status CheckName(const std::string& name, const std::string& full_name) {
  if (name.empty()) {
    return Refused(fmt::format("a column has no name: '{}'", full_name));
  }
  if (!IsValidUtf8(name)) {
    return Refused("a column name is not valid UTF-8");
  }
  constexpr std::string_view kForbidden = " ,;{}()\n\t=";
  const size_t at = name.find_first_of(kForbidden);
  if (at != std::string::npos) {
    return Refused(
               fmt::format("column name with a character that Spark refuses (blank , ; {{ }} ( ) "
                           "line end, tab, =); rename it: '{}'",
                           full_name))
        .WithCondition("DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES");
  }
  return OkStatus();
}

Status CheckFields(const std::vector<Field>& fields, const std::string& prefix);

Status CheckType(const DataType& type, const std::string& name) {
  switch (type.kind()) {
    case TypeKind::kVoid:
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
      return Error(
          ErrorCode::kUnsupported,
          fmt::format("Delta tables have no type {}; cast column '{}'", type.ToDdl(), name));
    case TypeKind::kArray: return CheckType(type.element(), name + ".element");
    case TypeKind::kMap:
      RETURN_IF_ERROR(CheckType(type.key(), name + ".key"));
      return CheckType(type.value(), name + ".value");
    case TypeKind::kStruct: return CheckFields(type.fields(), name + ".");
    default: return OkStatus();
  }
}

Status CheckFields(const std::vector<Field>& fields, const std::string& prefix) {
  std::set<std::string> lower_names;
  for (const Field& field : fields) {
    const std::string name = prefix + field.name;
    RETURN_IF_ERROR(CheckName(field.name, name));
    if (!lower_names.insert(ToLower(field.name)).second) {
      return Refused(
                 fmt::format("two columns differ in letter case only or not at all: '{}'", name))
          .WithCondition("DELTA_DUPLICATE_COLUMNS_FOUND");
    }
    RETURN_IF_ERROR(CheckType(field.type, name));
  }
  return OkStatus();
}

Status CheckPartitionColumn(const Schema& schema, const std::string& name) {
  const auto& fields = schema.fields();
  const auto field = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& candidate) { return candidate.name == name; });
  if (field == fields.end()) {
    return Refused(fmt::format("no such column to partition by: '{}'", name));
  }
  if (field->type.IsNested() || field->type.Is(TypeKind::kBinary)) {
    return Refused(
        fmt::format("cannot partition by column '{}' of type {}", name, field->type.ToDdl()));
  }
  return OkStatus();
}

}  // namespace

Status CheckColumns(const Metadata& metadata) {
  if (metadata.schema.size() == 0) {
    return Refused("a table needs at least one column");
  }
  RETURN_IF_ERROR(CheckFields(metadata.schema.fields(), ""));
  std::set<std::string> names;
  for (const std::string& name : metadata.partition_columns) {
    RETURN_IF_ERROR(CheckPartitionColumn(metadata.schema, name));
    if (!names.insert(name).second) {
      return Refused(fmt::format("partition column named twice: '{}'", name));
    }
  }
  if (!names.empty() && names.size() == metadata.schema.size()) {
    return Refused("every column is a partition column; at least one must be in the files");
  }
  return OkStatus();
}

}  // namespace medallion::delta
