#pragma once

#include <span>

#include "sql/functions.h"

// Typing rules that depend on more than the kinds of the arguments: decimals, common types, structs
// and literals. Each follows Spark's expression class of the name given.

namespace medallion::sql {

using Arguments = std::span<const ArgumentInfo>;

// Arithmetic on numbers and intervals (BinaryArithmetic, DecimalPrecision).
Result<CallTypes> AddRule(Arguments arguments);
Result<CallTypes> SubtractRule(Arguments arguments);
Result<CallTypes> MultiplyRule(Arguments arguments);
Result<CallTypes> DivideRule(Arguments arguments);
Result<CallTypes> RemainderRule(Arguments arguments);
Result<CallTypes> IntegralDivideRule(Arguments arguments);
Result<CallTypes> TryAddRule(Arguments arguments);
Result<CallTypes> TrySubtractRule(Arguments arguments);
Result<CallTypes> TryMultiplyRule(Arguments arguments);
Result<CallTypes> TryDivideRule(Arguments arguments);
Result<CallTypes> TryRemainderRule(Arguments arguments);
Result<CallTypes> BitwiseRule(Arguments arguments);

Result<CallTypes> EqualityRule(Arguments arguments);          // =, <>
Result<CallTypes> NullSafeEqualityRule(Arguments arguments);  // <=>
Result<CallTypes> OrderingRule(Arguments arguments);          // <, <=, >, >=
Result<CallTypes> LogicalRule(Arguments arguments);           // and, or
Result<CallTypes> InRule(Arguments arguments);

Result<CallTypes> IfRule(Arguments arguments);
Result<CallTypes> CoalesceRule(Arguments arguments);
Result<CallTypes> NullIfRule(Arguments arguments);
Result<CallTypes> Nvl2Rule(Arguments arguments);
Result<CallTypes> GreatestRule(Arguments arguments);  // greatest, least
Result<CallTypes> DecodeRule(Arguments arguments);

Result<CallTypes> RoundRule(Arguments arguments);    // round, bround
Result<CallTypes> CeilingRule(Arguments arguments);  // ceil, floor

Result<CallTypes> ConcatRule(Arguments arguments);
Result<CallTypes> ConcatWsRule(Arguments arguments);

Result<CallTypes> ArrayRule(Arguments arguments);
Result<CallTypes> MapRule(Arguments arguments);
Result<CallTypes> NamedStructRule(Arguments arguments);
Result<CallTypes> GetFieldRule(Arguments arguments);
Result<CallTypes> GetItemRule(Arguments arguments);
Result<CallTypes> ElementAtRule(Arguments arguments);
Result<CallTypes> FlattenRule(Arguments arguments);
Result<CallTypes> ArraysZipRule(Arguments arguments);
Result<CallTypes> MapEntriesRule(Arguments arguments);
Result<CallTypes> SequenceRule(Arguments arguments);
Result<CallTypes> FromJsonRule(Arguments arguments);

Result<CallTypes> CountRule(Arguments arguments);
Result<CallTypes> SumRule(Arguments arguments);
Result<CallTypes> AverageRule(Arguments arguments);
Result<CallTypes> MinMaxRule(Arguments arguments);
Result<CallTypes> MinMaxByRule(Arguments arguments);
Result<CallTypes> PercentileRule(Arguments arguments);
Result<CallTypes> ApproximatePercentileRule(Arguments arguments);
Result<CallTypes> OffsetRule(Arguments arguments);  // lag, lead

}  // namespace medallion::sql
