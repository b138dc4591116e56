#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "connection.h"
#include "engine/engine.h"

namespace medallion::duckdb {

// The place in a running query that every row of a batch passes exactly once: counts each rule,
// keeps the rows that break a drop rule aside, and says which rows go on. In the text it is a
// volatile function, which DuckDB neither repeats nor skips; the writer checks its counts against
// the files. Thread-safe.
class RuleGate {
 public:
  struct Counts {
    int64_t rows_read = 0;
    int64_t rows_kept = 0;
    int64_t rows_violating = 0;  // break a rule that fails the update
    std::vector<int64_t> passed;
    std::vector<int64_t> null;
  };

  // Dropped rows go to the table `dropped_table` of `connection`, whose columns are one BOOLEAN per
  // rule and then the columns of `types`; without a name they are only counted. The arguments
  // outlive the gate.
  RuleGate(const std::vector<Rule>& rules, std::vector<DataType> types, Connection& connection,
           std::string dropped_table);
  ~RuleGate();
  RuleGate(const RuleGate&) = delete;
  RuleGate& operator=(const RuleGate&) = delete;

  Status Open();
  // After the query: flushes what was kept aside.
  Status Close();

  // Rows of one chunk: the rules' columns begin at argument 1, the row's own after them.
  Status Pass(duckdb_data_chunk input, idx_t rows, bool* keep);

  Counts counts() const;
  // The first row that breaks a rule that fails the update.
  std::optional<std::vector<Value>> violating_row() const;
  std::optional<Error> failure() const;
  void Fail(Error error);

 private:
  Status SetAside(duckdb_data_chunk input, const std::vector<idx_t>& rows);

  const std::vector<Rule>& rules_;
  std::vector<DataType> types_;
  Connection& connection_;
  std::string dropped_table_;
  mutable std::mutex mutex_;
  Counts counts_;                                    // guarded by mutex_
  std::optional<std::vector<Value>> violating_row_;  // guarded by mutex_
  std::optional<Error> failure_;                     // guarded by mutex_
  duckdb_appender appender_ = nullptr;               // guarded by mutex_
};

// The gates that running queries may name: `medallion_gate(17, …)`. Thread-safe; outlives the
// database.
class RuleGates {
 public:
  class Lease {
   public:
    Lease(RuleGates& gates, RuleGate& gate);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    int64_t id() const { return id_; }

   private:
    RuleGates& gates_;
    int64_t id_;
  };

  Status Register(duckdb_connection connection);
  RuleGate* Find(int64_t id) const;

 private:
  mutable std::mutex mutex_;
  int64_t next_id_ = 1;                 // guarded by mutex_
  std::map<int64_t, RuleGate*> gates_;  // guarded by mutex_
};

}  // namespace medallion::duckdb
