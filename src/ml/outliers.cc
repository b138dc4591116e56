#include "ml/outliers.h"

#include <cmath>

namespace medallion::ml {
namespace {

// numpy's interpolation, which is exact at both ends.
double Interpolate(double low, double high, double fraction) {
  const double difference = high - low;
  return fraction >= 0.5 ? high - difference * (1 - fraction) : low + difference * fraction;
}

Status CheckFinite(std::span<const double> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      return Error(
          ErrorCode::kData,
          fmt::format("a quantile of a value that is not finite: row {}: {}", i, values[i]));
    }
  }
  return OkStatus();
}

// Reorders `values`, which are finite and at least one.
double QuantileOf(std::vector<double>& values, double q) {
  const double position = q * static_cast<double>(values.size() - 1);
  const double rank = std::floor(position);
  const auto low = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), low, values.end());
  if (low + 1 == values.end()) {
    return *low;
  }
  const double high = *std::min_element(low + 1, values.end());
  return Interpolate(*low, high, position - rank);
}

}  // namespace

Result<double> Quantile(std::span<const double> values, double q) {
  if (values.empty()) {
    return Error(ErrorCode::kInvalidArgument, "a quantile of no values");
  }
  if (!(q >= 0 && q <= 1)) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("a quantile's fraction must be within 0 and 1: {}", q));
  }
  RETURN_IF_ERROR(CheckFinite(values));
  std::vector<double> copy(values.begin(), values.end());
  return QuantileOf(copy, q);
}

Result<Fences> IqrFences(std::span<const double> values) {
  ASSIGN_OR_RETURN(const double first_quartile, Quantile(values, 0.25));
  ASSIGN_OR_RETURN(const double third_quartile, Quantile(values, 0.75));
  const double reach = 1.5 * (third_quartile - first_quartile);
  return Fences{first_quartile - reach, third_quartile + reach};
}

int32_t OutlierGroup(const Fences& first_fences, double first, const Fences& second_fences,
                     double second) {
  const bool first_outside = first_fences.Outside(first);
  const bool second_outside = second_fences.Outside(second);
  if (first_outside) {
    return second_outside ? kBothOutside : kFirstOutside;
  }
  return second_outside ? kSecondOutside : 0;
}

}  // namespace medallion::ml
