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
    list =
        fmt::format("list_concat({}, {})", list,
                    call.type_of(i).Is(TypeKind::kArray) ? call.args[i] : "[" + call.args[i] + "]");
  }
  return fmt::format("(CASE WHEN {0} IS NOT NULL THEN coalesce(array_to_string({1}, {0}), '') END)",
                     call.args[0], list);
}

Result<std::string> GetField(Printer& printer, const PrintedCall& call) {
  const Value* name = call.literal(1);
  if (name == nullptr) {
    return printer.Unsupported(call.expression.span, "a field name that is not a constant");
  }
  return fmt::format("struct_extract({}, {})", call.args[0],
                     QuoteString(std::get<std::string>(name->data)));
}

std::string RaiseExpression(std::string_view condition, std::string_view message) {
  return fmt::format("error({})", QuoteString(EncodeFailure(condition, message)));
}

Result<std::string> GetItem(Printer&, const PrintedCall& call) {
  return fmt::format(
      "(CASE WHEN {1} < 0 OR {1} >= len({0}) THEN {2} ELSE list_extract({0}, {1} + 1) END)",
      call.args[0], call.args[1],
      RaiseExpression("INVALID_ARRAY_INDEX",
                      "the index is out of bounds; use `get()` to get NULL instead"));
}

