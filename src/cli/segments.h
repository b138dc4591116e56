#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ml/model.h"
#include "query_runner.h"
#include "runtime.h"
#include "session.h"
#include "workspace.h"

// What `medallion segments` looks at: the customers' tables of a storage and the models behind
// them.

namespace medallion::cli {

// Tables of the retail pipeline (pipelines/retail).
inline constexpr const char* kCustomerSegments = "ml.customer_segments";
inline constexpr const char* kClusteredCustomers = "ml.customer_segments_clustered";
inline constexpr const char* kClusterAdvice = "ml.cluster_description_and_recommendation";

// An opened storage. Not movable: the runner borrows the session.
class Segments {
 public:
  // kNotFound, with what to do, if no update has made the tables.
  static Result<std::unique_ptr<Segments>> Open(const ProjectOptions& options, OutputFormat format,
                                                Runtime& runtime);
  Segments(const Segments&) = delete;
  Segments& operator=(const Segments&) = delete;

  QueryRunner& runner() { return *runner_; }
  Engine& engine() { return *session_.engine; }

  // The model of that version; of the newest rows without one.
  Result<ml::Model> LoadModel(std::optional<int64_t> version) const;

 private:
  Segments(Session session, std::string default_catalog);

  Session session_;
  std::string default_catalog_;
  std::unique_ptr<QueryRunner> runner_;
};

}  // namespace medallion::cli
