#include "type_coercion.h"

#include <algorithm>
#include <array>

#include "base/schema.h"
#include "base/text.h"
#include "decimal_typing.h"

namespace medallion::sql {
namespace {

// Least first. FLOAT beside any other number but itself becomes DOUBLE, see WiderNumeric.
constexpr std::array kNumericPrecedence = {TypeKind::kByte, TypeKind::kShort, TypeKind::kInteger,
                                           TypeKind::kLong, TypeKind::kFloat, TypeKind::kDouble};

DataType WiderNumeric(const DataType& a, const DataType& b) {
  if (a.Is(TypeKind::kDecimal) || b.Is(TypeKind::kDecimal)) {
    const bool exact = (a.Is(TypeKind::kDecimal) || a.IsIntegral()) &&
                       (b.Is(TypeKind::kDecimal) || b.IsIntegral());
    return exact ? WiderDecimal(DecimalForIntegral(a), DecimalForIntegral(b)) : DataType::Double();
  }
  const auto rank = [](const DataType& type) {
    return std::find(kNumericPrecedence.begin(), kNumericPrecedence.end(), type.kind());
  };
  const DataType& wider = rank(a) < rank(b) ? b : a;
  return wider.Is(TypeKind::kFloat) ? DataType::Double() : wider;
}

DataType WiderDateTime(const DataType& a, const DataType& b) {
  if (a.Is(TypeKind::kTimestamp) || b.Is(TypeKind::kTimestamp)) {
    return DataType::Timestamp();
  }
  return DataType::TimestampNtz();
}

// A string beside `other`: integral numbers as LONG, all others as DOUBLE (decimals too).
std::optional<DataType> PromotedString(const DataType& other) {
  if (other.IsIntegral()) {
    return DataType::Long();
  }
  if (other.IsNumeric()) {
    return DataType::Double();
  }
  if (other.IsNested() || IsInterval(other)) {
    return std::nullopt;
  }
  return other;
}

std::optional<DataType> CommonStruct(const DataType& a, const DataType& b,
                                     StringPromotion strings) {
  if (a.fields().size() != b.fields().size()) {
    return std::nullopt;
  }
  std::vector<Field> fields;
  for (size_t i = 0; i < a.fields().size(); ++i) {
    const Field& left = a.fields()[i];
    const Field& right = b.fields()[i];
    auto type = CommonType(left.type, right.type, strings);
    if (!type || !EqualsIgnoreCase(left.name, right.name)) {
      return std::nullopt;
    }
    fields.push_back({left.name, *std::move(type), left.nullable || right.nullable});
  }
  return DataType::Struct(std::move(fields));
}

std::optional<DataType> CommonNested(const DataType& a, const DataType& b,
                                     StringPromotion strings) {
  if (a.kind() != b.kind()) {
    return std::nullopt;
  }
  if (a.Is(TypeKind::kArray)) {
    auto element = CommonType(a.element(), b.element(), strings);
    if (!element) {
      return std::nullopt;
    }
    return DataType::Array(*std::move(element), a.contains_null() || b.contains_null());
  }
  if (a.Is(TypeKind::kMap)) {
    auto key = CommonType(a.key(), b.key(), strings);
    auto value = CommonType(a.value(), b.value(), strings);
    if (!key || !value) {
      return std::nullopt;
    }
    return DataType::Map(*std::move(key), *std::move(value),
                         a.contains_null() || b.contains_null());
  }
  return CommonStruct(a, b, strings);
}

template <class Rule>
bool NestedAllowed(const DataType& from, const DataType& to, const Rule& rule) {
  if (from.kind() != to.kind()) {
    return false;
  }
  if (from.Is(TypeKind::kArray)) {
    return rule(from.element(), to.element());
  }
  if (from.Is(TypeKind::kMap)) {
    return rule(from.key(), to.key()) && rule(from.value(), to.value());
  }
  return std::equal(from.fields().begin(), from.fields().end(), to.fields().begin(),
                    to.fields().end(),
                    [&](const Field& a, const Field& b) { return rule(a.type, b.type); });
}

}  // namespace

bool IsDateTime(const DataType& type) {
  return type.Is(TypeKind::kDate) || type.Is(TypeKind::kTimestamp) ||
         type.Is(TypeKind::kTimestampNtz);
}

bool IsInterval(const DataType& type) {
  return type.Is(TypeKind::kYearMonthInterval) || type.Is(TypeKind::kDayTimeInterval);
}

bool IsOrderable(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kMap: return false;
    case TypeKind::kArray: return IsOrderable(type.element());
    case TypeKind::kStruct:
      return std::all_of(type.fields().begin(), type.fields().end(),
                         [](const Field& field) { return IsOrderable(field.type); });
    default: return true;
  }
}

