#include "java_regex.h"
#include "sql_text.h"
#include "translation.h"

// Regular expressions are constants, so that what cannot be said is refused when the query is
// planned.

namespace medallion::duckdb {
namespace {

struct ConstantRegex {
  JavaRegex regex;
  std::string sql;  // the expression as the `spark_regexp_…` functions take it
};

Result<ConstantRegex> RegexAt(Printer& printer, const PrintedCall& call, size_t index) {
  const std::string* pattern = call.literal_text(index);
  if (pattern == nullptr) {
    return printer.Unsupported(call.operands[index]->span,
                               "a regular expression that is not a constant is not supported");
  }
  Result<JavaRegex> regex = JavaRegex::Compile(*pattern);
  if (!regex) {
    return printer.Unsupported(call.operands[index]->span, regex.error().message());
  }
  return ConstantRegex{*std::move(regex), QuoteString(*pattern)};
}

// DuckDB's own test: it plans anchored expressions as comparisons.
Result<std::string> Rlike(Printer& printer, const PrintedCall& call) {
  ASSIGN_OR_RETURN(const ConstantRegex constant, RegexAt(printer, call, 1));
  return fmt::format("regexp_matches({}, {})", call.args[0],
                     QuoteString(constant.regex.test_spelling()));
}

// Java's replacement ($1, \$) in RE2's spelling (\1, $).
Result<std::string> Replacement(Printer& printer, const PrintedCall& call, size_t index,
                                int groups) {
  const std::string* java = call.literal_text(index);
  if (java == nullptr) {
    return printer.Unsupported(call.operands[index]->span,
                               "a replacement that is not a constant is not supported");
  }
  std::string text;
  for (size_t i = 0; i < java->size(); ++i) {
    const char c = (*java)[i];
    const char next = i + 1 < java->size() ? (*java)[i + 1] : '\0';
    if (c == '\\' && next != '\0') {
      text += next == '\\' ? "\\\\" : std::string(1, next);
      ++i;
    } else if (c == '$') {
      if (next < '0' || next > '9' || next - '0' > groups) {
        return printer.Unsupported(call.operands[index]->span,
                                   "the replacement names a group that is not there");
      }
      text += '\\';
      text += next;
      ++i;
    } else {
      text += c;
    }
  }
  return QuoteString(text);
}

Result<std::string> RegexpReplace(Printer& printer, const PrintedCall& call) {
  if (call.args.size() > 3) {
    return printer.Unsupported(call.operands[3]->span,
                               "`regexp_replace` with a position is not supported");
  }
  ASSIGN_OR_RETURN(const ConstantRegex constant, RegexAt(printer, call, 1));
  if (constant.regex.group_count() > 9) {
    return printer.Unsupported(call.operands[1]->span,
                               "`regexp_replace` with more than 9 groups is not supported");
  }
  ASSIGN_OR_RETURN(const std::string replacement,
                   Replacement(printer, call, 2, constant.regex.group_count()));
  return fmt::format("spark_regexp_replace({}, {}, {})", call.args[0], constant.sql, replacement);
}

// Group 1 unless given. The empty text, or list, if nothing matches.
Result<std::string> RegexpExtract(Printer& printer, const PrintedCall& call) {
  ASSIGN_OR_RETURN(const ConstantRegex constant, RegexAt(printer, call, 1));
  int64_t group = 1;
  if (call.args.size() > 2) {
    const Value* literal = call.literal(2);
    if (literal == nullptr || literal->is_null()) {
      return printer.Unsupported(call.operands[2]->span,
                                 "a group number that is not a constant is not supported");
    }
    group = std::get<int64_t>(literal->data);
  }
  if (group < 0 || group > constant.regex.group_count()) {
    return printer.Unsupported(call.expression.span,
                               fmt::format("the regular expression has {} groups, not {}",
                                           constant.regex.group_count(), group));
  }
  if (call.function == "regexp_extract_all") {
    return fmt::format("spark_regexp_extract_all({}, {}, {})", call.args[0], constant.sql, group);
  }
  return fmt::format(
      "(CASE WHEN {0} IS NOT NULL THEN coalesce(spark_regexp_extract({0}, {1}, {2}), '') END)",
      call.args[0], constant.sql, group);
}

Result<std::string> RegexpCount(Printer& printer, const PrintedCall& call) {
  ASSIGN_OR_RETURN(const ConstantRegex constant, RegexAt(printer, call, 1));
  return fmt::format("CAST(len(spark_regexp_extract_all({}, {}, 0)) AS INTEGER)", call.args[0],
                     constant.sql);
}

Result<std::string> RegexpSubstr(Printer& printer, const PrintedCall& call) {
  ASSIGN_OR_RETURN(const ConstantRegex constant, RegexAt(printer, call, 1));
  return fmt::format("spark_regexp_extract({}, {}, 0)", call.args[0], constant.sql);
}

bool IsPlainText(std::string_view pattern) {
  return !pattern.empty() && pattern.find_first_of("\\^$.|?*+()[]{}") == std::string_view::npos;
}

Result<std::string> Split(Printer& printer, const PrintedCall& call) {
  ASSIGN_OR_RETURN(const ConstantRegex constant, RegexAt(printer, call, 1));
  if (call.args.size() == 2 && IsPlainText(*call.literal_text(1))) {
    return fmt::format("string_split({}, {})", call.args[0], call.args[1]);
  }
  return fmt::format("spark_split({}, {}, {})", call.args[0], constant.sql,
                     call.args.size() > 2 ? call.args[2] : "-1");
}

}  // namespace

Translations RegexTranslations() {
  return {
      {"rlike", {{}, Rlike}},
      {"regexp_replace", {{}, RegexpReplace}},
      {"regexp_extract", {{}, RegexpExtract}},
      {"regexp_extract_all", {{}, RegexpExtract}},
      {"regexp_count", {{}, RegexpCount}},
      {"regexp_substr", {{}, RegexpSubstr}},
      {"split", {{}, Split}},
  };
}

}  // namespace medallion::duckdb
