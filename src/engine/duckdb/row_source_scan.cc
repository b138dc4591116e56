#include "row_source_scan.h"

#include <algorithm>

#include "base/check.h"
#include "column_types.h"

namespace medallion::duckdb {

void SourceScan::Fail(Error error) {
  const std::lock_guard lock(mutex_);
  if (!failure_) {
    failure_ = std::move(error);
  }
}

std::optional<Error> SourceScan::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

SourceScans::Lease::Lease(SourceScans& scans, std::shared_ptr<SourceScan> scan)
    : scans_(scans), scan_(std::move(scan)) {
  const std::lock_guard lock(scans_.mutex_);
  id_ = scans_.next_id_++;
  scans_.scans_.emplace(id_, scan_);
}

SourceScans::Lease::~Lease() {
  const std::lock_guard lock(scans_.mutex_);
  scans_.scans_.erase(id_);
}

std::string SourceScans::Lease::sql() const { return fmt::format("medallion_rows({})", id_); }

std::shared_ptr<SourceScan> SourceScans::Find(int64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto found = scans_.find(id);
  return found == scans_.end() ? nullptr : found->second;
}

namespace {

using ScanPointer = std::shared_ptr<SourceScan>;

// What all threads of one scan share.
struct SharedState {
  std::vector<size_t> columns;        // indices into the source's schema, as DuckDB wants them
  std::vector<idx_t> output_columns;  // where each goes in the output chunk
  std::atomic<size_t> next_partition = 0;
};

struct ThreadState {
  std::unique_ptr<RowReader> reader;
  ColumnBatch batch;
};

template <class T>
void Delete(void* pointer) {
  delete static_cast<T*>(pointer);
}

void Bind(duckdb_bind_info info) {
  const auto& scans = *static_cast<const SourceScans*>(duckdb_bind_get_extra_info(info));
  duckdb_value parameter = duckdb_bind_get_parameter(info, 0);
  const int64_t id = duckdb_get_int64(parameter);
  duckdb_destroy_value(&parameter);
  const ScanPointer scan = scans.Find(id);
  if (scan == nullptr) {
    duckdb_bind_set_error(info, "the row source is gone");
    return;
  }
  const Schema& schema = scan->source->schema();
  for (size_t i = 0; i < schema.size(); ++i) {
    const LogicalType type = ToLogicalType(schema[i].type);
    duckdb_bind_add_result_column(info, ("f" + std::to_string(i)).c_str(), type.get());
  }
  duckdb_bind_set_bind_data(info, new ScanPointer(scan), Delete<ScanPointer>);
}

const SourceScan& ScanOf(void* bind_data) { return **static_cast<const ScanPointer*>(bind_data); }

void InitShared(duckdb_init_info info) {
  const SourceScan& scan = ScanOf(duckdb_init_get_bind_data(info));
  auto state = std::make_unique<SharedState>();
  for (idx_t i = 0; i < duckdb_init_get_column_count(info); ++i) {
    const idx_t column = duckdb_init_get_column_index(info, i);
    // count(*) asks for a row number, whose values nobody reads.
    if (column < scan.source->schema().size()) {
      state->columns.push_back(column);
      state->output_columns.push_back(i);
    }
  }
  const size_t threads =
      std::min<size_t>(scan.source->partition_count(), static_cast<size_t>(scan.threads_max));
  duckdb_init_set_max_threads(info, std::max<size_t>(threads, 1));
  duckdb_init_set_init_data(info, state.release(), Delete<SharedState>);
}

void InitThread(duckdb_init_info info) {
  duckdb_init_set_init_data(info, new ThreadState, Delete<ThreadState>);
}

// Fills the thread's batch with its next rows, moving on to the next partition as one ends. An
// empty batch means that no partition is left.
Status NextBatch(SourceScan& scan, SharedState& shared, ThreadState& thread) {
  for (;;) {
    if (scan.cancellation != nullptr) {
      RETURN_IF_ERROR(scan.cancellation->Check());
    }
    if (thread.reader == nullptr) {
      const size_t partition = shared.next_partition.fetch_add(1, std::memory_order_relaxed);
      if (partition >= scan.source->partition_count()) {
        thread.batch.row_count = 0;
        return {};
      }
      ASSIGN_OR_RETURN(thread.reader, scan.source->Open(partition, shared.columns));
    }
    RETURN_IF_ERROR(thread.reader->Next(thread.batch));
    if (thread.batch.row_count > 0) {
      return {};
    }
    thread.reader = nullptr;
  }
}

void Produce(duckdb_function_info info, duckdb_data_chunk output) {
  SourceScan& scan = **static_cast<ScanPointer*>(duckdb_function_get_bind_data(info));
  auto& shared = *static_cast<SharedState*>(duckdb_function_get_init_data(info));
  auto& thread = *static_cast<ThreadState*>(duckdb_function_get_local_init_data(info));
  if (Status status = NextBatch(scan, shared, thread); !status) {
    scan.Fail(std::move(status).error());
    duckdb_function_set_error(info, "the row source failed");
    return;
  }
  const ColumnBatch& batch = thread.batch;
  CHECK(batch.row_count <= duckdb_vector_size());
  // A thread that found no partition has no columns either.
  for (size_t i = 0; i < shared.columns.size() && batch.row_count > 0; ++i) {
    FillVector(duckdb_data_chunk_get_vector(output, shared.output_columns[i]), batch.columns[i],
               batch.row_count, scan.source->schema()[shared.columns[i]].type);
  }
  duckdb_data_chunk_set_size(output, batch.row_count);
  scan.rows_read.fetch_add(static_cast<int64_t>(batch.row_count), std::memory_order_relaxed);
}

struct TableFunctionDeleter {
  void operator()(duckdb_table_function function) const {
    duckdb_destroy_table_function(&function);
  }
};

}  // namespace

Status SourceScans::Register(duckdb_connection connection) {
  const std::unique_ptr<std::remove_pointer_t<duckdb_table_function>, TableFunctionDeleter>
      function(duckdb_create_table_function());
  duckdb_table_function_set_name(function.get(), "medallion_rows");
  const LogicalType id = MakeType(DUCKDB_TYPE_BIGINT);
  duckdb_table_function_add_parameter(function.get(), id.get());
  duckdb_table_function_set_extra_info(function.get(), this, nullptr);
  duckdb_table_function_set_bind(function.get(), Bind);
  duckdb_table_function_set_init(function.get(), InitShared);
  duckdb_table_function_set_local_init(function.get(), InitThread);
  duckdb_table_function_set_function(function.get(), Produce);
  duckdb_table_function_supports_projection_pushdown(function.get(), true);
  if (duckdb_register_table_function(connection, function.get()) != DuckDBSuccess) {
    return Error(ErrorCode::kInternal,
                 "the table function for row sources could not be registered");
  }
  return {};
}

}  // namespace medallion::duckdb