bool IsComparable(const DataType& type) { return IsOrderable(type); }

std::optional<DataType> CommonType(const DataType& a, const DataType& b, StringPromotion strings) {
  if (a == b || b.Is(TypeKind::kVoid)) {
    return a;
  }
  if (a.Is(TypeKind::kVoid)) {
    return b;
  }
  if (a.IsNumeric() && b.IsNumeric()) {
    return WiderNumeric(a, b);
  }
  if (IsDateTime(a) && IsDateTime(b)) {
    return WiderDateTime(a, b);
  }
  if (a.Is(TypeKind::kString) || b.Is(TypeKind::kString)) {
    if (strings == StringPromotion::kRefuse) {
      return std::nullopt;
    }
    return PromotedString(a.Is(TypeKind::kString) ? b : a);
  }
  return a.IsNested() && b.IsNested() ? CommonNested(a, b, strings) : std::nullopt;
}

std::optional<DataType> CommonType(std::span<const DataType> types, StringPromotion strings) {
  std::optional<DataType> common = DataType::Void();
  for (const DataType& type : types) {
    common = CommonType(*common, type, strings);
    if (!common) {
      return std::nullopt;
    }
  }
  return common;
}

bool CanStoreAssign(const DataType& from, const DataType& to) {
  if (from == to || from.Is(TypeKind::kVoid)) {
    return true;
  }
  if (from.IsNested() || to.IsNested()) {
    return NestedAllowed(from, to, CanStoreAssign);
  }
  if (to.Is(TypeKind::kVoid)) {
    return false;
  }
  return to.Is(TypeKind::kString) || (from.IsNumeric() && to.IsNumeric()) ||
         (IsDateTime(from) && IsDateTime(to));
}

bool CanCastImplicitly(const DataType& from, const DataType& to) {
  if (from.Is(TypeKind::kString) && !to.IsNested() && !IsInterval(to) && !to.Is(TypeKind::kVoid)) {
    return true;
  }
  return CanStoreAssign(from, to);
}

bool CanCast(const DataType& from, const DataType& to) {
  if (from == to || from.Is(TypeKind::kVoid) || to.Is(TypeKind::kString)) {
    return true;
  }
  if (to.Is(TypeKind::kVoid)) {
    return false;
  }
  if (from.IsNested() || to.IsNested()) {
    return NestedAllowed(from, to, CanCast);
  }
  if (from.Is(TypeKind::kString)) {
    return true;
  }
  const bool number_like = from.IsNumeric() || from.Is(TypeKind::kBoolean);
  if (to.IsNumeric()) {
    // Numbers from TIMESTAMP are its seconds; DATE has none.
    return number_like || from.Is(TypeKind::kTimestamp) || IsInterval(from);
  }
  switch (to.kind()) {
    case TypeKind::kBoolean: return number_like;
    case TypeKind::kTimestamp: return IsDateTime(from) || from.IsNumeric();
    case TypeKind::kDate:
    case TypeKind::kTimestampNtz: return IsDateTime(from);
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval: return from.IsIntegral() || from.Is(TypeKind::kDecimal);
    default: return false;
  }
}

}  // namespace medallion::sql
