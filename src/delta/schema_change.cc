#include "schema_change.h"

namespace medallion::delta {
namespace {

Error Incompatible(const std::string& column, std::string_view change) {
  return Error(
             ErrorCode::kInvalidArgument,
             fmt::format("schema change that existing files cannot follow: column '{}' {}; replace "
                         "the whole table instead (full refresh)",
                         column, change))
      .WithCondition("DELTA_METADATA_MISMATCH");
}

Status CheckFields(const std::vector<Field>& before, const std::vector<Field>& after,
                   const std::string& prefix);

Status CheckType(const DataType& before, const DataType& after, const std::string& name) {
  if (before.kind() != after.kind() || (!before.IsNested() && !(before == after))) {
    return Incompatible(name, fmt::format("changes from {} to {}", before.ToDdl(), after.ToDdl()));
  }
  switch (before.kind()) {
    case TypeKind::kStruct: return CheckFields(before.fields(), after.fields(), name + ".");
    case TypeKind::kArray:
      if (before.contains_null() && !after.contains_null()) {
        return Incompatible(name, "no longer allows null elements");
      }
      return CheckType(before.element(), after.element(), name + ".element");
    case TypeKind::kMap:
      if (before.contains_null() && !after.contains_null()) {
        return Incompatible(name, "no longer allows null values");
      }
      RETURN_IF_ERROR(CheckType(before.key(), after.key(), name + ".key"));
      return CheckType(before.value(), after.value(), name + ".value");
    default: return OkStatus();
  }
}

const Field* Find(const std::vector<Field>& fields, const std::string& name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

Status CheckFields(const std::vector<Field>& before, const std::vector<Field>& after,
                   const std::string& prefix) {
  for (const Field& old_field : before) {
    const std::string name = prefix + old_field.name;
    const Field* field = Find(after, old_field.name);
    if (field == nullptr) {
      return Incompatible(name, "is dropped or renamed");
    }
    if (old_field.nullable && !field->nullable) {
      return Incompatible(name, "becomes NOT NULL");
    }
    RETURN_IF_ERROR(CheckType(old_field.type, field->type, name));
  }
  for (const Field& field : after) {
    if (Find(before, field.name) == nullptr && !field.nullable) {
      return Incompatible(prefix + field.name, "is new and NOT NULL");
    }
  }
  return OkStatus();
}

}  // namespace

Status CheckSchemaChange(const Schema& before, const Schema& after) {
  return CheckFields(before.fields(), after.fields(), "");
}

}  // namespace medallion::delta
