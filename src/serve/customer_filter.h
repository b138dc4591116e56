#pragma once

#include <optional>
#include <string>

#include "api_document.h"
#include "stored_tables.h"

namespace medallion::serve {

// Which customers a page looks at: the filters that all of them share.
struct CustomerFilter {
  // Over the columns of CustomersQuery; `true` if nothing is filtered. Texts of the request are
  // parameters, never part of it.
  std::string condition;
  TableReader::Parameters parameters;
};

CustomerFilter ReadFilter(const Parameters& parameters);

// A query of every customer with scores, segments and country; of a version of ml.customer_segments
// if one is given. Columns: those of the table, and Country.
std::string CustomersQuery(std::optional<int64_t> version = std::nullopt);

// `WITH customers AS (…), filtered AS (…) ` to put before a query of `filtered`.
std::string WithFiltered(const CustomerFilter& filter,
                         std::optional<int64_t> version = std::nullopt);

// kNotFound, saying what makes them, if no update has made customer segments.
Status RequireSegments(TableReader& reader);

// How a scheme of segments looks in the table.
struct SegmentScheme {
  std::string name;            // rule, score, cluster
  std::string key;             // expression of the segment's name
  std::string cluster;         // of the cluster's number or NULL
  std::string description;     // of a longer name or NULL
  std::string recommendation;  // or NULL
};
const SegmentScheme& FindScheme(const std::string& name);

}  // namespace medallion::serve
