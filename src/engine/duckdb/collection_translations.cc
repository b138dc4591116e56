#include "connection.h"
#include "sql_text.h"
#include "translation.h"

// Arrays, maps, structs and what works on both arrays and text.

namespace medallion::duckdb {
namespace {

Result<std::string> Concat(Printer&, const PrintedCall& call) {
  if (!call.type().Is(TypeKind::kArray)) {
    return fmt::format("({})", fmt::join(call.args, " || "));
  }
  std::string any_null;
  std::string list = call.args.front();
  for (size_t i = 0; i < call.args.size(); ++i) {
    any_null += fmt::format("{}{} IS NULL", i == 0 ? "" : " OR ", call.args[i]);
    if (i > 0) {
      list = fmt::format("list_concat({}, {})", list, call.args[i]);
    }
  }
  return fmt::format("(CASE WHEN {} THEN NULL ELSE {} END)", any_null, list);
}

Result<std::string> ConcatWs(Printer&, const PrintedCall& call) {
  if (call.args.size() == 1) {
    return fmt::format("(CASE WHEN {} IS NOT NULL THEN '' END)", call.args[0]);
  }
  bool has_array = false;
  for (size_t i = 1; i < call.args.size(); ++i) {
    has_array = has_array || call.type_of(i).Is(TypeKind::kArray);
  }
  if (!has_array) {
    return fmt::format("concat_ws({})", fmt::join(call.args, ", "));
  }
  std::string list = "CAST([] AS VARCHAR[])";
  for (size_t i = 1; i < call.args.size(); ++i) {
    list = fmt::format("list_concat({}, {})", list,
                       call.type_of(i).Is(TypeKind::kArray) ? call.args[i] : "[" + call.args[i] + "]");
  }
  return fmt::format("(CASE WHEN {0} IS NOT NULL THEN coalesce(array_to_string({1}, {0}), '') END)", call.args[0], list);
}

Result<std::string> GetField(Printer& printer, const PrintedCall& call) {
  const Value* name = call.literal(1);
  if (name == nullptr) {
    return printer.Unsupported(call.expression.span, "a field name that is not a constant");
  }
  return fmt::format("struct_extract({}, {})", call.args[0], QuoteString(std::get<std::string>(name->data)));
}

std::string RaiseExpression(std::string_view condition, std::string_view message) {
  return fmt::format("error({})", QuoteString(EncodeFailure(condition, message)));
}

Result<std::string> GetItem(Printer&, const PrintedCall& call) {
  return fmt::format("(CASE WHEN {1} < 0 OR {1} >= len({0}) THEN {2} ELSE list_extract({0}, {1} + 1) END)",
                     call.args[0], call.args[1],
                     RaiseExpression("INVALID_ARRAY_INDEX",
                                     "the index is out of bounds; use `get()` to get NULL instead"));
}

Result<std::string> ElementAt(Printer&, const PrintedCall& call) {
  if (call.type_of(0).Is(TypeKind::kMap)) {
    return fmt::format("map_extract_value({}, {})", call.args[0], call.args[1]);
  }
  const std::string zero = RaiseExpression("INVALID_INDEX_OF_ZERO", "the index 0 is invalid: the first element has index 1");
  if (call.function == "try_element_at") {
    return fmt::format("(CASE WHEN {1} = 0 THEN {2} ELSE list_extract({0}, {1}) END)", call.args[0], call.args[1], zero);
  }
  return fmt::format("(CASE WHEN {1} = 0 THEN {2} WHEN abs({1}) > len({0}) THEN {3} ELSE list_extract({0}, {1}) END)",
                     call.args[0], call.args[1], zero,
                     RaiseExpression("INVALID_ARRAY_INDEX_IN_ELEMENT_AT",
                                     "the index is out of bounds; use `try_element_at` to get NULL instead"));
}

Result<std::string> NamedStruct(Printer& printer, const PrintedCall& call) {
  std::string members;
  for (size_t i = 0; i + 1 < call.args.size(); i += 2) {
    const Value* name = call.literal(i);
    if (name == nullptr) {
      return printer.Unsupported(call.expression.span, "a field name that is not a constant");
    }
    members += fmt::format("{}{}: {}", i == 0 ? "" : ", ", QuoteIdentifier(std::get<std::string>(name->data)),
                           call.args[i + 1]);
  }
  return "{" + members + "}";
}

Result<std::string> MakeArray(Printer&, const PrintedCall& call) {
  return Cast(fmt::format("[{}]", fmt::join(call.args, ", ")), call.type());
}

Result<std::string> MakeMap(Printer&, const PrintedCall& call) {
  std::vector<std::string> keys;
  std::vector<std::string> values;
  for (size_t i = 0; i + 1 < call.args.size(); i += 2) {
    keys.push_back(call.args[i]);
    values.push_back(call.args[i + 1]);
  }
  return Cast(fmt::format("map([{}], [{}])", fmt::join(keys, ", "), fmt::join(values, ", ")), call.type());
}

}  // namespace

Translations CollectionTranslations() {
  return {
    {"getfield", {{}, GetField}},
    {"getitem", {{}, GetItem}},
    {"element_at", {{}, ElementAt}},
    {"try_element_at", {{}, ElementAt}},
    {"get", {{"(CASE WHEN {1} >= 0 THEN list_extract({0}, {1} + 1) END)"}}},
    {"array", {{}, MakeArray}},
    {"map", {{}, MakeMap}},
    {"named_struct", {{}, NamedStruct}},
    {"size", {{"CAST(len({0}) AS INTEGER)"}}},
    {"array_size", {{"CAST(len({0}) AS INTEGER)"}}},
    {"array_contains",
     {{"(CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL WHEN list_contains({0}, {1}) THEN true "
       "WHEN len(list_filter({0}, lambda e: e IS NULL)) > 0 THEN NULL ELSE false END)"}}},
    {"array_position",
     {{"(CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN CAST(coalesce(list_position({0}, {1}), 0) AS BIGINT) END)"}}},
    {"array_max", {{"list_max({0})"}}},
    {"array_min", {{"list_min({0})"}}},
    {"array_sort", {{"list_sort({0}, 'ASC', 'NULLS LAST')"}}},
    {"sort_array",
     {{"list_sort({0}, 'ASC', 'NULLS FIRST')",
       "(CASE WHEN {1} THEN list_sort({0}, 'ASC', 'NULLS FIRST') ELSE list_sort({0}, 'DESC', 'NULLS LAST') END)"}}},
    {"array_compact", {{"list_filter({0}, lambda e: e IS NOT NULL)"}}},
    {"array_remove",
     {{"(CASE WHEN {1} IS NOT NULL THEN list_filter({0}, lambda e: e IS NULL OR e <> {1}) END)"}}},
    {"array_append", {{"(CASE WHEN {0} IS NOT NULL THEN list_append({0}, {1}) END)"}}},
    {"array_prepend", {{"(CASE WHEN {0} IS NOT NULL THEN list_prepend({1}, {0}) END)"}}},
    {"array_join",
     {{"coalesce(array_to_string({0}, {1}), CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN '' END)",
       "coalesce(array_to_string(list_transform({0}, lambda e: coalesce(e, {2})), {1}), "
       "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN '' END)"}}},
    {"map_keys", {{"map_keys({0})"}}},
    {"map_values", {{"map_values({0})"}}},
    {"map_entries", {{"map_entries({0})"}}},
    {"map_contains_key", {{"map_contains({0}, {1})"}}},
    {"map_from_arrays", {{"map({0}, {1})"}}},
    {"transform", {{"list_transform({0}, {1})"}}},
    {"filter", {{"list_filter({0}, {1})"}}},
    {"concat", {{}, Concat}},
    {"concat_ws", {{}, ConcatWs}},
    {"md5", {{"md5({0})"}}},
    {"sha1", {{"sha1({0})"}}},
  };
}

}  // namespace medallion::duckdb
