#include "connection.h"
#include "sql_text.h"
#include "translation.h"

// Logic, comparison and conditionals.

namespace medallion::duckdb {
namespace {

Result<std::string> In(Printer&, const PrintedCall& call) {
  const std::vector<std::string> candidates(call.args.begin() + 1, call.args.end());
  return fmt::format("({} IN ({}))", call.args.front(), fmt::join(candidates, ", "));
}

// decode(value, search, result, …, default): NULL finds NULL.
Result<std::string> Decode(Printer&, const PrintedCall& call) {
  std::string text = "(CASE";
  size_t i = 1;
  for (; i + 1 < call.args.size(); i += 2) {
    text += fmt::format(" WHEN {} IS NOT DISTINCT FROM {} THEN {}", call.args[0], call.args[i],
                        call.args[i + 1]);
  }
  if (i < call.args.size()) {
    text += " ELSE " + call.args[i];
  }
  return text + " END)";
}

Result<std::string> RaiseError(Printer&, const PrintedCall& call) {
  const std::string frame = EncodeFailure("USER_RAISED_EXCEPTION", "\n");
  const size_t at = frame.find('\n');
  return fmt::format("CAST(error({} || {} || {}) AS INTEGER)", QuoteString(frame.substr(0, at)),
                     call.args[0], QuoteString(frame.substr(at + 1)));
}

}  // namespace

Translations ConditionTranslations() {
  return {
      {"and", {{"({0} AND {1})"}}},
      {"or", {{"({0} OR {1})"}}},
      {"not", {{"(NOT {0})"}}},
      {"=", {{"({0} = {1})"}}},
      {"<>", {{"({0} <> {1})"}}},
      {"<", {{"({0} < {1})"}}},
      {"<=", {{"({0} <= {1})"}}},
      {">", {{"({0} > {1})"}}},
      {">=", {{"({0} >= {1})"}}},
      {"<=>", {{"({0} IS NOT DISTINCT FROM {1})"}}},
      {"isnull", {{"({0} IS NULL)"}}},
      {"isnotnull", {{"({0} IS NOT NULL)"}}},
      {"in", {{}, In}},
      {"if", {{"(CASE WHEN {0} THEN {1} ELSE {2} END)"}}},
      {"coalesce", {{"coalesce({*})"}}},
      {"nullif", {{"nullif({0}, {1})"}}},
      {"nvl2", {{"(CASE WHEN {0} IS NOT NULL THEN {1} ELSE {2} END)"}}},
      {"greatest", {{"greatest({*})"}}},
      {"least", {{"least({*})"}}},
      {"decode", {{}, Decode}},
      {"isnan", {{"coalesce(isnan({0}), false)"}}},
      {"nanvl", {{"(CASE WHEN isnan({0}) THEN {1} ELSE {0} END)"}}},
      {"nullifzero", {{"(CASE WHEN {0} <> 0 THEN {0} END)"}}},
      {"zeroifnull", {{"coalesce({0}, CAST(0 AS {T}))"}}},
      {"raise_error", {{}, RaiseError}},
  };
}

}  // namespace medallion::duckdb
