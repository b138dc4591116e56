#include "database.h"

#include <condition_variable>
#include <filesystem>
#include <thread>

#include <unistd.h>

#include "sql_text.h"

namespace medallion::duckdb {
namespace {

constexpr std::chrono::milliseconds kWatchInterval{20};

struct ConfigDeleter {
  void operator()(duckdb_config config) const { duckdb_destroy_config(&config); }
};

}  // namespace

Result<std::shared_ptr<Database>> Database::Open(const DuckDbOptions& options) {
  std::shared_ptr<Database> database(new Database);
  RETURN_IF_ERROR(database->Configure(options));
  return database;
}

Status Database::Configure(const DuckDbOptions& options) {
  threads_ = options.threads > 0
                 ? options.threads
                 : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  std::error_code ignored;
  const std::string spill_folder = options.spill_folder.empty()
                                       ? (std::filesystem::temp_directory_path(ignored) /
                                          fmt::format("medallion-spill-{}", getpid()))
                                             .string()
                                       : options.spill_folder;
  duckdb_config raw = nullptr;
  if (duckdb_create_config(&raw) != DuckDBSuccess) {
    return Error(ErrorCode::kInternal, "the engine's settings could not be made");
  }
  const std::unique_ptr<std::remove_pointer_t<duckdb_config>, ConfigDeleter> config(raw);
  const std::pair<const char*, std::string> settings[] = {
      {"threads", std::to_string(threads_)},
      {"memory_limit", fmt::format("{}KiB", options.memory_limit_bytes / 1024)},
      {"temp_directory", spill_folder},
      // Everything needed is linked in; nothing is ever fetched.
      {"autoload_known_extensions", "false"},
      {"autoinstall_known_extensions", "false"},
      {"allow_community_extensions", "false"},
      {"allow_unsigned_extensions", "false"},
      // With it, reading files and writing Parquet would run on one thread: our sources have no
      // order between partitions. ORDER BY is kept either way.
      {"preserve_insertion_order", "false"},
      {"default_null_order", "nulls_last"},
  };
  for (const auto& [name, value] : settings) {
    if (duckdb_set_config(config.get(), name, value.c_str()) != DuckDBSuccess) {
      return Error(ErrorCode::kInvalidArgument,
                   fmt::format("the engine refuses the setting {} = {}", name, value));
    }
  }
  char* message = nullptr;
  if (duckdb_open_ext(nullptr, &handle_, config.get(), &message) != DuckDBSuccess) {
    Error error(ErrorCode::kEnvironment,
                fmt::format("the engine did not start: {}", message == nullptr ? "" : message));
    duckdb_free(message);
    return error;
  }
  ASSIGN_OR_RETURN(Connection connection, Connect());
  RETURN_IF_ERROR(connection.Execute("SET GLOBAL TimeZone = 'UTC'"));
  for (const auto& make :
       {CastFunctions, MathFunctions, RegexFunctions, TextFunctions, TimeFunctions}) {
    for (ScalarFunction& function : make()) {
      RETURN_IF_ERROR(RegisterScalarFunction(connection.handle(), std::move(function)));
    }
  }
  RETURN_IF_ERROR(scans_.Register(connection.handle()));
  RETURN_IF_ERROR(gates_.Register(connection.handle()));
  return connection.Execute("SET lock_configuration = true");
}

Database::~Database() {
  if (handle_ != nullptr) {
    duckdb_close(&handle_);
  }
}

Result<Connection> Database::Connect() {
  duckdb_connection connection = nullptr;
  if (duckdb_connect(handle_, &connection) != DuckDBSuccess) {
    return Error(ErrorCode::kInternal, "the engine did not open a connection");
  }
  return Connection(connection);
}

Status Database::Ensure(const std::map<std::string, DecimalFunction>& functions) {
  const std::lock_guard lock(mutex_);
  std::optional<Connection> connection;
  for (const auto& [name, function] : functions) {
    if (decimal_functions_.contains(name)) {
      continue;
    }
    if (!connection) {
      ASSIGN_OR_RETURN(Connection opened, Connect());
      connection.emplace(std::move(opened));
    }
    RETURN_IF_ERROR(RegisterScalarFunction(connection->handle(), function.Make()));
    decimal_functions_.insert(name);
  }
  return {};
}

struct QueryWatch::State {
  std::mutex mutex;
  std::condition_variable stopped;
  bool stop = false;  // guarded by mutex
  std::thread thread;
};

QueryWatch::QueryWatch(Connection& connection, CancellationToken* cancellation,
                       std::function<void()> on_tick) {
  if (cancellation == nullptr && on_tick == nullptr) {
    return;
  }
  state_ = std::make_unique<State>();
  state_->thread =
      std::thread([state = state_.get(), &connection, cancellation, tick = std::move(on_tick)] {
        std::unique_lock lock(state->mutex);
        while (!state->stopped.wait_for(lock, kWatchInterval, [state] { return state->stop; })) {
          lock.unlock();
          if (cancellation != nullptr && cancellation->cancelled()) {
            // Again at every tick: an interrupt that comes between two queries is lost.
            connection.Interrupt();
          }
          if (tick != nullptr) {
            tick();
          }
          lock.lock();
        }
      });
}

QueryWatch::~QueryWatch() {
  if (state_ == nullptr) {
    return;
  }
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->stopped.notify_one();
  state_->thread.join();
}

}  // namespace medallion::duckdb
