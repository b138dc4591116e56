#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/data_type.h"

// Which types Spark converts without being asked, in ANSI mode (spark.sql.ansi.enabled = true, the
// default since Spark 4): AnsiTypeCoercion and Cast.canANSIStoreAssign.

namespace medallion::sql {

enum class StringPromotion {
  kAllow,   // a string beside a number, date or boolean is cast to that side's type
  kRefuse,  // greatest, least, arrays' elements against values
};

// The type both convert to without loss of magnitude (CASE, COALESCE, IN, set operations …);
// nothing if there is none.
std::optional<DataType> CommonType(const DataType& a, const DataType& b,
                                   StringPromotion strings = StringPromotion::kAllow);
// Of all; VOID for none.
std::optional<DataType> CommonType(std::span<const DataType> types,
                                   StringPromotion strings = StringPromotion::kAllow);

// Whether a value of `from` may stand where a function wants `to`.
bool CanCastImplicitly(const DataType& from, const DataType& to);

// Whether INSERT converts `from` to `to` (ANSI store assignment).
bool CanStoreAssign(const DataType& from, const DataType& to);

// Whether CAST or TRY_CAST may be written at all (Cast.canAnsiCast).
bool CanCast(const DataType& from, const DataType& to);

bool IsDateTime(const DataType& type);  // DATE, TIMESTAMP, TIMESTAMP_NTZ
bool IsInterval(const DataType& type);
bool IsOrderable(const DataType& type);   // everything but maps, also nested
bool IsComparable(const DataType& type);  // same, for equality

}  // namespace medallion::sql
