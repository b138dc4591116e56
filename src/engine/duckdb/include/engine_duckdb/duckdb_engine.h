#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "delta/checkpoint_engine.h"
#include "engine/engine.h"

namespace medallion {

struct DuckDbOptions {
  // The memory that DuckDB may use before it spills; the process needs some more.
  uint64_t memory_limit_bytes = uint64_t{400} << 20;
  int threads = 0;           // 0: one per core
  std::string spill_folder;  // absolute; empty: the system's temporary folder
};

// An embedded DuckDB in memory that implements the engine and the Delta core's checkpoint files.
// Thread-safe; each call uses a connection of its own.
class DuckDbEngine final : public Engine, public delta::CheckpointEngine {
 public:
  static Result<std::unique_ptr<DuckDbEngine>> Open(const DuckDbOptions& options);
  ~DuckDbEngine() override;

  // `v1.4.4`.
  static std::string LibraryVersion();

  std::string name() const override { return "duckdb"; }
  Status Check(const sql::BoundQuery& query) override;
  Result<WriteOutcome> Write(const WriteRequest& request) override;
  Result<std::unique_ptr<ResultRows>> Query(const sql::BoundQuery& query, const BoundInputs& inputs,
                                            const QueryContext& context) override;

  Status ReadCheckpoint(const std::string& local_path,
                        const std::function<Status(delta::Action)>& sink) override;
  Status WriteCheckpoint(const std::string& local_path,
                         const std::vector<delta::Action>& actions) override;

 private:
  struct Impl;
  explicit DuckDbEngine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace medallion
