#include <ostream>

#include "commands.h"
#include "customer_explanation.h"
#include "row_printer.h"
#include "segments.h"

namespace medallion::cli {
namespace {

// The clusters with what to make of them; the recommendation is long and goes to machines only.
std::string ClustersQuery(OutputFormat format) {
  return fmt::format(
      "SELECT Cluster, Cluster_Description, Count, Pct_of_Customers, Total_Revenue, "
      "Pct_of_Revenue, "
      "Med_Recency, Med_Frequency, Med_Monetary{} FROM {} ORDER BY Cluster",
      format == OutputFormat::kTable ? "" : ", Cluster_Recommendation", kClusterAdvice);
}

constexpr const char* kCustomerQuery =
    "SELECT s.*, c.DistanceToCentroid, c.DistanceToNextCentroid, c.ModelVersion, c.UpdateDate "
    "FROM ml.customer_segments AS s "
    "JOIN ml.customer_segments_clustered AS c ON s.CustomerID = c.CustomerID "
    "WHERE s.CustomerID = :customer";

// A row by the names of its columns.
class CustomerRow {
 public:
  explicit CustomerRow(const query::RowSet& rows) : rows_(rows) {}

  const Value& At(const std::string& column) const {
    return rows_.rows.front()[rows_.schema.IndexOf(column).value()];
  }
  std::string Text(const std::string& column) const { return ToDisplayString(At(column)); }

  Result<double> Number(const std::string& column) const {
    if (rows_.schema.IndexOf(column)) {
      const Value& value = At(column);
      if (const auto* whole = std::get_if<int64_t>(&value.data)) return static_cast<double>(*whole);
      if (const auto* decimal = std::get_if<Decimal>(&value.data)) return decimal->ToDouble();
      if (const auto* number = std::get_if<double>(&value.data)) return *number;
    }
    return Error(ErrorCode::kData, fmt::format("the model's feature `{}` is no number of {}",
                                               column, kCustomerSegments));
  }

 private:
  const query::RowSet& rows_;
};

void PrintCustomer(const CustomerRow& customer, const std::string& explanation, std::ostream& out) {
  out << fmt::format("Customer {}, scored on {}\n", customer.Text("CustomerID"),
                     customer.Text("UpdateDate"))
      << fmt::format("  Recency {} days, Frequency {} invoices, Monetary {}, scores {}\n\n",
                     customer.Text("Recency"), customer.Text("Frequency"),
                     customer.Text("Monetary"), customer.Text("RFM_Score"))
      << fmt::format("Cluster {}: {}\n", customer.Text("Cluster"),
                     customer.Text("Cluster_Description"))
      << fmt::format("  {}\n", customer.Text("Cluster_Recommendation"))
      << fmt::format("By the scores: {}\n", customer.Text("RFM_Segment"))
      << fmt::format("By the rules: {}\n", customer.Text("segment"))
      << fmt::format("  {}\n\n", customer.Text("recommendation")) << explanation;
}

Result<ExitCode> ShowCustomer(const SegmentsShowCommand& command, Segments& segments,
                              Runtime& runtime) {
  segments.runner().SetParameter("customer", *command.why);
  ASSIGN_OR_RETURN(query::RowSet rows,
                   segments.runner().Collect("customer", kCustomerQuery, runtime.cancellation));
  if (rows.rows.empty()) {
    return Error(ErrorCode::kNotFound,
                 fmt::format("no customer {} in {}", *command.why, kCustomerSegments));
  }
  const CustomerRow customer(rows);
  ASSIGN_OR_RETURN(const ml::Model model,
                   segments.LoadModel(std::get<int64_t>(customer.At("ModelVersion").data)));
  std::vector<double> features;
  for (const std::string& feature : model.features) {
    ASSIGN_OR_RETURN(const double number, customer.Number(feature));
    features.push_back(number);
  }
  ASSIGN_OR_RETURN(const std::string explanation, ExplainCustomer(model, features));
  if (command.format == OutputFormat::kTable) {
    PrintCustomer(customer, explanation, runtime.console.out);
    return ExitCode::kOk;
  }
  rows.schema.Append({"explanation", DataType::String()});
  rows.rows.front().push_back(Value::String(explanation));
  const auto printer = RowPrinter::Make(command.format, rows.schema, runtime.console.out,
                                        runtime.console.out_terminal);
  printer->Add(rows.rows.front());
  printer->Finish();
  return ExitCode::kOk;
}

}  // namespace

Result<ExitCode> Execute(const SegmentsShowCommand& command, Runtime& runtime) {
  ASSIGN_OR_RETURN(const auto segments, Segments::Open(command.project, command.format, runtime));
  if (command.why) {
    return ShowCustomer(command, *segments, runtime);
  }
  RETURN_IF_ERROR(
      segments->runner().Run("segments", ClustersQuery(command.format), runtime.cancellation));
  return ExitCode::kOk;
}

}  // namespace medallion::cli
