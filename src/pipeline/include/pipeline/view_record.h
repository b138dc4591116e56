#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/snapshot.h"

// What a materialized view was built from. Kept in the view's own Delta log as `txn` actions, one
// per entry, so that the decision to skip needs the table alone and survives checkpoints and
// clean-up:
//
//   appId                                   version
//   medallion/view/definition               Flow::definition_hash, its lower 63 bits
//   medallion/view/date                     days since 1970-01-01 of the update's date, in the
//   session
//                                           zone; present if the query reads current_date()
//   medallion/view/table/<table id>         version of that input table
//   medallion/view/files/<hash of the path> hash of the listing (paths, sizes, times)
//
// docs/formats/view_record.md. Delta keeps the newest version per appId forever: entries of inputs
// that the view no longer reads stay behind and are ignored.

namespace medallion::pipeline {

struct ViewRecord {
  int64_t definition = 0;
  std::optional<int64_t> update_date;
  std::map<std::string, int64_t> tables;  // table id → version
  std::map<std::string, int64_t> files;   // hash of the path → hash of the listing
  friend bool operator==(const ViewRecord&, const ViewRecord&) = default;
};

// The actions that record it. `now_ms` becomes `lastUpdated`.
std::vector<delta::Txn> ToTransactions(const ViewRecord& record, int64_t now_ms);
// Nothing if the table holds no record.
std::optional<ViewRecord> ReadViewRecord(const delta::Snapshot& view);

struct SkipDecision {
  bool skip = false;
  std::string reason;  // one clause: "no input changed", "orders_silver moved from version 3 to 4"
};

// Whether the view's stored rows are what running it now would give. Pure. `last`: nothing if the
// view was never built. `table_names` turns table ids into names for the reason.
// current_timestamp() alone never forces a run (DESIGN §6, retail.md "Clock columns"); a
// non-deterministic query always runs.
SkipDecision DecideSkip(const std::optional<ViewRecord>& last, const ViewRecord& now,
                        bool deterministic, const std::map<std::string, std::string>& table_names);

}  // namespace medallion::pipeline
