#include "analyzer_testing.h"

#include "base/text.h"
#include "sql/parser.h"

namespace medallion::sql {

FakeResolver::FakeResolver() {
  tables_["t"] = Schema::FromDdl(
                     "i INT, l BIGINT, sh SMALLINT, b TINYINT, d DOUBLE, f FLOAT, m DECIMAL(10,2), "
                     "m2 DECIMAL(21,2), s STRING, "
                     "dt DATE, ts TIMESTAMP, bo BOOLEAN, ai ARRAY<INT>, asx ARRAY<STRING>, mp "
                     "MAP<STRING,INT>, "
                     "st STRUCT<a: INT, b: STRING>, bin BINARY")
                     .value();
  tables_["sales"] =
      Schema::FromDdl("id INT, customer STRING, day DATE, quantity INT, price DECIMAL(10,2)")
          .value();
  tables_["customers"] = Schema::FromDdl("id INT, name STRING, country STRING").value();
}

Result<ResolvedName> FakeResolver::ResolveTable(const QualifiedName& name, bool streaming) {
  const std::string key = ToLower(name.last());
  if (key == "events") {
    ASSIGN_OR_RETURN(BoundQueryPtr view,
                     AnalyzeText("SELECT id, customer FROM STREAM sales", *this));
    return ResolvedName(ResolvedView{std::move(view)});
  }
  static_cast<void>(streaming);
  const auto found = tables_.find(key);
  if (found == tables_.end()) {
    return Error(ErrorCode::kNotFound, "no table `" + name.ToString() + "`")
        .WithCondition("TABLE_OR_VIEW_NOT_FOUND");
  }
  return ResolvedName(ResolvedTable{QualifiedName{{"cat", "shop", key}}, found->second});
}

Result<FileDescription> FakeResolver::DescribeFiles(const std::string& path,
                                                    const std::vector<FileOption>& options, bool) {
  last_options = options;
  FileDescription description;
  for (const FileOption& option : options) {
    description.options[option.name] = ToDisplayString(option.value);
  }
  if (path.empty()) {
    return Error(ErrorCode::kSpecification, "the path is empty");
  }
  description.schema =
      Schema::FromDdl("Invoice STRING, Quantity INT, Price DECIMAL(10,2), _rescued_data STRING")
          .value();
  return description;
}

Result<BoundQueryPtr> AnalyzeText(const std::string& text, FakeResolver& resolver) {
  const SourceTextPtr source = SourceText::Make("query.sql", text);
  ASSIGN_OR_RETURN(const auto query, ParseQuery(source, [](std::string_view) {
                     return std::optional<std::string>();
                   }));
  AnalyzerContext context;
  context.source = source;
  context.resolver = &resolver;
  return Analyze(*query, context);
}

Result<BoundQueryPtr> AnalyzeText(const std::string& text) {
  FakeResolver resolver;
  return AnalyzeText(text, resolver);
}

std::string TypesOf(const BoundQuery& query) {
  std::vector<std::string> texts;
  for (const BoundColumn& column : query.root->columns) {
    texts.push_back(column.name + " " + column.type.ToDdl());
  }
  return medallion::Join(texts, ", ");
}

}  // namespace medallion::sql
