#include "java_regex.h"
#include "spark_functions.h"

// Functions over regular expressions. The expression is an argument, in Java's spelling; the
// translation has made sure that it compiles.

namespace medallion::duckdb {
namespace {

// The expression of the rows so far, compiled once as long as it stays the same.
class RegexOfRow {
 public:
  const JavaRegex* Get(std::string_view java, Failure& failure) {
    if (!regex_ || java_ != java) {
      Result<JavaRegex> compiled = JavaRegex::Compile(java);
      if (!compiled) {
        failure.Raise("UNSUPPORTED", compiled.error().message());
        return nullptr;
      }
      regex_ = *std::move(compiled);
      java_ = java;
    }
    return &*regex_;
  }

 private:
  std::optional<JavaRegex> regex_;
  std::string java_;
};

std::string_view ViewOf(const re2::StringPiece& piece) { return {piece.data(), piece.size()}; }

// `rewrite` names groups as RE2 does: \1.
std::string ReplaceAll(const JavaRegex& regex, std::string_view text, std::string_view rewrite) {
  std::string result;
  size_t copied = 0;
  ForEachMatch(regex, text, [&](const std::vector<re2::StringPiece>& groups) {
    const auto at = static_cast<size_t>(groups[0].data() - text.data());
    result += text.substr(copied, at - copied);
    regex.Rewrite(rewrite, groups, result);
    copied = at + groups[0].size();
    return true;
  });
  result += text.substr(copied);
  return result;
}

// String.split as Spark uses it: with `limit` > 0 at most so many parts; trailing empty parts stay;
// an empty match at the very start yields no part.
std::vector<std::string_view> Split(const JavaRegex& regex, std::string_view text, int32_t limit) {
  std::vector<std::string_view> parts;
  size_t begin = 0;
  ForEachMatch(regex, text, [&](const std::vector<re2::StringPiece>& groups) {
    if (limit > 0 && static_cast<int32_t>(parts.size()) + 1 >= limit) {
      return false;
    }
    const auto at = static_cast<size_t>(groups[0].data() - text.data());
    if (at == 0 && groups[0].empty()) {
      return true;
    }
    parts.push_back(text.substr(begin, at - begin));
    begin = at + groups[0].size();
    return true;
  });
  parts.push_back(text.substr(begin));
  if (regex.test_spelling().empty() && begin > 0 && begin == text.size()) {
    parts.pop_back();  // the empty expression parts characters, without one more at the end
  }
  return parts;
}

void RunReplace(duckdb_data_chunk input, idx_t rows, OutputVector& output, Failure& failure) {
  const InputVector texts(input, 0);
  const InputVector patterns(input, 1);
  const InputVector rewrites(input, 2);
  RegexOfRow regexes;
  for (idx_t row = 0; row < rows; ++row) {
    if (texts.IsNull(row) || patterns.IsNull(row) || rewrites.IsNull(row)) {
      output.SetNull(row);
      continue;
    }
    const JavaRegex* regex = regexes.Get(patterns.Get<std::string_view>(row), failure);
    if (regex == nullptr) {
      return;
    }
    output.Set(row, ReplaceAll(*regex, texts.Get<std::string_view>(row),
                               rewrites.Get<std::string_view>(row)));
  }
}

// The group of the first match; NULL if nothing matches.
void RunExtract(duckdb_data_chunk input, idx_t rows, OutputVector& output, Failure& failure) {
  const InputVector texts(input, 0);
  const InputVector patterns(input, 1);
  const InputVector group_numbers(input, 2);
  RegexOfRow regexes;
  std::vector<re2::StringPiece> groups;
  for (idx_t row = 0; row < rows; ++row) {
    if (texts.IsNull(row) || patterns.IsNull(row) || group_numbers.IsNull(row)) {
      output.SetNull(row);
      continue;
    }
    const JavaRegex* regex = regexes.Get(patterns.Get<std::string_view>(row), failure);
    if (regex == nullptr) {
      return;
    }
    if (regex->Find(texts.Get<std::string_view>(row), 0, groups)) {
      output.Set(row, ViewOf(groups[static_cast<size_t>(group_numbers.Get<int32_t>(row))]));
    } else {
      output.SetNull(row);
    }
  }
}

// Fills a list of texts per row from `parts_of(regex, text, number)`.
template <class PartsOf>
void RunLists(duckdb_data_chunk input, idx_t rows, OutputVector& output, Failure& failure,
              const PartsOf& parts_of) {
  const InputVector texts(input, 0);
  const InputVector patterns(input, 1);
  const InputVector numbers(input, 2);
  RegexOfRow regexes;
  std::vector<duckdb_list_entry> entries(rows);
  std::vector<std::string_view> all;
  for (idx_t row = 0; row < rows; ++row) {
    entries[row] = {all.size(), 0};
    if (texts.IsNull(row) || patterns.IsNull(row) || numbers.IsNull(row)) {
      output.SetNull(row);
      continue;
    }
    const JavaRegex* regex = regexes.Get(patterns.Get<std::string_view>(row), failure);
    if (regex == nullptr) {
      return;
    }
    const std::vector<std::string_view> parts =
        parts_of(*regex, texts.Get<std::string_view>(row), numbers.Get<int32_t>(row));
    all.insert(all.end(), parts.begin(), parts.end());
    entries[row].length = parts.size();
  }
  duckdb_list_vector_reserve(output.vector(), all.size());
  duckdb_list_vector_set_size(output.vector(), all.size());
  OutputVector members(duckdb_list_vector_get_child(output.vector()));
  for (size_t i = 0; i < all.size(); ++i) {
    members.Set(i, all[i]);
  }
  for (idx_t row = 0; row < rows; ++row) {
    output.Set(row, entries[row]);
  }
}

void RunSplit(duckdb_data_chunk input, idx_t rows, OutputVector& output, Failure& failure) {
  RunLists(input, rows, output, failure, Split);
}

void RunExtractAll(duckdb_data_chunk input, idx_t rows, OutputVector& output, Failure& failure) {
  RunLists(input, rows, output, failure,
           [](const JavaRegex& regex, std::string_view text, int32_t group) {
             std::vector<std::string_view> parts;
             ForEachMatch(regex, text, [&](const std::vector<re2::StringPiece>& groups) {
               parts.push_back(ViewOf(groups[static_cast<size_t>(group)]));
               return true;
             });
             return parts;
           });
}

using RegexFunction = void (*)(duckdb_data_chunk, idx_t, OutputVector&, Failure&);

ScalarFunction Function(std::string name, duckdb_type third, LogicalType result,
                        RegexFunction run) {
  ScalarFunction function;
  function.name = std::move(name);
  function.parameters.push_back(MakeType(DUCKDB_TYPE_VARCHAR));
  function.parameters.push_back(MakeType(DUCKDB_TYPE_VARCHAR));
  function.parameters.push_back(MakeType(third));
  function.result = std::move(result);
  function.run = run;
  return function;
}

}  // namespace

std::vector<ScalarFunction> RegexFunctions() {
  std::vector<ScalarFunction> functions;
  functions.push_back(Function("spark_regexp_replace", DUCKDB_TYPE_VARCHAR,
                               MakeType(DUCKDB_TYPE_VARCHAR), RunReplace));
  functions.push_back(Function("spark_regexp_extract", DUCKDB_TYPE_INTEGER,
                               MakeType(DUCKDB_TYPE_VARCHAR), RunExtract));
  functions.push_back(Function("spark_regexp_extract_all", DUCKDB_TYPE_INTEGER,
                               MakeListType(DUCKDB_TYPE_VARCHAR), RunExtractAll));
  functions.push_back(
      Function("spark_split", DUCKDB_TYPE_INTEGER, MakeListType(DUCKDB_TYPE_VARCHAR), RunSplit));
  return functions;
}

}  // namespace medallion::duckdb
