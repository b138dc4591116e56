#pragma once

#include <string>
#include <vector>

#include "sql/analyzer.h"

namespace medallion::sql {

// Tables for tests, the same as in the recording script of Spark's answers:
//
//   t(i INT, l BIGINT, sh SMALLINT, b TINYINT, d DOUBLE, f FLOAT, m DECIMAL(10,2), m2
//   DECIMAL(21,2), s STRING,
//     dt DATE, ts TIMESTAMP, bo BOOLEAN, ai ARRAY<INT>, asx ARRAY<STRING>, mp MAP<STRING,INT>,
//     st STRUCT<a: INT, b: STRING>, bin BINARY)
//   sales(id INT, customer STRING, day DATE, quantity INT, price DECIMAL(10,2))
//   customers(id INT, name STRING, country STRING)
//   events, a view over STREAM sales: id, customer
class FakeResolver : public Resolver {
 public:
  FakeResolver();
  Result<ResolvedName> ResolveTable(const QualifiedName& name, bool streaming) override;
  Result<FileDescription> DescribeFiles(const std::string& path,
                                        const std::vector<FileOption>& options,
                                        bool streaming) override;

  std::vector<FileOption> last_options;

 private:
  std::map<std::string, Schema> tables_;
};

// Parses and analyses one query.
Result<BoundQueryPtr> AnalyzeText(const std::string& text, FakeResolver& resolver);
Result<BoundQueryPtr> AnalyzeText(const std::string& text);

// `name TYPE, name TYPE` of the result.
std::string TypesOf(const BoundQuery& query);

}  // namespace medallion::sql
