#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "base/random.h"
#include "connection.h"
#include "engine_duckdb/duckdb_engine.h"
#include "printer.h"
#include "row_source_scan.h"
#include "rule_gate.h"

namespace medallion::duckdb {

// One in-memory database with our settings and functions. Thread-safe.
class Database {
 public:
  static Result<std::shared_ptr<Database>> Open(const DuckDbOptions& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Result<Connection> Connect();
  // Registers what a printed query needs and this database lacks.
  Status Ensure(const std::map<std::string, DecimalFunction>& functions);

  SourceScans& scans() { return scans_; }
  RuleGates& gates() { return gates_; }
  int threads() const { return threads_; }
  // Names of new files.
  Random& random() { return random_; }

 private:
  Database() = default;
  Status Configure(const DuckDbOptions& options);

  SourceScans scans_;  // these two outlive the handle
  RuleGates gates_;
  duckdb_database handle_ = nullptr;
  int threads_ = 1;
  Random random_{Random::SystemSeed()};
  std::mutex mutex_;
  std::set<std::string> decimal_functions_;  // guarded by mutex_
};

// Interrupts a connection's query when its token is cancelled, and reports progress, from a thread
// of its own that lives as long as this object. Does nothing if there is neither a token nor a
// listener.
class QueryWatch {
 public:
  QueryWatch(Connection& connection, CancellationToken* cancellation,
             std::function<void()> on_tick);
  ~QueryWatch();
  QueryWatch(const QueryWatch&) = delete;
  QueryWatch& operator=(const QueryWatch&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace medallion::duckdb
