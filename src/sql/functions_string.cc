#include "function_rules.h"
#include "function_table.h"

namespace medallion::sql {
namespace {

void AddCaseAndTrim(FunctionTable& table) {
  table.push_back(Scalar("upper", {"(string) -> string"}, {"ucase"}));
  table.push_back(Scalar("lower", {"(string) -> string"}, {"lcase"}));
  table.push_back(Scalar("initcap", {"(string) -> string"}));
  // One argument: spaces (0x20) only. Two: (characters, text) for ltrim and rtrim, (text,
  // characters) for btrim, as Spark has them.
  table.push_back(Scalar("trim", {"(string) -> string"}));
  table.push_back(Scalar("ltrim", {"(string, string?) -> string"}));
  table.push_back(Scalar("rtrim", {"(string, string?) -> string"}));
  table.push_back(Scalar("btrim", {"(string, string?) -> string"}));
  table.push_back(
      Scalar("lpad", {"(string, int, string?) -> string", "(binary, int, binary?) -> binary"}));
  table.push_back(
      Scalar("rpad", {"(string, int, string?) -> string", "(binary, int, binary?) -> binary"}));
}

void AddParts(FunctionTable& table) {
  // Position 0 is as 1; negative counts from the end.
  table.push_back(Scalar("substring",
                         {"(string, int, int?) -> string", "(binary, int, int?) -> binary"},
                         {"substr", "mid"}));
  table.push_back(Scalar("substring_index", {"(string, string, int) -> string"}));
  table.push_back(Scalar("left", {"(string, int) -> string", "(binary, int) -> binary"}));
  table.push_back(Scalar("right", {"(string, int) -> string?"}));
  table.push_back(Scalar("overlay", {"(string, string, int, int?) -> string"}));
  // The separator is a regular expression.
  table.push_back(Scalar("split", {"(string, string, int?) -> array<string>"}));
  table.push_back(Scalar("split_part", {"(string, string, int) -> string?"}));
  table.push_back(Scalar("elt", {"(int, string...) -> string?"}));
}

void AddSearch(FunctionTable& table) {
  table.push_back(Scalar("length", {"(string) -> int", "(binary) -> int"},
                         {"char_length", "character_length", "len"}));
  table.push_back(Scalar("octet_length", {"(string) -> int", "(binary) -> int"}));
  table.push_back(Scalar("bit_length", {"(string) -> int", "(binary) -> int"}));
  table.push_back(Scalar("instr", {"(string, string) -> int"}));
  table.push_back(Scalar("locate", {"(string, string, int?) -> int"}, {"position"}));
  table.push_back(Scalar("find_in_set", {"(string, string) -> int"}));
  table.push_back(
      Scalar("contains", {"(string, string) -> boolean", "(binary, binary) -> boolean"}));
  table.push_back(
      Scalar("startswith", {"(string, string) -> boolean", "(binary, binary) -> boolean"}));
  table.push_back(
      Scalar("endswith", {"(string, string) -> boolean", "(binary, binary) -> boolean"}));
  table.push_back(Scalar("levenshtein", {"(string, string, int?) -> int"}));
  table.push_back(Scalar("soundex", {"(string) -> string"}));
  table.push_back(Scalar("ascii", {"(string) -> int"}));
  table.push_back(Scalar("chr", {"(bigint) -> string"}, {"char"}));
}

void AddRegex(FunctionTable& table) {
  // Java's regular expressions; `$1` in the replacement. Group 1 unless given.
  table.push_back(Scalar("regexp_replace", {"(string, string, string, int?) -> string"}));
  table.push_back(Scalar("regexp_extract", {"(string, string, int?) -> string"}));
  table.push_back(Scalar("regexp_extract_all", {"(string, string, int?) -> array<string>"}));
  table.push_back(Scalar("regexp_count", {"(string, string) -> int"}));
  table.push_back(Scalar("regexp_substr", {"(string, string) -> string?"}));
  table.push_back(Scalar("regexp_instr", {"(string, string) -> int"}));
}

void AddBuilding(FunctionTable& table) {
  table.push_back(
      ScalarByRule("concat", "(string…) or (binary…) or (array<T>…) -> same", ConcatRule, {"||"}));
  // Skips NULLs; NULL only if the separator is.
  table.push_back(
      ScalarByRule("concat_ws", "(string, string or array<string>…) -> string", ConcatWsRule));
  table.push_back(Scalar("replace", {"(string, string, string?) -> string"}));
  table.push_back(Scalar("translate", {"(string, string, string) -> string"}));
  table.push_back(Scalar("repeat", {"(string, int) -> string"}));
  table.push_back(Scalar("space", {"(int) -> string"}));
  table.push_back(Scalar("reverse", {"(array<T>) -> array<T>", "(string) -> string"}));
  table.push_back(
      Scalar("format_number", {"(numeric, int) -> string?", "(numeric, string) -> string?"}));
  table.push_back(
      Scalar("format_string", {"(string) -> string", "(string, any...) -> string"}, {"printf"}));
  table.push_back(Scalar(
      "to_char",
      {"(decimal, string) -> string", "(date, string) -> string", "(timestamp, string) -> string"},
      {"to_varchar"}));
}

void AddEncoding(FunctionTable& table) {
  table.push_back(
      Scalar("hex", {"(bigint) -> string", "(binary) -> string", "(string) -> string"}));
  table.push_back(Scalar("unhex", {"(string) -> binary?"}));
  table.push_back(Scalar("base64", {"(binary) -> string"}));
  table.push_back(Scalar("unbase64", {"(string) -> binary"}));
  table.push_back(Scalar("encode", {"(string, string) -> binary"}));
  table.push_back(Scalar("conv", {"(string, int, int) -> string?"}));
  table.push_back(Scalar("bin", {"(bigint) -> string"}));
  table.push_back(Scalar("url_encode", {"(string) -> string"}));
  table.push_back(Scalar("url_decode", {"(string) -> string"}));
}

}  // namespace

void AddStringFunctions(FunctionTable& table) {
  AddCaseAndTrim(table);
  AddParts(table);
  AddSearch(table);
  AddRegex(table);
  AddBuilding(table);
  AddEncoding(table);
}

}  // namespace medallion::sql
