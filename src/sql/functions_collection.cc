#include "function_rules.h"
#include "function_table.h"

namespace medallion::sql {
namespace {

void AddHigherOrder(FunctionTable& table) {
  // Typed in higher_order.cc: a lambda's parameters depend on the other arguments.
  const auto add = [&](const char* name, std::string signature,
                       std::vector<std::string> aliases = {}) {
    FunctionEntry entry = Scalar(name, {std::move(signature)}, std::move(aliases));
    entry.kind = FunctionKind::kHigherOrder;
    table.push_back(std::move(entry));
  };
  add("transform", "(array<T>, (T [, int index]) -> U) -> array<U>");
  add("filter", "(array<T>, (T [, int index]) -> boolean) -> array<T>");
  add("exists", "(array<T>, T -> boolean) -> boolean", {"any_match"});
  add("forall", "(array<T>, T -> boolean) -> boolean", {"all_match"});
  add("aggregate", "(array<T>, U, (U, T) -> U [, U -> V]) -> V", {"reduce"});
  add("zip_with", "(array<T>, array<U>, (T, U) -> V) -> array<V>");
  add("map_filter", "(map<K, V>, (K, V) -> boolean) -> map<K, V>");
  add("transform_keys", "(map<K, V>, (K, V) -> U) -> map<U, V>");
  add("transform_values", "(map<K, V>, (K, V) -> U) -> map<K, U>");
}

void AddArrays(FunctionTable& table) {
  table.push_back(ScalarByRule("array", "(T...) -> array<T>", ArrayRule));
  // -1 never: size of NULL is NULL.
  table.push_back(
      Scalar("size", {"(array<any>) -> int", "(map<any, any>) -> int"}, {"cardinality"}));
  table.push_back(Scalar("array_size", {"(array<any>) -> int"}));
  table.push_back(
      ScalarByRule("element_at", "(array<T>, int) -> T?; (map<K, V>, K) -> V?", ElementAtRule));
  table.push_back(
      ScalarByRule("try_element_at", "(array<T>, int) -> T?; (map<K, V>, K) -> V?", ElementAtRule));
  table.push_back(Scalar("get", {"(array<T>, int) -> T?"}));  // from 0, NULL outside
  table.push_back(Scalar("array_contains", {"(array<W>, W) -> boolean"}));
  table.push_back(Scalar("array_position", {"(array<W>, W) -> bigint"}));
  table.push_back(Scalar("array_append", {"(array<W>, W) -> array<W>"}));
  table.push_back(Scalar("array_prepend", {"(array<W>, W) -> array<W>"}));
  table.push_back(Scalar("array_remove", {"(array<W>, W) -> array<W>"}));
  table.push_back(Scalar("array_insert", {"(array<W>, int, W) -> array<W>"}));
  table.push_back(Scalar("array_repeat", {"(T, int) -> array<T>"}));
  for (const char* name : {"array_distinct", "array_compact"}) {
    table.push_back(Scalar(name, {"(array<T>) -> array<T>"}));
  }
  for (const char* name : {"array_union", "array_intersect", "array_except"}) {
    table.push_back(Scalar(name, {"(array<W>, array<W>) -> array<W>"}));
  }
  table.push_back(Scalar("arrays_overlap", {"(array<W>, array<W>) -> boolean"}));
  table.push_back(Scalar("array_join", {"(array<string>, string, string?) -> string"}));
  table.push_back(Scalar("array_max", {"(array<T>) -> T?"}));
  table.push_back(Scalar("array_min", {"(array<T>) -> T?"}));
  table.push_back(Scalar("array_sort", {"(array<T>) -> array<T>"}));  // NULLs last
  table.push_back(
      Scalar("sort_array", {"(array<T>, boolean?) -> array<T>"}));  // NULLs first ascending
  table.push_back(Scalar("slice", {"(array<T>, int, int) -> array<T>"}));
  table.push_back(ScalarByRule("flatten", "(array<array<T>>) -> array<T>", FlattenRule));
  table.push_back(
      ScalarByRule("arrays_zip", "(array<any>...) -> array<struct<0: …, 1: …>>", ArraysZipRule));
  table.push_back(ScalarByRule(
      "sequence", "(integral, integral, integral?) or (date|timestamp, same, interval?)",
      SequenceRule));
  FunctionEntry shuffle = Scalar("shuffle", {"(array<T>) -> array<T>"});
  shuffle.deterministic = false;
  table.push_back(std::move(shuffle));
}

void AddMapsAndStructs(FunctionTable& table) {
  table.push_back(ScalarByRule("map", "(K, V, …) -> map<K, V>", MapRule));
  table.push_back(Scalar("map_from_arrays", {"(array<K>, array<V>) -> map<K, V>"}));
  table.push_back(Scalar("map_keys", {"(map<K, V>) -> array<K>"}));
  table.push_back(Scalar("map_values", {"(map<K, V>) -> array<V>"}));
  table.push_back(ScalarByRule("map_entries", "(map<K, V>) -> array<struct<key: K, value: V>>",
                               MapEntriesRule));
  table.push_back(Scalar("map_concat", {"(map<K, V>...) -> map<K, V>"}));
  table.push_back(Scalar("map_contains_key", {"(map<W, V>, W) -> boolean"}));
  table.push_back(Scalar("str_to_map", {"(string, string?, string?) -> map<string, string>"}));
  // `struct(a, b AS c)` is analysed to named_struct.
  table.push_back(
      ScalarByRule("named_struct", "(string literal, any, …) -> struct", NamedStructRule));
}

}  // namespace

void AddCollectionFunctions(FunctionTable& table) {
  AddArrays(table);
  AddMapsAndStructs(table);
  AddHigherOrder(table);
}

void AddGenerators(FunctionTable& table) {
  // Their columns are decided in generators.cc; the `_outer` forms set Generate::outer.
  const auto add = [&](const char* name, std::string signature) {
    FunctionEntry entry = Scalar(name, {std::move(signature)});
    entry.kind = FunctionKind::kGenerator;
    entry.rule = [](std::span<const ArgumentInfo>) -> Result<CallTypes> {
      return Error(ErrorCode::kInternal, "a generator has columns, not a type");
    };
    table.push_back(std::move(entry));
  };
  add("explode", "(array<T>) -> col T; (map<K, V>) -> key K, value V");
  add("posexplode", "(array<T>) -> pos int, col T; (map<K, V>) -> pos int, key K, value V");
  add("inline", "(array<struct<…>>) -> the fields");
  add("stack", "(n literal, values…) -> n rows of col0, col1 …");
}

}  // namespace medallion::sql
