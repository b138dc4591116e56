#include "replaced_files.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "delta/data_path.h"
#include "engine/all_rows.h"
#include "engine/flat_rows.h"
#include "sql/plan.h"

namespace medallion::pipeline {
namespace {

using Row = std::vector<Value>;
using PartitionKey = std::vector<std::optional<std::string>>;

// The query for what a flow keeps is a filter over one scan of the table.
struct Keeping {
  const sql::Relation* scan = nullptr;
  sql::ExprPtr condition;
};

void Find(const sql::Relation& relation, Keeping& keeping) {
  if (const auto* filter = std::get_if<sql::Filter>(&relation.node)) {
    keeping.condition = filter->condition;
    keeping.scan = filter->input.get();
    return;
  }
  for (const sql::RelationPtr& child : sql::Children(relation)) {
    Find(*child, keeping);
  }
}

// Decides about whole partitions: the flow's condition over rows of partition values.
class PartitionFilter {
 public:
  PartitionFilter(const Flow& flow, const std::vector<std::string>& partition_columns) {
    Find(*flow.outside->root, keeping_);
    CHECK(keeping_.scan != nullptr);
    for (const std::string& name : partition_columns) {
      const auto column =
          std::find_if(keeping_.scan->columns.begin(), keeping_.scan->columns.end(),
                       [&](const sql::BoundColumn& c) { return EqualsIgnoreCase(c.name, name); });
      CHECK(column != keeping_.scan->columns.end());
      columns_.push_back(*column);
      schema_.Append({name, column->type});
    }
    query_ = *flow.outside;
  }

  // Whether the condition looks at partition columns and at nothing else.
  bool Decides() const {
    bool decides = !columns_.empty();
    sql::Relation filter;
    filter.node = sql::Filter{nullptr, keeping_.condition};
    sql::VisitExpressions(filter, [&](const sql::Expr& expr) {
      if (const auto* column = std::get_if<sql::ColumnExpr>(&expr.node)) {
        decides = decides && std::any_of(columns_.begin(), columns_.end(),
                                         [&](const auto& c) { return c.id == column->id; });
      }
      decides = decides && !std::holds_alternative<sql::SubqueryExpr>(expr.node);
    });
    return decides;
  }

  // The partition of a file; equal values have one spelling.
  Result<PartitionKey> KeyOf(const delta::AddFile& file) const {
    Row row;
    for (const Field& field : schema_.fields()) {
      const auto text = file.partition_values.find(field.name);
      if (text == file.partition_values.end()) {
        return Error(ErrorCode::kCorruption,
                     fmt::format("the file has no value for the partition column `{}`: {}",
                                 field.name, file.path));
      }
      ASSIGN_OR_RETURN(Value value, delta::PartitionValueFromText(text->second, field.type));
      row.push_back(std::move(value));
    }
    return ToKey(row);
  }

  // Those of the partitions whose rows stay, sorted.
  Result<std::vector<PartitionKey>> Kept(Engine& engine, const std::vector<PartitionKey>& keys,
                                         const QueryContext& context) {
    ASSIGN_OR_RETURN(const FlatRows source, ToRows(keys));
    BoundInputs inputs;
    inputs.files.push_back(&source);
    MakeQuery();
    ASSIGN_OR_RETURN(const std::unique_ptr<ResultRows> result,
                     engine.Query(query_, inputs, context));
    ASSIGN_OR_RETURN(const std::vector<Row> rows, AllRows(*result));
    std::vector<PartitionKey> kept;
    for (const Row& row : rows) {
      ASSIGN_OR_RETURN(PartitionKey key, ToKey(row));
      kept.push_back(std::move(key));
    }
    std::sort(kept.begin(), kept.end());
    return kept;
  }

 private:
  static Result<PartitionKey> ToKey(const Row& row) {
    PartitionKey key;
    for (const Value& value : row) {
      ASSIGN_OR_RETURN(std::optional<std::string> text, delta::PartitionValueToText(value));
      key.push_back(std::move(text));
    }
    return key;
  }

  Result<FlatRows> ToRows(const std::vector<PartitionKey>& keys) const {
    std::vector<Row> rows;
    for (const PartitionKey& key : keys) {
      Row row;
      for (size_t i = 0; i < key.size(); ++i) {
        ASSIGN_OR_RETURN(Value value, delta::PartitionValueFromText(key[i], schema_[i].type));
        row.push_back(std::move(value));
      }
      rows.push_back(std::move(row));
    }
    return FlatRows(schema_, std::move(rows));
  }

  void MakeQuery() {
    query_.tables.clear();
    query_.files.clear();
    sql::FileInput input;
    input.schema = schema_;
    query_.files.push_back(std::move(input));
    sql::Relation scan{columns_, sql::FileScan{0}};
    sql::Relation filter{
        columns_,
        sql::Filter{std::make_shared<const sql::Relation>(std::move(scan)), keeping_.condition}};
    query_.root = std::make_shared<const sql::Relation>(std::move(filter));
  }

  Keeping keeping_;
  sql::BoundQuery query_;
  std::vector<sql::BoundColumn> columns_;  // the partition columns of the scan
  Schema schema_;
};

}  // namespace

Result<ReplacedFiles> FindReplacedFiles(Engine& engine, const Flow& flow,
                                        const delta::Snapshot& table, const QueryContext& context) {
  if (table.files().empty()) {
    return ReplacedFiles();
  }
  PartitionFilter filter(flow, table.metadata().partition_columns);
  if (!filter.Decides()) {
    return ReplacedFiles{table.files(), table.files()};
  }
  std::vector<PartitionKey> key_of_file;
  for (const delta::AddFile& file : table.files()) {
    ASSIGN_OR_RETURN(PartitionKey key, filter.KeyOf(file));
    key_of_file.push_back(std::move(key));
  }
  std::vector<PartitionKey> keys = key_of_file;
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  ASSIGN_OR_RETURN(const std::vector<PartitionKey> kept, filter.Kept(engine, keys, context));
  ReplacedFiles replaced;
  for (size_t i = 0; i < key_of_file.size(); ++i) {
    if (!std::binary_search(kept.begin(), kept.end(), key_of_file[i])) {
      replaced.removed.push_back(table.files()[i]);
    }
  }
  return replaced;
}

}  // namespace medallion::pipeline
