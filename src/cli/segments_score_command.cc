#include <charconv>
#include <ostream>

#include "base/text.h"
#include "commands.h"
#include "engine/all_rows.h"
#include "engine/flat_rows.h"
#include "ingest/file_source.h"
#include "query/list_file.h"
#include "segments.h"
#include "text_table.h"

namespace medallion::cli {
namespace {

using Row = std::vector<Value>;

// Every column of the file as text.
Result<query::RowSet> ReadCustomers(const std::string& path, Engine& engine, Runtime& runtime) {
  ingest::FileSourceOptions options;
  options.rescued_data_column = std::nullopt;
  ASSIGN_OR_RETURN(const ingest::Listing listing, ingest::ListFiles(path, options));
  if (listing.files.empty()) {
    return Error(ErrorCode::kNotFound, "no such file: " + path);
  }
  query::RowSet list;
  ASSIGN_OR_RETURN(list.schema, ingest::InferSchema(listing.files, options, std::nullopt));
  const ingest::CsvSource source(listing.files, options, list.schema, {});
  BoundInputs inputs;
  inputs.files = {&source};
  ASSIGN_OR_RETURN(const auto rows, engine.Query(QueryFlatRows(list.schema), inputs,
                                                 {.now_micros = runtime.clock.NowMicros(),
                                                  .cancellation = &runtime.cancellation}));
  ASSIGN_OR_RETURN(list.rows, AllRows(*rows));
  return list;
}

Result<double> FeatureOf(const Value& value, const std::string& feature, size_t row) {
  const auto* text = std::get_if<std::string>(&value.data);
  double number = 0;
  if (text != nullptr) {
    const std::string_view trimmed = Trim(*text);
    const auto [end, problem] =
        std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), number);
    if (problem == std::errc() && end == trimmed.data() + trimmed.size()) {
      return number;
    }
  }
  return Error(ErrorCode::kData, fmt::format("row {}: {} is no number: {}", row + 1, feature,
                                             text != nullptr ? *text : "empty"))
      .WithCondition("CAST_INVALID_INPUT");
}

Result<ml::Points> FeaturesOf(const ml::Model& model, const query::RowSet& list) {
  std::vector<size_t> columns;
  for (const std::string& feature : model.features) {
    const std::optional<size_t> column = list.schema.IndexOf(feature);
    if (!column) {
      return Error(ErrorCode::kData,
                   {Diagnostic::Unplaced(
                       "UNRESOLVED_COLUMN", fmt::format("the file has no column {}", feature),
                       {fmt::format("the model's features are {}", Join(model.features, ", "))})});
    }
    columns.push_back(*column);
  }
  ml::Points points(0, columns.size());
  for (size_t i = 0; i < list.rows.size(); ++i) {
    std::vector<double> row;
    for (size_t j = 0; j < columns.size(); ++j) {
      ASSIGN_OR_RETURN(const double number,
                       FeatureOf(list.rows[i][columns[j]], model.features[j], i));
      row.push_back(number);
    }
    points.Append(row);
  }
  return points;
}

Status AppendPredictions(const std::vector<ml::Prediction>& predictions, int64_t version,
                         query::RowSet& list) {
  const Field added[] = {{sql::kClusterColumn, DataType::Integer()},
                         {sql::kDistanceColumn, DataType::Double()},
                         {sql::kNextDistanceColumn, DataType::Double()},
                         {sql::kModelVersionColumn, DataType::Long()}};
  for (const Field& field : added) {
    if (list.schema.IndexOf(field.name)) {
      return Error(ErrorCode::kData,
                   fmt::format("the file has a column {} of its own; rename it", field.name));
    }
    list.schema.Append(field);
  }
  for (size_t i = 0; i < predictions.size(); ++i) {
    Row& row = list.rows[i];
    row.push_back(Value::Integer(predictions[i].cluster));
    row.push_back(Value::Double(predictions[i].distance));
    row.push_back(predictions[i].next_distance ? Value::Double(*predictions[i].next_distance)
                                               : Value::Null(DataType::Double()));
    row.push_back(Value::Long(version));
  }
  return OkStatus();
}

}  // namespace

Result<ExitCode> Execute(const SegmentsScoreCommand& command, Runtime& runtime) {
  RETURN_IF_ERROR(query::ListFormatOf(command.output).map([](query::ListFormat) {}));
  ASSIGN_OR_RETURN(const auto segments,
                   Segments::Open(command.project, OutputFormat::kTable, runtime));
  ASSIGN_OR_RETURN(const ml::Model model, segments->LoadModel(command.model));
  ASSIGN_OR_RETURN(query::RowSet list, ReadCustomers(command.input, segments->engine(), runtime));
  if (list.rows.empty()) {
    return Error(ErrorCode::kData, fmt::format("no customer in {}", command.input));
  }
  ASSIGN_OR_RETURN(const ml::Points points, FeaturesOf(model, list));
  ASSIGN_OR_RETURN(const auto predictions, ml::Predict(model, points));
  RETURN_IF_ERROR(AppendPredictions(predictions, model.version, list));
  const FlatRows rows(list.schema, std::move(list.rows));
  query::PreparedQuery scored{
      .query = std::make_shared<const sql::BoundQuery>(QueryFlatRows(rows.schema()))};
  scored.inputs.files = {&rows};
  ASSIGN_OR_RETURN(const int64_t count,
                   query::WriteListFile(command.output, scored, segments->engine()));
  runtime.console.out << fmt::format("{} scored by model {}, written to {}\n",
                                     Counted(count, "customer", "customers"), model.version,
                                     command.output);
  return ExitCode::kOk;
}

}  // namespace medallion::cli
