#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "catalog/catalog.h"
#include "pipeline/event.h"
#include "pipeline/graph.h"
#include "pipeline/update.h"
#include "run_context.h"
#include "storage/memory_store.h"
#include "testing/text_engine.h"

namespace medallion::pipeline::testing {

// Files → `bronze` → `silver` (drops values that begin with "bad") → `gold` (counts silver's rows),
// made by hand and run by the update loop over any store, with the text engine.
class SmallPipeline {
 public:
  // `landing` is emptied.
  explicit SmallPipeline(std::string landing);
  ~SmallPipeline();

  // Lands a file that is old enough to be taken at once.
  void Land(const std::string& name, const std::vector<std::string>& values);

  struct Run {
    std::vector<FlowResult> flows;
    std::vector<Event> events;
    int evaluations = 0;
  };
  // One update over `root`. Events of earlier runs that died are those of `dead`.
  Run Update(const std::shared_ptr<ObjectStore>& root, const DeadUpdates& dead = {});

  // Changes to the graph before the next run.
  Dataset& dataset(size_t index) { return graph_->datasets[index]; }
  Flow& flow(size_t index) { return graph_->flows[index]; }
  int64_t files_per_batch = 1000;
  std::set<size_t> full_refresh;  // datasets
  int threads = 1;
  CancellationToken* cancellation = nullptr;

  static constexpr size_t kBronze = 0;
  static constexpr size_t kSilver = 1;
  static constexpr size_t kGold = 2;

  Catalog OpenCatalog(const std::shared_ptr<ObjectStore>& root);
  // The values in a table, sorted; {"no table"} if there is none.
  std::vector<std::string> Rows(const std::shared_ptr<ObjectStore>& root, size_t dataset);
  std::vector<std::string> QuarantineRows(const std::shared_ptr<ObjectStore>& root, size_t dataset);
  int64_t Version(const std::shared_ptr<ObjectStore>& root, size_t dataset);

 private:
  UpdatePlan MakePlan() const;

  std::string landing_;
  std::shared_ptr<Graph> graph_;
  ManualClock clock_{1'777'593'600'000'000};
  Random random_{7};
  int updates_ = 0;
};

}  // namespace medallion::pipeline::testing
