#include "quarantine.h"

#include "base/testing.h"

namespace medallion::pipeline {
namespace {

sql::BoundColumn Column(int64_t id, const char* name) {
  return {{id}, name, DataType::String(), true};
}

sql::ExprPtr Read(int64_t id, const char* name) {
  return std::make_shared<sql::Expr>(
      sql::Expr{DataType::String(), true, {}, sql::ColumnExpr{{id}, name, false}});
}

sql::ExprPtr Upper(sql::ExprPtr argument) {
  return std::make_shared<sql::Expr>(
      sql::Expr{DataType::String(), true, {}, sql::CallExpr{"upper", {std::move(argument)}}});
}

// SELECT Invoice, upper(Price) AS Price FROM read_files(…) with columns Invoice, Price, `Customer
// ID`.
sql::BoundQuery FileQuery() {
  auto scan = std::make_shared<sql::Relation>();
  scan->columns = {Column(1, "Invoice"), Column(2, "Price"), Column(3, "Customer ID")};
  scan->node = sql::FileScan{0};
  auto root = std::make_shared<sql::Relation>();
  root->columns = {Column(1, "Invoice"), Column(4, "Price")};
  root->node = sql::Project{scan, {Read(1, "Invoice"), Upper(Read(2, "Price"))}};
  sql::BoundQuery query;
  query.root = std::move(root);
  query.files.push_back({.path = "/in",
                         .options = {},
                         .schema = Schema({{"Invoice", DataType::String()},
                                           {"Price", DataType::String()},
                                           {"Customer ID", DataType::String()}}),
                         .metadata_fields = {}});
  return query;
}

TEST(QuarantineTest, RejectedRowsOfFilesKeepTheirTextAndPlace) {
  const ExecutableQuery prepared = PrepareQuery(FileQuery(), true);
  ASSERT_TRUE(prepared.quarantine_schema);
  EXPECT_EQ(
      prepared.quarantine_schema->ToDdl(),
      "Invoice STRING, Price STRING, _input_Price STRING, Customer_ID STRING, _source_file STRING, "
      "_source_record BIGINT, _failed_expectations ARRAY<STRING>, _update_id STRING, "
      "_quarantined_at TIMESTAMP");
  EXPECT_EQ(prepared.query.files[0].metadata_fields,
            (std::vector<std::string>{"file_path", "record_number"}));
}

// SELECT Invoice AS InvoiceNo, Price FROM (FileQuery).
TEST(QuarantineTest, ColumnsThatTheResultPassesOnAreNotKeptTwice) {
  sql::BoundQuery query = FileQuery();
  auto root = std::make_shared<sql::Relation>();
  root->columns = {Column(10, "InvoiceNo"), Column(11, "Price")};
  root->node = sql::Project{query.root, {Read(1, "Invoice"), Read(4, "Price")}};
  query.root = root;
  const ExecutableQuery prepared = PrepareQuery(query, true);
  EXPECT_EQ(prepared.quarantine_schema->ToDdl(),
            "InvoiceNo STRING, Price STRING, _input_Price STRING, Customer_ID STRING, _source_file "
            "STRING, "
            "_source_record BIGINT, _failed_expectations ARRAY<STRING>, _update_id STRING, "
            "_quarantined_at TIMESTAMP");
}

TEST(QuarantineTest, FirstColumnsStayThoseOfTheTable) {
  const ExecutableQuery prepared = PrepareQuery(FileQuery(), true);
  const std::vector<sql::BoundColumn>& columns = prepared.query.root->columns;
  EXPECT_EQ(columns[0].id, sql::ColumnId{1});
  EXPECT_EQ(columns[1].id, sql::ColumnId{4});
}

TEST(QuarantineTest, MetadataThatTheQueryReadsIsNotReadTwice) {
  sql::BoundQuery query = FileQuery();
  query.files[0].metadata_fields = {"record_number"};
  const auto& project = std::get<sql::Project>(query.root->node);
  auto scan = std::make_shared<sql::Relation>(*project.input);
  scan->columns.push_back({{9}, "record_number", DataType::Long(), true});
  auto root = std::make_shared<sql::Relation>(*query.root);
  root->node = sql::Project{scan, project.exprs};
  query.root = root;
  const ExecutableQuery prepared = PrepareQuery(query, true);
  EXPECT_EQ(prepared.query.files[0].metadata_fields,
            (std::vector<std::string>{"record_number", "file_path"}));
  EXPECT_TRUE(prepared.quarantine_schema->IndexOf("_source_record"));
  EXPECT_TRUE(prepared.quarantine_schema->IndexOf("_source_file"));
}

TEST(QuarantineTest, RowsOfAnAggregationHaveNoInputRow) {
  sql::BoundQuery query = FileQuery();
  auto root = std::make_shared<sql::Relation>(*query.root);
  root->node = sql::Aggregate{
      std::get<sql::Project>(query.root->node).input, {Read(1, "Invoice")}, {}, {}, false};
  root->columns = {Column(5, "Invoice")};
  query.root = root;
  const ExecutableQuery prepared = PrepareQuery(query, true);
  EXPECT_EQ(prepared.quarantine_schema->ToDdl(),
            "Invoice STRING, _failed_expectations ARRAY<STRING>, _update_id STRING, "
            "_quarantined_at TIMESTAMP");
  EXPECT_TRUE(prepared.query.files[0].metadata_fields.empty());
}

TEST(QuarantineTest, WithoutRejectionTheQueryStaysAsItIs) {
  const ExecutableQuery prepared = PrepareQuery(FileQuery(), false);
  EXPECT_FALSE(prepared.quarantine_schema);
  EXPECT_EQ(prepared.query.root->columns.size(), 2U);
}

}  // namespace
}  // namespace medallion::pipeline
