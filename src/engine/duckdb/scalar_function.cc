#include "scalar_function.h"

#include "connection.h"

namespace medallion::duckdb {
namespace {

struct ScalarFunctionHandleDeleter {
  void operator()(duckdb_scalar_function function) const {
    duckdb_destroy_scalar_function(&function);
  }
};
using ScalarFunctionHandle =
    std::unique_ptr<std::remove_pointer_t<duckdb_scalar_function>, ScalarFunctionHandleDeleter>;

void RunFunction(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector result) {
  const auto& function =
      *static_cast<const ScalarFunction*>(duckdb_scalar_function_get_extra_info(info));
  OutputVector output(result);
  Failure failure;
  function.run(input, duckdb_data_chunk_get_size(input), output, failure);
  if (failure.raised()) {
    duckdb_scalar_function_set_error(info, failure.encoded().c_str());
  }
}

void DeleteFunction(void* function) { delete static_cast<ScalarFunction*>(function); }

}  // namespace

LogicalType MakeType(duckdb_type type) { return LogicalType(duckdb_create_logical_type(type)); }

LogicalType MakeDecimalType(int precision, int scale) {
  return LogicalType(
      duckdb_create_decimal_type(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale)));
}

LogicalType MakeListType(duckdb_type element) {
  const LogicalType child = MakeType(element);
  return LogicalType(duckdb_create_list_type(child.get()));
}

std::nullopt_t Failure::Raise(std::string_view condition, std::string_view message) {
  if (!raised_) {
    raised_ = true;
    encoded_ = EncodeFailure(condition, message);
  }
  return std::nullopt;
}

Status RegisterScalarFunction(duckdb_connection connection, ScalarFunction function) {
  const ScalarFunctionHandle handle(duckdb_create_scalar_function());
  const std::string name = function.name;
  duckdb_scalar_function_set_name(handle.get(), name.c_str());
  for (const LogicalType& parameter : function.parameters) {
    duckdb_scalar_function_add_parameter(handle.get(), parameter.get());
  }
  duckdb_scalar_function_set_return_type(handle.get(), function.result.get());
  duckdb_scalar_function_set_special_handling(handle.get());
  duckdb_scalar_function_set_function(handle.get(), RunFunction);
  // DuckDB owns the definition from here on and deletes it with the catalogue entry.
  duckdb_scalar_function_set_extra_info(handle.get(), new ScalarFunction(std::move(function)),
                                        DeleteFunction);
  if (duckdb_register_scalar_function(connection, handle.get()) != DuckDBSuccess) {
    return Error(ErrorCode::kInternal, "a scalar function could not be registered: " + name);
  }
  return {};
}

duckdb_type DecimalStorage(int precision) {
  return precision <= 4    ? DUCKDB_TYPE_SMALLINT
         : precision <= 9  ? DUCKDB_TYPE_INTEGER
         : precision <= 18 ? DUCKDB_TYPE_BIGINT
                           : DUCKDB_TYPE_HUGEINT;
}

int128_t ReadDecimal(duckdb_vector vector, duckdb_type storage, idx_t row) {
  const void* data = duckdb_vector_get_data(vector);
  switch (storage) {
    case DUCKDB_TYPE_SMALLINT: return static_cast<const int16_t*>(data)[row];
    case DUCKDB_TYPE_INTEGER: return static_cast<const int32_t*>(data)[row];
    case DUCKDB_TYPE_BIGINT: return static_cast<const int64_t*>(data)[row];
    default: break;
  }
  const duckdb_hugeint& value = static_cast<const duckdb_hugeint*>(data)[row];
  return int128_t{value.upper} * (int128_t{1} << 64) + value.lower;
}

void WriteDecimal(duckdb_vector vector, duckdb_type storage, idx_t row, int128_t unscaled) {
  void* data = duckdb_vector_get_data(vector);
  switch (storage) {
    case DUCKDB_TYPE_SMALLINT:
      static_cast<int16_t*>(data)[row] = static_cast<int16_t>(unscaled);
      return;
    case DUCKDB_TYPE_INTEGER:
      static_cast<int32_t*>(data)[row] = static_cast<int32_t>(unscaled);
      return;
    case DUCKDB_TYPE_BIGINT:
      static_cast<int64_t*>(data)[row] = static_cast<int64_t>(unscaled);
      return;
    default: break;
  }
  duckdb_hugeint& value = static_cast<duckdb_hugeint*>(data)[row];
  value.lower = static_cast<uint64_t>(unscaled);
  value.upper = static_cast<int64_t>(unscaled >> 64);
}

}  // namespace medallion::duckdb
