#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "base/random.h"
#include "engine/engine.h"

namespace medallion::pipeline::testing {

// An engine whose data files are lines of text, one value per line: enough to see which rows arrive
// where, how often. A query with an Aggregate at its root yields the number of its input's rows,
// any other the first column of its only input. A rule passes values that do not begin with its
// name.
class TextEngine final : public Engine {
 public:
  explicit TextEngine(Random& random) : random_(random) {}

  std::string name() const override { return "text"; }
  Status Check(const sql::BoundQuery& query) override;
  Result<WriteOutcome> Write(const WriteRequest& request) override;
  Result<std::unique_ptr<ResultRows>> Query(const sql::BoundQuery& query, const BoundInputs& inputs,
                                            const QueryContext& context) override;

  int evaluations() const { return evaluations_; }

 private:
  Random& random_;
  std::atomic<int> evaluations_ = 0;
};

// The values of a table's live files, sorted.
std::vector<std::string> ReadTextTable(ObjectStore& store, const delta::Snapshot& snapshot);

}  // namespace medallion::pipeline::testing
