#pragma once

#include <string>
#include <vector>

namespace medallion::sql {

// A table name of one to three parts, e.g. `retail_analytics.dlt.customer_rfm_gold`. Compared
// without regard to letter case through Key().
struct QualifiedName {
  std::vector<std::string> parts;

  // The parts joined by dots, back-quoted where they need it.
  std::string ToString() const;
  // Lower case, for maps.
  std::string Key() const;
  const std::string& last() const { return parts.back(); }
};

}  // namespace medallion::sql
