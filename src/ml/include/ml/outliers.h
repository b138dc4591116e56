#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"

namespace medallion::ml {

// The q-quantile, 0 ≤ q ≤ 1, by linear interpolation between the two nearest ranks: pandas' and
// numpy's default, with numpy's rounding. kInvalidArgument without values or for another q; kData
// for NaN and infinity. Costs one copy of the values.
Result<double> Quantile(std::span<const double> values, double q);

// Where a value stops being ordinary: strictly below `low` or strictly above `high`.
struct Fences {
  double low = 0;
  double high = 0;

  bool Outside(double value) const { return value < low || value > high; }

  friend bool operator==(const Fences& a, const Fences& b) = default;
};

// Tukey's fences Q1 − 1.5·IQR and Q3 + 1.5·IQR (Tukey, "Exploratory data analysis", 1977). Of equal
// values both fences are that value, so none is outside. Errors as Quantile's.
Result<Fences> IqrFences(std::span<const double> values);

// Where a point with two fenced features goes; the groups' numbers are below every cluster id.
inline constexpr int32_t kFirstOutside = -1;   // only the first feature (Monetary)
inline constexpr int32_t kSecondOutside = -2;  // only the second (Frequency)
inline constexpr int32_t kBothOutside = -3;

// The outlier group, or 0 if neither value is outside its fences.
int32_t OutlierGroup(const Fences& first_fences, double first, const Fences& second_fences,
                     double second);

}  // namespace medallion::ml
