#include "sql_text.h"
#include "translation.h"

namespace medallion::duckdb {
namespace {

bool IsText(const PrintedCall& call, size_t index) {
  return call.type_of(index).Is(TypeKind::kString);
}

Result<std::string> Substring(Printer& printer, const PrintedCall& call) {
  if (!IsText(call, 0)) {
    return printer.Unsupported(call.expression.span, "`substring` of BINARY is not supported");
  }
  const std::string length = call.args.size() > 2 ? call.args[2] : "2147483647";
  const Value* position = call.literal(1);
  const Value* count = call.literal(2);
  const bool forward =
      position != nullptr && !position->is_null() && std::get<int64_t>(position->data) > 0 &&
      (call.args.size() < 3 ||
       (count != nullptr && !count->is_null() && std::get<int64_t>(count->data) >= 0));
  if (forward) {  // DuckDB agrees from position 1 on
    return fmt::format("substring({}, {}, {})", call.args[0], call.args[1], length);
  }
  return fmt::format("spark_substring({}, {}, {})", call.args[0], call.args[1], length);
}

Result<std::string> LeftOrRight(Printer& printer, const PrintedCall& call) {
  if (!IsText(call, 0)) {
    return printer.Unsupported(call.expression.span,
                               fmt::format("`{}` of BINARY is not supported", call.function));
  }
  return fmt::format("{}({}, greatest({}, 0))", call.function, call.args[0], call.args[1]);
}

Result<std::string> Pad(Printer& printer, const PrintedCall& call) {
  if (!IsText(call, 0)) {
    return printer.Unsupported(call.expression.span,
                               fmt::format("`{}` of BINARY is not supported", call.function));
  }
  return fmt::format("spark_{}({}, {}, {})", call.function, call.args[0], call.args[1],
                     call.args.size() > 2 ? call.args[2] : "' '");
}

// ltrim and rtrim take the characters first, btrim last; without them only spaces go.
Result<std::string> TrimCharacters(Printer&, const PrintedCall& call) {
  const std::string_view name = call.function == "btrim" ? "trim" : call.function;
  if (call.args.size() == 1) {
    return fmt::format("{}({}, ' ')", name, call.args[0]);
  }
  const bool text_first = call.function == "btrim";
  return fmt::format("{}({}, {})", name, call.args[text_first ? 0 : 1],
                     call.args[text_first ? 1 : 0]);
}

Result<std::string> Length(Printer&, const PrintedCall& call) {
  return fmt::format("CAST({}({}) AS INTEGER)", IsText(call, 0) ? "length" : "octet_length",
                     call.args[0]);
}

Result<std::string> OctetLength(Printer&, const PrintedCall& call) {
  return fmt::format("CAST({} AS INTEGER)", IsText(call, 0)
                                                ? fmt::format("strlen({})", call.args[0])
                                                : fmt::format("octet_length({})", call.args[0]));
}

Result<std::string> Locate(Printer&, const PrintedCall& call) {
  if (call.args.size() == 2) {
    return fmt::format("CAST(instr({}, {}) AS INTEGER)", call.args[1], call.args[0]);
  }
  return fmt::format(
      "CAST(CASE WHEN {2} IS NULL THEN 0 WHEN {2} < 1 THEN 0 WHEN instr(substring({1}, {2}), {0}) "
      "= 0 THEN 0 "
      "ELSE instr(substring({1}, {2}), {0}) + {2} - 1 END AS INTEGER)",
      call.args[0], call.args[1], call.args[2]);
}

// The escape must stand before itself or a wildcard, as Spark demands.
Result<std::string> Like(Printer& printer, const PrintedCall& call) {
  const std::string* escape = call.literal_text(2);
  if (call.args.size() > 2 && (escape == nullptr || escape->size() != 1)) {
    return printer.Unsupported(call.operands[2]->span,
                               "an escape that is not one constant character is not supported");
  }
  const char mark = escape == nullptr ? '\\' : escape->front();
  const std::string* pattern = call.literal_text(1);
  bool has_escape = true;
  if (pattern != nullptr) {
    has_escape = pattern->find(mark) != std::string::npos;
    for (size_t i = 0; i < pattern->size(); ++i) {
      if ((*pattern)[i] != mark) {
        continue;
      }
      const char next = i + 1 < pattern->size() ? (*pattern)[i + 1] : '\0';
      if (next != '%' && next != '_' && next != mark) {
        return printer.Unsupported(
            call.operands[1]->span,
            "the escape character must stand before `%`, `_` or itself in a LIKE pattern");
      }
      ++i;
    }
  }
  const std::string_view op = call.function == "ilike" ? "ILIKE" : "LIKE";
  return fmt::format("({} {} {}{})", call.args[0], op, call.args[1],
                     has_escape ? " ESCAPE " + QuoteString(std::string(1, mark)) : "");
}

Result<std::string> Sha2(Printer& printer, const PrintedCall& call) {
  const Value* bits = call.literal(1);
  const int64_t count = bits == nullptr || bits->is_null() ? -1 : std::get<int64_t>(bits->data);
  if (count != 0 && count != 256) {
    return printer.Unsupported(call.expression.span,
                               "`sha2` with other than 256 bits is not supported");
  }
  return fmt::format("sha256({})", call.args[0]);
}

Result<std::string> Hex(Printer&, const PrintedCall& call) {
  return call.type_of(0).IsIntegral() ? fmt::format("to_hex({})", call.args[0])
                                      : fmt::format("hex({})", call.args[0]);
}

Result<std::string> Repeat(Printer&, const PrintedCall& call) {
  return fmt::format("repeat({}, greatest({}, 0))", call.args[0], call.args[1]);
}

Result<std::string> Reverse(Printer&, const PrintedCall& call) {
  return fmt::format("{}({})", call.type().Is(TypeKind::kArray) ? "list_reverse" : "reverse",
                     call.args[0]);
}

}  // namespace

Translations TextTranslations() {
  return {
      // DuckDB maps one character to one; Java's ß becomes two.
      {"upper", {{"upper(replace({0}, 'ß', 'SS'))"}}},
      {"lower", {{"lower({0})"}}},
      {"initcap", {{"spark_initcap({0})"}}},
      {"trim", {{"trim({0}, ' ')"}}},
      {"ltrim", {{}, TrimCharacters}},
      {"rtrim", {{}, TrimCharacters}},
      {"btrim", {{}, TrimCharacters}},
      {"lpad", {{}, Pad}},
      {"rpad", {{}, Pad}},
      {"substring", {{}, Substring}},
      {"substring_index", {{"spark_substring_index({0}, {1}, {2})"}}},
      {"left", {{}, LeftOrRight}},
      {"right", {{}, LeftOrRight}},
      {"split_part", {{"split_part({0}, {1}, {2})"}}},
      {"length", {{}, Length}},
      {"octet_length", {{}, OctetLength}},
      {"instr", {{"CAST(instr({0}, {1}) AS INTEGER)"}}},
      {"locate", {{}, Locate}},
      {"contains", {{"contains({0}, {1})"}}},
      {"startswith", {{"starts_with({0}, {1})"}}},
      {"endswith", {{"ends_with({0}, {1})"}}},
      {"levenshtein", {{"CAST(levenshtein({0}, {1}) AS INTEGER)"}}},
      {"ascii", {{"(CASE WHEN {0} = '' THEN 0 ELSE CAST(unicode({0}) AS INTEGER) END)"}}},
      {"chr", {{"(CASE WHEN {0} < 0 THEN '' ELSE chr(CAST({0} % 256 AS INTEGER)) END)"}}},
      {"bit_length", {{"CAST(8 * strlen({0}) AS INTEGER)"}}},
      {"find_in_set",
       {{"(CASE WHEN contains({0}, ',') THEN 0 ELSE CAST(coalesce(list_position(string_split({1}, "
         "','), {0}), 0) AS INTEGER) END)"}}},
      {"bin", {{"bin({0})"}}},
      {"like", {{}, Like}},
      {"ilike", {{}, Like}},
      {"replace",
       {{"replace({0}, {1}, '')",
         "(CASE WHEN {1} = '' THEN {0} ELSE replace({0}, {1}, {2}) END)"}}},
      {"translate", {{"spark_translate({0}, {1}, {2})"}}},
      {"repeat", {{}, Repeat}},
      {"space", {{"repeat(' ', greatest({0}, 0))"}}},
      {"reverse", {{}, Reverse}},
      {"sha2", {{}, Sha2}},
      {"hex", {{}, Hex}},
      {"base64", {{"base64({0})"}}},
      {"unbase64", {{"from_base64({0})"}}},
  };
}

}  // namespace medallion::duckdb
