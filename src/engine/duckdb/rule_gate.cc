#include "rule_gate.h"

#include "column_types.h"
#include "sql_text.h"

namespace medallion::duckdb {
namespace {

constexpr idx_t kFirstRule = 1;  // argument 0 is the gate's number

}  // namespace

RuleGate::RuleGate(const std::vector<Rule>& rules, std::vector<DataType> types,
                   Connection& connection, std::string dropped_table)
    : rules_(rules),
      types_(std::move(types)),
      connection_(connection),
      dropped_table_(std::move(dropped_table)) {
  counts_.passed.assign(rules.size(), 0);
  counts_.null.assign(rules.size(), 0);
}

RuleGate::~RuleGate() {
  if (appender_ != nullptr) {
    duckdb_appender_destroy(&appender_);
  }
}

Status RuleGate::Open() {
  if (dropped_table_.empty()) {
    return {};
  }
  std::string columns;
  for (size_t i = 0; i < rules_.size(); ++i) {
    columns += fmt::format("{}r{} BOOLEAN", i == 0 ? "" : ", ", i);
  }
  for (size_t i = 0; i < types_.size(); ++i) {
    columns += fmt::format(", o{} {}", i, TypeName(types_[i]));
  }
  RETURN_IF_ERROR(
      connection_.Execute(fmt::format("CREATE TEMP TABLE {} ({})", dropped_table_, columns)));
  if (duckdb_appender_create(connection_.handle(), nullptr, dropped_table_.c_str(), &appender_) !=
      DuckDBSuccess) {
    return Error(ErrorCode::kInternal, "the table for dropped rows could not be filled");
  }
  return {};
}

Status RuleGate::Close() {
  const std::lock_guard lock(mutex_);
  if (appender_ != nullptr && duckdb_appender_close(appender_) != DuckDBSuccess) {
    const char* text = duckdb_appender_error(appender_);
    return TranslateError(DUCKDB_ERROR_INVALID_INPUT,
                          text == nullptr ? "dropped rows could not be kept" : text);
  }
  return {};
}

Status RuleGate::Pass(duckdb_data_chunk input, idx_t rows, bool* keep) {
  Counts counts;
  counts.rows_read = static_cast<int64_t>(rows);
  std::fill_n(keep, rows, true);
  std::vector<uint8_t> violating(rows, 0);
  for (size_t i = 0; i < rules_.size(); ++i) {
    const InputVector results(input, kFirstRule + i);
    int64_t passed = 0;
    int64_t null = 0;
    for (idx_t row = 0; row < rows; ++row) {
      const bool is_null = results.IsNull(row);
      const bool met = !is_null && results.Get<bool>(row);
      passed += met ? 1 : 0;
      null += is_null ? 1 : 0;
      if (!met && rules_[i].action == RuleAction::kDropRow) {
        keep[row] = false;
      } else if (!met && rules_[i].action == RuleAction::kFailUpdate) {
        violating[row] = 1;
      }
    }
    counts.passed.push_back(passed);
    counts.null.push_back(null);
  }
  std::vector<idx_t> dropped;
  std::optional<idx_t> first_violating;
  for (idx_t row = 0; row < rows; ++row) {
    if (!keep[row]) {
      dropped.push_back(row);
    }
    if (violating[row] != 0) {
      ++counts.rows_violating;
      first_violating = first_violating.value_or(row);
    }
  }
  const std::lock_guard lock(mutex_);
  counts_.rows_read += counts.rows_read;
  counts_.rows_kept += counts.rows_read - static_cast<int64_t>(dropped.size());
  counts_.rows_violating += counts.rows_violating;
  for (size_t i = 0; i < rules_.size(); ++i) {
    counts_.passed[i] += counts.passed[i];
    counts_.null[i] += counts.null[i];
  }
  if (first_violating && !violating_row_) {
    violating_row_.emplace();
    for (size_t i = 0; i < types_.size(); ++i) {
      violating_row_->push_back(
          ReadValue(duckdb_data_chunk_get_vector(input, kFirstRule + rules_.size() + i), types_[i],
                    *first_violating));
    }
  }
  return appender_ == nullptr || dropped.empty() ? OkStatus() : SetAside(input, dropped);
}

Status RuleGate::SetAside(duckdb_data_chunk input, const std::vector<idx_t>& rows) {
  const size_t width = rules_.size() + types_.size();
  std::vector<LogicalType> owned;
  std::vector<duckdb_logical_type> types;
  for (size_t i = 0; i < width; ++i) {
    owned.push_back(
        ToLogicalType(i < rules_.size() ? DataType::Boolean() : types_[i - rules_.size()]));
    types.push_back(owned.back().get());
  }
  const Chunk chunk(duckdb_create_data_chunk(types.data(), types.size()));
  duckdb_selection_vector selection = duckdb_create_selection_vector(rows.size());
  std::copy(rows.begin(), rows.end(), duckdb_selection_vector_get_data_ptr(selection));
  for (size_t i = 0; i < width; ++i) {
    duckdb_vector_copy_sel(duckdb_data_chunk_get_vector(input, kFirstRule + i),
                           duckdb_data_chunk_get_vector(chunk.get(), i), selection, rows.size(), 0,
                           0);
  }
  duckdb_destroy_selection_vector(selection);
  duckdb_data_chunk_set_size(chunk.get(), rows.size());
  if (duckdb_append_data_chunk(appender_, chunk.get()) != DuckDBSuccess) {
    const char* text = duckdb_appender_error(appender_);
    return TranslateError(DUCKDB_ERROR_INVALID_INPUT,
                          text == nullptr ? "dropped rows could not be kept" : text);
  }
  return {};
}

RuleGate::Counts RuleGate::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

std::optional<std::vector<Value>> RuleGate::violating_row() const {
  const std::lock_guard lock(mutex_);
  return violating_row_;
}

std::optional<Error> RuleGate::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void RuleGate::Fail(Error error) {
  const std::lock_guard lock(mutex_);
  if (!failure_) {
    failure_ = std::move(error);
  }
}

RuleGates::Lease::Lease(RuleGates& gates, RuleGate& gate) : gates_(gates) {
  const std::lock_guard lock(gates_.mutex_);
  id_ = gates_.next_id_++;
  gates_.gates_.emplace(id_, &gate);
}

RuleGates::Lease::~Lease() {
  const std::lock_guard lock(gates_.mutex_);
  gates_.gates_.erase(id_);
}

RuleGate* RuleGates::Find(int64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto found = gates_.find(id);
  return found == gates_.end() ? nullptr : found->second;
}

namespace {

void RunGate(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector result) {
  const auto& gates = *static_cast<const RuleGates*>(duckdb_scalar_function_get_extra_info(info));
  const idx_t rows = duckdb_data_chunk_get_size(input);
  if (rows == 0) {
    return;
  }
  RuleGate* gate = gates.Find(InputVector(input, 0).Get<int64_t>(0));
  if (gate == nullptr) {
    duckdb_scalar_function_set_error(info, "the batch is over");
    return;
  }
  if (Status status = gate->Pass(input, rows, static_cast<bool*>(duckdb_vector_get_data(result)));
      !status) {
    gate->Fail(std::move(status).error());
    duckdb_scalar_function_set_error(info, "the rules could not be counted");
  }
}

struct ScalarFunctionDeleter {
  void operator()(duckdb_scalar_function function) const {
    duckdb_destroy_scalar_function(&function);
  }
};

}  // namespace

Status RuleGates::Register(duckdb_connection connection) {
  const std::unique_ptr<std::remove_pointer_t<duckdb_scalar_function>, ScalarFunctionDeleter>
      function(duckdb_create_scalar_function());
  const LogicalType any = MakeType(DUCKDB_TYPE_ANY);
  const LogicalType boolean = MakeType(DUCKDB_TYPE_BOOLEAN);
  duckdb_scalar_function_set_name(function.get(), "medallion_gate");
  duckdb_scalar_function_set_varargs(function.get(), any.get());
  duckdb_scalar_function_set_return_type(function.get(), boolean.get());
  duckdb_scalar_function_set_special_handling(function.get());
  duckdb_scalar_function_set_volatile(function.get());
  duckdb_scalar_function_set_extra_info(function.get(), this, nullptr);
  duckdb_scalar_function_set_function(function.get(), RunGate);
  if (duckdb_register_scalar_function(connection, function.get()) != DuckDBSuccess) {
    return Error(ErrorCode::kInternal, "the function that counts rules could not be registered");
  }
  return {};
}

}  // namespace medallion::duckdb
