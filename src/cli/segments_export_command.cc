#include <ostream>

#include "base/identifier.h"
#include "base/text.h"
#include "commands.h"
#include "query/list_file.h"
#include "segments.h"
#include "text_table.h"

namespace medallion::cli {
namespace {

// Texts are passed as parameters, never as text of the query.
std::string AnyOf(const std::string& column, const std::vector<std::string>& texts,
                  const std::string& parameter, QueryRunner& runner) {
  std::vector<std::string> tests;
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::string name = parameter + std::to_string(i);
    runner.SetParameter(name, texts[i]);
    tests.push_back(fmt::format("lower({}) = lower(:{})", column, name));
  }
  return Join(tests, " OR ");
}

// A segment goes by its name in any of the three schemes.
std::string Condition(const SegmentsExportCommand& command, QueryRunner& runner) {
  std::string condition = "true";
  if (!command.segments.empty()) {
    std::vector<std::string> schemes;
    for (const char* column : {"segment", "RFM_Segment", "Cluster_Description"}) {
      schemes.push_back(AnyOf(column, command.segments, ToLower(column), runner));
    }
    condition += fmt::format(" AND ({})", Join(schemes, " OR "));
  }
  if (!command.clusters.empty()) {
    condition += fmt::format(" AND Cluster IN ({})", fmt::join(command.clusters, ", "));
  }
  return condition;
}

std::string Columns(const SegmentsExportCommand& command) {
  std::vector<std::string> columns;
  for (const std::string& column : command.columns) {
    columns.push_back(QuoteSparkIdentifier(column));
  }
  return columns.empty() ? "*" : Join(columns, ", ");
}

}  // namespace

Result<ExitCode> Execute(const SegmentsExportCommand& command, Runtime& runtime) {
  RETURN_IF_ERROR(query::ListFormatOf(command.output).map([](query::ListFormat) {}));
  ASSIGN_OR_RETURN(const auto segments,
                   Segments::Open(command.project, OutputFormat::kTable, runtime));
  const std::string chosen =
      fmt::format("FROM {} WHERE {}", kCustomerSegments, Condition(command, segments->runner()));
  ASSIGN_OR_RETURN(
      const query::PreparedQuery rows,
      segments->runner().Prepare(
          "export",
          fmt::format("SELECT {} {} ORDER BY Monetary DESC, CustomerID", Columns(command), chosen),
          runtime.cancellation));
  ASSIGN_OR_RETURN(const query::RowSet some,
                   segments->runner().Collect("export", "SELECT 1 " + chosen + " LIMIT 1",
                                              runtime.cancellation));
  if (some.rows.empty()) {
    return Error(ErrorCode::kNotFound,
                 {Diagnostic::Unplaced(
                     "NO_CUSTOMERS", "no customer is in what was chosen; nothing was written",
                     {"`medallion segments show` lists the clusters",
                      "SELECT DISTINCT segment, RFM_Segment FROM ml.customer_segments lists the "
                      "names"})});
  }
  ASSIGN_OR_RETURN(const int64_t count,
                   query::WriteListFile(command.output, rows, segments->engine()));
  runtime.console.out << fmt::format("{} written to {}\n", Counted(count, "customer", "customers"),
                                     command.output);
  return ExitCode::kOk;
}

}  // namespace medallion::cli
