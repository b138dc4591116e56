#pragma once

#include <vector>

#include "engine/engine.h"

namespace medallion {

// Every row that is left, for results that fit in memory.
inline Result<std::vector<std::vector<Value>>> AllRows(ResultRows& result) {
  std::vector<std::vector<Value>> rows;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(more, result.Next(rows));
  }
  return rows;
}

}  // namespace medallion
