#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "declarations.h"
#include "delta/snapshot.h"
#include "pipeline/world.h"
#include "sql/qualified_name.h"

namespace medallion::pipeline {

// A table outside the pipeline.
struct OutsideTable {
  TableName name;
  delta::SnapshotPtr snapshot;
};
struct UnknownTable {
  // Near names and other advice.
  std::vector<std::string> hints;
};
// What a name in a query stands for: an index into Declarations::datasets, or one of the others.
using NameMeaning = std::variant<size_t, OutsideTable, UnknownTable>;

// Looks names up as Spark does: temporary views by their one part first, then the pipeline's
// tables, then the tables that exist. Borrows both.
class NameResolution {
 public:
  NameResolution(const Declarations& declarations, World& world)
      : declarations_(declarations), world_(world) {}

  // `live`: the name was written `LIVE.…`, so it must be the pipeline's. The error is the world's.
  Result<NameMeaning> Resolve(const sql::QualifiedName& name, const Namespace& where, bool live);

 private:
  UnknownTable DescribeUnknown(const sql::QualifiedName& name, const Namespace& where, bool live);

  const Declarations& declarations_;
  World& world_;
};

}  // namespace medallion::pipeline
