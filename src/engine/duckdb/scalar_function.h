#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <duckdb.h>

#include "base/check.h"
#include "base/decimal.h"
#include "base/result.h"

// Scalar functions of ours, registered through DuckDB's C API and run over whole vectors.

namespace medallion::duckdb {

// A DuckDB logical type that destroys itself.
struct LogicalTypeDeleter {
  void operator()(duckdb_logical_type type) const { duckdb_destroy_logical_type(&type); }
};
using LogicalType = std::unique_ptr<std::remove_pointer_t<duckdb_logical_type>, LogicalTypeDeleter>;

LogicalType MakeType(duckdb_type type);
LogicalType MakeDecimalType(int precision, int scale);
LogicalType MakeListType(duckdb_type element);

// Set by a function that meets a value it must refuse. The first refusal of a chunk wins.
class Failure {
 public:
  // Returns nothing, so that a function can `return failure.Raise(…)`.
  std::nullopt_t Raise(std::string_view condition, std::string_view message);
  bool raised() const { return raised_; }
  const std::string& encoded() const { return encoded_; }

 private:
  bool raised_ = false;
  std::string encoded_;
};

// One argument's rows. All payloads of a chunk are flat.
class InputVector {
 public:
  InputVector(duckdb_data_chunk chunk, idx_t column)
      : vector_(duckdb_data_chunk_get_vector(chunk, column)),
        data_(duckdb_vector_get_data(vector_)),
        validity_(duckdb_vector_get_validity(vector_)) {}
  explicit InputVector(duckdb_vector vector)
      : vector_(vector),
        data_(duckdb_vector_get_data(vector)),
        validity_(duckdb_vector_get_validity(vector)) {}

  duckdb_vector vector() const { return vector_; }
  bool IsNull(idx_t row) const {
    return validity_ != nullptr && !duckdb_validity_row_is_valid(validity_, row);
  }

  template <class T>
  T Get(idx_t row) const {
    if constexpr (std::is_same_v<T, std::string_view>) {
      duckdb_string_t& text = static_cast<duckdb_string_t*>(data_)[row];
      return {duckdb_string_t_data(&text), duckdb_string_t_length(text)};
    } else {
      return static_cast<const T*>(data_)[row];
    }
  }

 private:
  duckdb_vector vector_;
  void* data_;
  uint64_t* validity_;
};

// The result's rows.
class OutputVector {
 public:
  explicit OutputVector(duckdb_vector vector)
      : vector_(vector), data_(duckdb_vector_get_data(vector)) {}

  duckdb_vector vector() const { return vector_; }
  void SetNull(idx_t row) {
    duckdb_vector_ensure_validity_writable(vector_);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector_), row);
  }
  template <class T>
  void Set(idx_t row, const T& value) {
    if constexpr (std::is_convertible_v<T, std::string_view>) {
      const std::string_view text = value;
      duckdb_vector_assign_string_element_len(vector_, row, text.data(), text.size());
    } else {
      static_cast<T*>(data_)[row] = value;
    }
  }

 private:
  duckdb_vector vector_;
  void* data_;
};

// A function's whole definition. `run` fills `rows` rows of the output and may raise; it must treat
// NULL arguments itself.
struct ScalarFunction {
  std::string name;
  std::vector<LogicalType> parameters;
  LogicalType result;
  std::function<void(duckdb_data_chunk input, idx_t rows, OutputVector& output, Failure& failure)>
      run;
};

Status RegisterScalarFunction(duckdb_connection connection, ScalarFunction function);

// The DuckDB type that a C++ argument or result type stands for.
template <class T>
constexpr duckdb_type TypeIdOf() {
  if constexpr (std::is_same_v<T, bool>) {
    return DUCKDB_TYPE_BOOLEAN;
  } else if constexpr (std::is_same_v<T, int8_t>) {
    return DUCKDB_TYPE_TINYINT;
  } else if constexpr (std::is_same_v<T, int16_t>) {
    return DUCKDB_TYPE_SMALLINT;
  } else if constexpr (std::is_same_v<T, int32_t>) {
    return DUCKDB_TYPE_INTEGER;
  } else if constexpr (std::is_same_v<T, int64_t>) {
    return DUCKDB_TYPE_BIGINT;
  } else if constexpr (std::is_same_v<T, float>) {
    return DUCKDB_TYPE_FLOAT;
  } else if constexpr (std::is_same_v<T, double>) {
    return DUCKDB_TYPE_DOUBLE;
  } else {
    static_assert(std::is_convertible_v<T, std::string_view>);
    return DUCKDB_TYPE_VARCHAR;
  }
}

namespace internal {

template <class R, class... Args, size_t... I>
void RunRowWise(std::optional<R> (*body)(Failure&, Args...), duckdb_data_chunk input, idx_t rows,
                OutputVector& output, Failure& failure, std::index_sequence<I...>) {
  const InputVector columns[] = {InputVector(input, I)...};
  for (idx_t row = 0; row < rows && !failure.raised(); ++row) {
    if ((columns[I].IsNull(row) || ...)) {
      output.SetNull(row);
      continue;
    }
    if (const std::optional<R> value = body(failure, columns[I].template Get<Args>(row)...)) {
      output.Set(row, *value);
    } else {
      output.SetNull(row);
    }
  }
}

}  // namespace internal

// A function of one row at a time: NULL if any argument is NULL or if `body` returns nothing.
template <class R, class... Args>
ScalarFunction RowWise(std::string name, std::optional<R> (*body)(Failure&, Args...)) {
  ScalarFunction function;
  function.name = std::move(name);
  (function.parameters.push_back(MakeType(TypeIdOf<Args>())), ...);
  function.result = MakeType(TypeIdOf<R>());
  function.run = [body](duckdb_data_chunk input, idx_t rows, OutputVector& output,
                        Failure& failure) {
    internal::RunRowWise<R, Args...>(body, input, rows, output, failure,
                                     std::index_sequence_for<Args...>());
  };
  return function;
}

// The same with other DuckDB types of equal layout, e.g. DATE over int32_t.
template <class R, class... Args>
ScalarFunction RowWise(std::string name, std::vector<duckdb_type> parameters, duckdb_type result,
                       std::optional<R> (*body)(Failure&, Args...)) {
  CHECK(parameters.size() == sizeof...(Args));
  ScalarFunction function = RowWise(std::move(name), body);
  for (size_t i = 0; i < parameters.size(); ++i) {
    function.parameters[i] = MakeType(parameters[i]);
  }
  function.result = MakeType(result);
  return function;
}

// Decimals of any precision as 128-bit integers.
int128_t ReadDecimal(duckdb_vector vector, duckdb_type storage, idx_t row);
void WriteDecimal(duckdb_vector vector, duckdb_type storage, idx_t row, int128_t unscaled);
// How DuckDB stores decimals of a precision: SMALLINT, INTEGER, BIGINT or HUGEINT.
duckdb_type DecimalStorage(int precision);

}  // namespace medallion::duckdb
