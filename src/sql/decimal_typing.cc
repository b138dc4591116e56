#include "decimal_typing.h"

#include <algorithm>

#include "base/check.h"

namespace medallion::sql {
namespace {

constexpr int kPrecisionMax = DataType::kDecimalPrecisionMax;
// Digits after the point that survive when a result needs more than 38 digits (Spark's
// DecimalType.MINIMUM_ADJUSTED_SCALE).
constexpr int kScaleKept = 6;

int IntegralDigits(const DataType& type) { return type.precision() - type.scale(); }

int DigitsOf(int64_t value) {
  int digits = 1;
  for (int64_t rest = value / 10; rest != 0; rest /= 10) {
    ++digits;
  }
  return digits;
}

}  // namespace

DataType AdjustedDecimal(int precision, int scale) {
  if (precision <= kPrecisionMax) {
    return DataType::Decimal(precision, scale);
  }
  const int integral = precision - scale;
  return DataType::Decimal(kPrecisionMax,
                           std::max(kPrecisionMax - integral, std::min(scale, kScaleKept)));
}

DataType BoundedDecimal(int precision, int scale) {
  return DataType::Decimal(std::min(precision, kPrecisionMax), std::min(scale, kPrecisionMax));
}

DataType WiderDecimal(const DataType& a, const DataType& b) {
  const int scale = std::max(a.scale(), b.scale());
  const int integral = std::max(IntegralDigits(a), IntegralDigits(b));
  if (integral + scale <= kPrecisionMax) {
    return DataType::Decimal(integral + scale, scale);
  }
  return DataType::Decimal(kPrecisionMax, std::max(0, kPrecisionMax - integral));
}

DataType DecimalSum(const DataType& a, const DataType& b) {
  const int scale = std::max(a.scale(), b.scale());
  return AdjustedDecimal(std::max(IntegralDigits(a), IntegralDigits(b)) + scale + 1, scale);
}

DataType DecimalProduct(const DataType& a, const DataType& b) {
  return AdjustedDecimal(a.precision() + b.precision() + 1, a.scale() + b.scale());
}

DataType DecimalQuotient(const DataType& a, const DataType& b) {
  const int integral = IntegralDigits(a) + b.scale();
  const int scale = std::max(kScaleKept, a.scale() + b.precision() + 1);
  return AdjustedDecimal(integral + scale, scale);
}

DataType DecimalRemainder(const DataType& a, const DataType& b) {
  const int scale = std::max(a.scale(), b.scale());
  return AdjustedDecimal(std::min(IntegralDigits(a), IntegralDigits(b)) + scale, scale);
}

DataType DecimalForIntegral(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kByte: return DataType::Decimal(3, 0);
    case TypeKind::kShort: return DataType::Decimal(5, 0);
    case TypeKind::kInteger: return DataType::Decimal(10, 0);
    case TypeKind::kLong: return DataType::Decimal(20, 0);
    default: CHECK(type.Is(TypeKind::kDecimal)); return type;
  }
}

DataType DecimalForLiteral(const Value& literal) {
  if (const auto* integral = std::get_if<int64_t>(&literal.data);
      integral && literal.type.IsIntegral()) {
    return DataType::Decimal(DigitsOf(*integral), 0);
  }
  return DecimalForIntegral(literal.type);
}

DataType RoundedDecimal(const DataType& type, int digits) {
  const int integral = IntegralDigits(type) + 1;  // 9.9 rounds to 10
  if (digits < 0) {
    return BoundedDecimal(std::max(integral, 1 - digits), 0);
  }
  const int scale = std::min(type.scale(), digits);
  return BoundedDecimal(integral + scale, scale);
}

}  // namespace medallion::sql
