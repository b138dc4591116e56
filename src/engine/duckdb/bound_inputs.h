#pragma once

#include <deque>
#include <string>

#include "engine/engine.h"
#include "printer.h"
#include "row_source_scan.h"

namespace medallion::duckdb {

// Spells the scans of one query over its real inputs and holds the leases of its row sources for as
// long as the query runs. Keeps the snapshots and stores alive.
class BoundInputPrinter final : public InputPrinter {
 public:
  BoundInputPrinter(const sql::BoundQuery& query, const BoundInputs& inputs,
                    const QueryContext& context, SourceScans& scans, int threads)
      : query_(query), inputs_(inputs), context_(context), scans_(scans), threads_(threads) {}

  Result<std::string> PrintTable(const sql::Relation& scan, size_t input) override;
  Result<std::string> PrintFiles(const sql::Relation& scan, size_t input) override;

  // The error of the row source that failed, if one did.
  std::optional<Error> SourceFailure() const;
  // Rows that the sources have handed out so far.
  int64_t SourceRows() const;

 private:
  const sql::BoundQuery& query_;
  BoundInputs inputs_;
  QueryContext context_;
  SourceScans& scans_;
  int threads_;
  std::deque<SourceScans::Lease> leases_;
};

// For Check: every scan is an empty relation of its types.
class EmptyInputPrinter final : public InputPrinter {
 public:
  Result<std::string> PrintTable(const sql::Relation& scan, size_t) override {
    return PrintEmptyRelation(scan);
  }
  Result<std::string> PrintFiles(const sql::Relation& scan, size_t) override {
    return PrintEmptyRelation(scan);
  }
};

}  // namespace medallion::duckdb
