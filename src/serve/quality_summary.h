#pragma once

#include <vector>

#include "json.h"
#include "stored_tables.h"
#include "update_history.h"

namespace medallion::serve {

// Counts of one rule over all updates, and by update.
struct RuleHistory {
  RuleTally total;
  struct Point {
    std::string update_id;
    int64_t at_micros = 0;
    int64_t passed = 0;
    int64_t failed = 0;
  };
  std::vector<Point> points;  // oldest first
};

// What the rules found, over all updates.
struct RuleSummary {
  std::vector<RuleHistory> rules;  // in the order in which the newest update met them
  int64_t rows_dropped = 0;
};

// Counts of a streaming table add up over its updates since the last full refresh; a view counts
// all its rows anew each time, so only its newest build counts.
RuleSummary SummarizeRules(const std::vector<UpdateRecordPtr>& newest_first);

// Files that were set aside and were not taken since.
Result<std::vector<RejectedFile>> FilesSetAside(const std::vector<UpdateRecordPtr>& newest_first,
                                                TableReader& reader);

// The path of a `source_file`, which is a percent-encoded URI; as it is if it is none of a file.
std::string PathOfSourceFile(const std::string& uri);

struct QuarantineTable {
  std::string table;       // full name of the table that rejected the rows
  std::string quarantine;  // its own, as a query names it
};
std::vector<QuarantineTable> QuarantineTables(const TableReader& reader);

// The overview's `quality`.
Result<Json> QualityAtAGlance(const std::vector<UpdateRecordPtr>& newest_first,
                              TableReader& reader);

}  // namespace medallion::serve