Result<std::string> ElementAt(Printer&, const PrintedCall& call) {
  if (call.type_of(0).Is(TypeKind::kMap)) {
    return fmt::format("map_extract_value({}, {})", call.args[0], call.args[1]);
  }
  const std::string zero = RaiseExpression("INVALID_INDEX_OF_ZERO",
                                           "the index 0 is invalid: the first element has index 1");
  if (call.function == "try_element_at") {
    return fmt::format("(CASE WHEN {1} = 0 THEN {2} ELSE list_extract({0}, {1}) END)", call.args[0],
                       call.args[1], zero);
  }
  return fmt::format(
      "(CASE WHEN {1} = 0 THEN {2} WHEN abs({1}) > len({0}) THEN {3} ELSE list_extract({0}, {1}) "
      "END)",
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
    members += fmt::format("{}{}: {}", i == 0 ? "" : ", ",
                           QuoteIdentifier(std::get<std::string>(name->data)), call.args[i + 1]);
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
  return Cast(fmt::format("map([{}], [{}])", fmt::join(keys, ", "), fmt::join(values, ", ")),
              call.type());
}

// Spark keeps the first of equal elements, NULL among them, in order.
std::string DistinctInOrder(const std::string& list, Printer& printer) {
  const std::string element = printer.FreshName();
  const std::string index = printer.FreshName();
  return fmt::format(
      "list_filter({0}, lambda {1}, {2}: coalesce(list_position({0}, {1}), {2}) = {2})", list,
      element, index);
}

Result<std::string> ArrayDistinct(Printer& printer, const PrintedCall& call) {
  return DistinctInOrder(call.args[0], printer);
}

// A list function over two arrays, NULL if either is.
std::string UnlessNull(const PrintedCall& call, const std::string& list) {
  return fmt::format("(CASE WHEN {} IS NOT NULL AND {} IS NOT NULL THEN {} END)", call.args[0],
                     call.args[1], list);
}

Result<std::string> ArrayUnion(Printer& printer, const PrintedCall& call) {
  return UnlessNull(
      call,
      DistinctInOrder(fmt::format("list_concat({}, {})", call.args[0], call.args[1]), printer));
}

// Elements of the first array that the second has (array_intersect) or lacks (array_except). NULL
// is an element like any other.
Result<std::string> ArrayDifference(Printer& printer, const PrintedCall& call) {
  const std::string element = printer.FreshName();
  const std::string found = fmt::format(
      "(CASE WHEN {0} IS NULL THEN len(list_filter({1}, lambda e: e IS NULL)) > 0 ELSE "
      "list_contains({1}, {0}) END)",
      element, call.args[1]);
  const std::string kept = fmt::format("list_filter({}, lambda {}: {}{})", call.args[0], element,
                                       call.function == "array_except" ? "NOT " : "", found);
  return UnlessNull(call, DistinctInOrder(kept, printer));
}

// exists and forall are three-valued: a NULL answer leaves the question open.
Result<std::string> AnyOrAll(Printer&, const PrintedCall& call) {
  const std::string answers = fmt::format("list_transform({}, {})", call.args[0], call.args[1]);
  const std::string_view decisive = call.function == "exists" ? "true" : "false";
  const std::string_view otherwise = call.function == "exists" ? "false" : "true";
  return fmt::format(
      "(CASE WHEN {0} IS NULL THEN NULL WHEN list_contains({1}, {2}) THEN {2} "
      "WHEN len(list_filter({1}, lambda e: e IS NULL)) > 0 THEN NULL ELSE {3} END)",
      call.args[0], answers, decisive, otherwise);
}

// aggregate(array, start, merge [, finish]).
Result<std::string> Reduce(Printer&, const PrintedCall& call) {
  const std::string reduced =
      fmt::format("list_reduce({}, {}, {})", call.args[0], call.args[2], call.args[1]);
  return call.args.size() < 4 ? reduced
                              : fmt::format("list_transform([{}], {})[1]", reduced, call.args[3]);
}

Result<std::string> Slice(Printer&, const PrintedCall& call) {
  return fmt::format(
      "(CASE WHEN {1} = 0 THEN {3} WHEN {2} < 0 THEN {4} "
      "WHEN {1} > 0 THEN list_slice({0}, {1}, {1} + {2} - 1) "
      "WHEN -{1} > len({0}) THEN list_slice({0}, 1, 0) "
      "ELSE list_slice({0}, len({0}) + {1} + 1, len({0}) + {1} + {2}) END)",
      call.args[0], call.args[1], call.args[2],
      RaiseExpression("INVALID_PARAMETER_VALUE.START", "the start of a slice counts from 1"),
      RaiseExpression("INVALID_PARAMETER_VALUE.LENGTH",
                      "the length of a slice must not be negative"));
}

Result<std::string> Sequence(Printer& printer, const PrintedCall& call) {
  if (!call.type().element().IsIntegral()) {
    return printer.Unsupported(call.expression.span, "`sequence` of dates is not supported");
  }
  const std::string step =
      call.args.size() > 2
          ? call.args[2]
          : fmt::format("CASE WHEN {} <= {} THEN 1 ELSE -1 END", call.args[0], call.args[1]);
  return Cast(
      fmt::format("generate_series(CAST({} AS BIGINT), CAST({} AS BIGINT), CAST({} AS BIGINT))",
                  call.args[0], call.args[1], step),
      call.type());
}

// Paths of names and indices alone; `$..x` and `*` mean other things in DuckDB.
Result<std::string> GetJsonObject(Printer& printer, const PrintedCall& call) {
  const Value* path = call.literal(1);
  const std::string* text = path == nullptr ? nullptr : std::get_if<std::string>(&path->data);
  if (text == nullptr || !text->starts_with("$") ||
      text->find_first_of("*?@'\"") != std::string::npos || text->find("..") != std::string::npos) {
    return printer.Unsupported(call.operands[1]->span,
                               "only constant JSON paths such as `$.a.b[0]` are supported");
  }
  return fmt::format("(CASE WHEN json_valid({0}) THEN json_extract_string({0}, {1}) END)",
                     call.args[0], call.args[1]);
}

// elt(n, a, b …)
Result<std::string> Elt(Printer&, const PrintedCall& call) {
  std::string text = fmt::format("(CASE {}", call.args[0]);
  for (size_t i = 1; i < call.args.size(); ++i) {
    text += fmt::format(" WHEN {} THEN {}", i, call.args[i]);
  }
  return text +
         fmt::format(" ELSE {} END)",
                     RaiseExpression("INVALID_ARRAY_INDEX", "the index of `elt` is out of bounds"));
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
       {{"(CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN CAST(coalesce(list_position({0}, "
         "{1}), 0) AS BIGINT) END)"}}},
      {"array_max", {{"list_max({0})"}}},
      {"array_min", {{"list_min({0})"}}},
      {"array_sort", {{"list_sort({0}, 'ASC', 'NULLS LAST')"}}},
      {"sort_array",
       {{"list_sort({0}, 'ASC', 'NULLS FIRST')",
         "(CASE WHEN {1} THEN list_sort({0}, 'ASC', 'NULLS FIRST') ELSE list_sort({0}, 'DESC', "
         "'NULLS LAST') END)"}}},
      {"array_compact", {{"list_filter({0}, lambda e: e IS NOT NULL)"}}},
      {"array_remove",
       {{"(CASE WHEN {1} IS NOT NULL THEN list_filter({0}, lambda e: e IS NULL OR e <> {1}) "
         "END)"}}},
      {"array_append", {{"(CASE WHEN {0} IS NOT NULL THEN list_append({0}, {1}) END)"}}},
      {"array_prepend", {{"(CASE WHEN {0} IS NOT NULL THEN list_prepend({1}, {0}) END)"}}},
      {"array_join",
       {{"coalesce(array_to_string({0}, {1}), CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN "
         "'' END)",
         "coalesce(array_to_string(list_transform({0}, lambda e: coalesce(e, {2})), {1}), "
         "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN '' END)"}}},
      {"array_distinct", {{}, ArrayDistinct}},
      {"array_union", {{}, ArrayUnion}},
      {"array_intersect", {{}, ArrayDifference}},
      {"array_except", {{}, ArrayDifference}},
      {"arrays_overlap",
       {{"(CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL WHEN list_has_any({0}, {1}) THEN true "
         "WHEN len({0}) > 0 AND len({1}) > 0 AND len(list_filter(list_concat({0}, {1}), lambda e: "
         "e IS NULL)) > 0 "
         "THEN NULL ELSE false END)"}}},
      {"array_repeat", {{"list_transform(range(greatest({1}, 0)), lambda i: {0})"}}},
      {"slice", {{}, Slice}},
      {"flatten",
       {{"(CASE WHEN len(list_filter({0}, lambda e: e IS NULL)) > 0 THEN NULL ELSE flatten({0}) "
         "END)"}}},
      {"sequence", {{}, Sequence}},
      {"exists", {{}, AnyOrAll}},
      {"forall", {{}, AnyOrAll}},
      {"aggregate", {{}, Reduce}},
      {"get_json_object", {{}, GetJsonObject}},
      {"elt", {{}, Elt}},
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
