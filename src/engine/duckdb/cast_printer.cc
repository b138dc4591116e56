#include "printer.h"
#include "sql_text.h"

namespace medallion::duckdb {
namespace {

// Whether the two have one DuckDB type: Spark's types may still differ in what may be null.
bool SameStorage(const DataType& a, const DataType& b) { return TypeName(a) == TypeName(b); }

std::string_view TryPrefix(sql::CastMode mode) {
  return mode == sql::CastMode::kTry ? "spark_try_cast_" : "spark_cast_";
}
std::string_view CastKeyword(sql::CastMode mode) {
  return mode == sql::CastMode::kTry ? "TRY_CAST" : "CAST";
}

// Narrowing raises CAST_OVERFLOW; fractions are cut toward zero, where DuckDB alone would round.
std::string CastToInteger(const std::string& sql, const DataType& from, const DataType& to,
                          sql::CastMode mode) {
  const bool has_fraction = from.IsFloatingPoint() || from.Is(TypeKind::kDecimal);
  const std::string whole = has_fraction ? "trunc(" + sql + ")" : sql;
  return fmt::format("{}({} AS {})", CastKeyword(mode), whole, TypeName(to));
}

// `tinyint`, `double`: the ending of our parsers' names.
std::string_view ParserSuffix(TypeKind kind) {
  switch (kind) {
    case TypeKind::kByte: return "tinyint";
    case TypeKind::kShort: return "smallint";
    case TypeKind::kInteger: return "integer";
    case TypeKind::kLong: return "bigint";
    case TypeKind::kFloat: return "float";
    case TypeKind::kDouble: return "double";
    case TypeKind::kBoolean: return "boolean";
    default: return "";
  }
}

}  // namespace

Result<std::string> Printer::PrintCast(const std::string& sql, const DataType& from,
                                       const DataType& to, sql::CastMode mode, Span span) {
  if (from.Is(TypeKind::kVoid)) {
    return Cast("NULL", to);
  }
  if (SameStorage(from, to)) {
    return sql;
  }
  if (from.IsNested() && to.kind() == from.kind()) {
    return PrintCastOfNested(sql, from, to, mode, span);
  }
  switch (to.kind()) {
    case TypeKind::kString: return PrintCastToString(sql, from, span);
    case TypeKind::kDecimal: return PrintCastToDecimal(sql, from, to, mode, span);
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: return PrintCastToTime(sql, from, to, mode, span);
    default: break;
  }
  if (from.Is(TypeKind::kString) && !ParserSuffix(to.kind()).empty()) {
    return fmt::format("{}{}({})", TryPrefix(mode), ParserSuffix(to.kind()), sql);
  }
  if (from.Is(TypeKind::kBoolean) && to.IsNumeric()) {
    return Cast(sql, to);
  }
  if (from.IsNumeric() && to.Is(TypeKind::kBoolean)) {
    return fmt::format("({} <> 0)", sql);
  }
  if (from.IsNumeric() && to.IsIntegral()) {
    return CastToInteger(sql, from, to, mode);
  }
  if (from.IsNumeric() && to.IsFloatingPoint()) {
    return Cast(sql, to);
  }
  if (from.Is(TypeKind::kTimestamp) && to.Is(TypeKind::kLong)) {
    return fmt::format("CAST(floor(epoch_us({}) / 1000000) AS BIGINT)", sql);
  }
  if (from.Is(TypeKind::kTimestamp) && to.Is(TypeKind::kDouble)) {
    return fmt::format("(epoch_us({}) / 1000000)", sql);
  }
  if (from.Is(TypeKind::kString) && to.Is(TypeKind::kBinary)) {
    return fmt::format("encode({})", sql);
  }
  return Unsupported(
      span, fmt::format("the cast from {} to {} is not supported", from.ToDdl(), to.ToDdl()));
}

Result<std::string> Printer::PrintCastToDecimal(const std::string& sql, const DataType& from,
                                                const DataType& to, sql::CastMode mode, Span span) {
  const bool is_try = mode == sql::CastMode::kTry;
  DecimalFunction function;
  function.result = to;
  switch (from.kind()) {
    case TypeKind::kString:
      function.operation = is_try ? DecimalOperation::kTryOfString : DecimalOperation::kOfString;
      return fmt::format("{}({})", Need(function), sql);
    case TypeKind::kDouble:
      function.operation = is_try ? DecimalOperation::kTryOfDouble : DecimalOperation::kOfDouble;
      return fmt::format("{}({})", Need(function), sql);
    case TypeKind::kFloat:
      function.operation = is_try ? DecimalOperation::kTryOfFloat : DecimalOperation::kOfFloat;
      return fmt::format("{}({})", Need(function), sql);
    case TypeKind::kBoolean: return Cast("CAST(" + sql + " AS INTEGER)", to);
    default: break;
  }
  if (from.IsNumeric()) {  // integers and decimals: DuckDB rounds half away from zero, as Spark
                           // does
    return fmt::format("{}({} AS {})", CastKeyword(mode), sql, TypeName(to));
  }
  return Unsupported(
      span, fmt::format("the cast from {} to {} is not supported", from.ToDdl(), to.ToDdl()));
}

Result<std::string> Printer::PrintCastToTime(const std::string& sql, const DataType& from,
                                             const DataType& to, sql::CastMode mode, Span span) {
  const std::string_view prefix = TryPrefix(mode);
  if (to.Is(TypeKind::kDate)) {
    switch (from.kind()) {
      case TypeKind::kString: return fmt::format("{}date({})", prefix, sql);
      case TypeKind::kTimestamp: return fmt::format("CAST({} AS DATE)", ToLocal(sql));
      case TypeKind::kTimestampNtz: return Cast(sql, to);
      default: break;
    }
  } else if (to.Is(TypeKind::kTimestamp)) {
    if (from.Is(TypeKind::kString)) {
      if (context_.session_time_zone == "UTC") {
        return fmt::format("{}timestamp({})", prefix, sql);
      }
      return fmt::format("coalesce(spark_timestamp_instant({0}), {1})", sql,
                         ToInstant(fmt::format("{}timestamp_ntz({})", prefix, sql)));
    }
    if (from.Is(TypeKind::kDate)) {
      return ToInstant(fmt::format("CAST({} AS TIMESTAMP)", sql));
    }
    if (from.Is(TypeKind::kTimestampNtz)) {
      return ToInstant(sql);
    }
    if (from.IsIntegral()) {
      return fmt::format("make_timestamptz(CAST({} AS BIGINT) * 1000000)", sql);
    }
    if (from.IsFloatingPoint() || from.Is(TypeKind::kDecimal)) {
      return fmt::format("make_timestamptz(CAST(trunc({} * 1000000) AS BIGINT))", sql);
    }
  } else {
    switch (from.kind()) {
      case TypeKind::kString: return fmt::format("{}timestamp_ntz({})", prefix, sql);
      case TypeKind::kDate: return Cast(sql, to);
      case TypeKind::kTimestamp: return ToLocal(sql);
      default: break;
    }
  }
  return Unsupported(
      span, fmt::format("the cast from {} to {} is not supported", from.ToDdl(), to.ToDdl()));
}

Result<std::string> Printer::PrintCastToString(const std::string& sql, const DataType& from,
                                               Span span) {
  switch (from.kind()) {
    case TypeKind::kBoolean:
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong:
    case TypeKind::kDate:
    case TypeKind::kTimestampNtz: return fmt::format("CAST({} AS VARCHAR)", sql);
    case TypeKind::kDecimal:
      // DuckDB leaves out the zero before the point when the type has no digits there.
      return from.precision() > from.scale()
                 ? fmt::format("CAST({} AS VARCHAR)", sql)
                 : fmt::format("regexp_replace(CAST({} AS VARCHAR), '^(-?)[.]', '\\10.')", sql);
    case TypeKind::kTimestamp: return fmt::format("CAST({} AS VARCHAR)", ToLocal(sql));
    case TypeKind::kDouble: return fmt::format("spark_string_of_double({})", sql);
    case TypeKind::kFloat: return fmt::format("spark_string_of_float({})", sql);
    case TypeKind::kBinary: return fmt::format("decode({})", sql);
    case TypeKind::kArray: {
      const std::string element = FreshName();
      ASSIGN_OR_RETURN(
          const std::string text,
          PrintCast(element, from.element(), DataType::String(), sql::CastMode::kAnsi, span));
      return fmt::format(
          "(CASE WHEN {0} IS NOT NULL THEN '[' || coalesce(array_to_string(list_transform({0}, "
          "lambda {1}: "
          "coalesce({2}, 'null')), ', '), '') || ']' END)",
          sql, element, text);
    }
    case TypeKind::kStruct: {
      std::string members;
      for (const Field& field : from.fields()) {
        const std::string member =
            fmt::format("struct_extract({}, {})", sql, QuoteString(field.name));
        ASSIGN_OR_RETURN(const std::string text, PrintCast(member, field.type, DataType::String(),
                                                           sql::CastMode::kAnsi, span));
        members +=
            fmt::format("{}coalesce({}, 'null')", members.empty() ? "" : " || ', ' || ", text);
      }
      return fmt::format("(CASE WHEN {} IS NOT NULL THEN '{{' || {} || '}}' END)", sql, members);
    }
    case TypeKind::kMap: {
      const std::string entry = FreshName();
      ASSIGN_OR_RETURN(
          const std::string key,
          PrintCast(entry + ".key", from.key(), DataType::String(), sql::CastMode::kAnsi, span));
      ASSIGN_OR_RETURN(const std::string value,
                       PrintCast(entry + ".value", from.value(), DataType::String(),
                                 sql::CastMode::kAnsi, span));
      return fmt::format(
          "(CASE WHEN {0} IS NOT NULL THEN '{{' || "
          "coalesce(array_to_string(list_transform(map_entries({0}), "
          "lambda {1}: {2} || ' -> ' || coalesce({3}, 'null')), ', '), '') || '}}' END)",
          sql, entry, key, value);
    }
    default:
      return Unsupported(span,
                         fmt::format("the cast from {} to STRING is not supported", from.ToDdl()));
  }
}

Result<std::string> Printer::PrintCastOfNested(const std::string& sql, const DataType& from,
                                               const DataType& to, sql::CastMode mode, Span span) {
  if (from.Is(TypeKind::kArray)) {
    const std::string element = FreshName();
    ASSIGN_OR_RETURN(const std::string cast,
                     PrintCast(element, from.element(), to.element(), mode, span));
    return fmt::format("list_transform({}, lambda {}: {})", sql, element, cast);
  }
  if (from.Is(TypeKind::kStruct) && from.fields().size() == to.fields().size()) {
    std::string members;
    for (size_t i = 0; i < to.fields().size(); ++i) {
      const std::string member =
          fmt::format("struct_extract({}, {})", sql, QuoteString(from.fields()[i].name));
      ASSIGN_OR_RETURN(const std::string cast,
                       PrintCast(member, from.fields()[i].type, to.fields()[i].type, mode, span));
      members +=
          fmt::format("{}{}: {}", i == 0 ? "" : ", ", QuoteIdentifier(to.fields()[i].name), cast);
    }
    return fmt::format("(CASE WHEN {} IS NOT NULL THEN {{{}}} END)", sql, members);
  }
  if (from.Is(TypeKind::kMap)) {
    const DataType from_keys = DataType::Array(from.key());
    const DataType from_values = DataType::Array(from.value());
    ASSIGN_OR_RETURN(const std::string keys, PrintCast(fmt::format("map_keys({})", sql), from_keys,
                                                       DataType::Array(to.key()), mode, span));
    ASSIGN_OR_RETURN(const std::string values,
                     PrintCast(fmt::format("map_values({})", sql), from_values,
                               DataType::Array(to.value()), mode, span));
    return fmt::format("(CASE WHEN {} IS NOT NULL THEN map({}, {}) END)", sql, keys, values);
  }
  return Unsupported(
      span, fmt::format("the cast from {} to {} is not supported", from.ToDdl(), to.ToDdl()));
}

}  // namespace medallion::duckdb
