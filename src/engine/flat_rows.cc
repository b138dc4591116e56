#include "engine/flat_rows.h"

#include <utility>

#include "base/check.h"

namespace medallion {
namespace {

int64_t WholeOf(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) {
    return *flag ? 1 : 0;
  }
  const auto* number = std::get_if<int64_t>(&value.data);
  return number != nullptr ? *number : 0;
}

void AppendValue(const Value& value, const DataType& type, ColumnVector& column) {
  column.nulls.push_back(value.is_null() ? 1 : 0);
  switch (type.kind()) {
    case TypeKind::kString:
    case TypeKind::kBinary: {
      const auto* text = std::get_if<std::string>(&value.data);
      column.strings.push_back(text != nullptr ? std::string_view(*text) : std::string_view());
      return;
    }
    case TypeKind::kFloat:
    case TypeKind::kDouble: {
      const auto* number = std::get_if<double>(&value.data);
      column.doubles.push_back(number != nullptr ? *number : 0);
      return;
    }
    case TypeKind::kDecimal: {
      const auto* decimal = std::get_if<Decimal>(&value.data);
      const int128_t unscaled = decimal != nullptr ? decimal->unscaled : 0;
      constexpr int kShortDigitsMax = 18;  // base/row_source.h
      if (type.precision() > kShortDigitsMax) {
        column.int128s.push_back(unscaled);
      } else {
        column.int64s.push_back(static_cast<int64_t>(unscaled));
      }
      return;
    }
    default: column.int64s.push_back(WholeOf(value));
  }
}

class FlatReader final : public RowReader {
 public:
  FlatReader(const Schema& schema, const std::vector<std::vector<Value>>& rows,
             std::vector<size_t> columns)
      : schema_(schema), rows_(rows), columns_(std::move(columns)) {}

  Status Next(ColumnBatch& batch) override {
    const size_t end = std::min(rows_.size(), next_ + ColumnBatch::kRowsMax);
    batch.row_count = end - next_;
    batch.columns.assign(columns_.size(), {});
    for (; next_ < end; ++next_) {
      for (size_t i = 0; i < columns_.size(); ++i) {
        AppendValue(rows_[next_][columns_[i]], schema_[columns_[i]].type, batch.columns[i]);
      }
    }
    return OkStatus();
  }

 private:
  const Schema& schema_;
  const std::vector<std::vector<Value>>& rows_;
  std::vector<size_t> columns_;
  size_t next_ = 0;
};

sql::ExprPtr MakeExpr(DataType type, bool nullable, decltype(sql::Expr::node) node) {
  return std::make_shared<sql::Expr>(sql::Expr{std::move(type), nullable, {}, std::move(node)});
}

sql::ExprPtr TextLiteral(const std::string& text) {
  return MakeExpr(DataType::String(), false, sql::LiteralExpr{Value::String(text)});
}

}  // namespace

FlatRows::FlatRows(Schema schema, std::vector<std::vector<Value>> rows)
    : schema_(std::move(schema)), rows_(std::move(rows)) {
  for (const std::vector<Value>& row : rows_) {
    CHECK_EQ(row.size(), schema_.size());
  }
}

Result<std::unique_ptr<RowReader>> FlatRows::Open(size_t /*partition*/,
                                                  const std::vector<size_t>& columns) const {
  return std::unique_ptr<RowReader>(std::make_unique<FlatReader>(schema_, rows_, columns));
}

sql::RelationPtr ScanFlatRows(const Schema& schema) {
  auto scan = std::make_shared<sql::Relation>();
  for (size_t i = 0; i < schema.size(); ++i) {
    scan->columns.push_back({{static_cast<int64_t>(i) + 1}, schema[i].name, schema[i].type, true});
  }
  scan->node = sql::FileScan{0};
  return scan;
}

sql::BoundQuery QueryFlatRows(const Schema& input, std::vector<sql::ExprPtr> exprs,
                              const std::vector<std::string>& names) {
  CHECK_EQ(exprs.size(), names.size());
  auto root = std::make_shared<sql::Relation>();
  for (size_t i = 0; i < exprs.size(); ++i) {
    const auto* column = std::get_if<sql::ColumnExpr>(&exprs[i]->node);
    const auto fresh = sql::ColumnId{static_cast<int64_t>(input.size() + i) + 1};
    root->columns.push_back(
        {column != nullptr ? column->id : fresh, names[i], exprs[i]->type, true});
  }
  root->node = sql::Project{ScanFlatRows(input), std::move(exprs)};
  sql::BoundQuery query;
  query.root = std::move(root);
  query.files.push_back({.path = "", .options = {}, .schema = input, .metadata_fields = {}});
  return query;
}

sql::BoundQuery QueryFlatRows(const Schema& input) {
  std::vector<sql::ExprPtr> columns;
  std::vector<std::string> names;
  for (size_t i = 0; i < input.size(); ++i) {
    columns.push_back(ColumnOf(input, i));
    names.push_back(input[i].name);
  }
  return QueryFlatRows(input, std::move(columns), names);
}

sql::ExprPtr ColumnOf(const Schema& input, size_t index) {
  return MakeExpr(input[index].type, true,
                  sql::ColumnExpr{{static_cast<int64_t>(index) + 1}, input[index].name, false});
}

sql::ExprPtr NullOf(DataType type) {
  Value null = Value::Null(type);
  return MakeExpr(std::move(type), true, sql::LiteralExpr{std::move(null)});
}

sql::ExprPtr StructOf(const std::vector<std::string>& names,
                      const std::vector<sql::ExprPtr>& members) {
  CHECK_EQ(names.size(), members.size());
  sql::CallExpr call{"named_struct", {}};
  std::vector<Field> fields;
  for (size_t i = 0; i < names.size(); ++i) {
    call.args.push_back(TextLiteral(names[i]));
    call.args.push_back(members[i]);
    fields.push_back({names[i], members[i]->type});
  }
  return MakeExpr(DataType::Struct(std::move(fields)), false, std::move(call));
}

sql::ExprPtr ArrayOf(const sql::ExprPtr& element) {
  return MakeExpr(DataType::Array(element->type), false, sql::CallExpr{"array", {element}});
}

sql::ExprPtr IfPresent(const sql::ExprPtr& condition, const sql::ExprPtr& value) {
  const auto present =
      MakeExpr(DataType::Boolean(), false, sql::CallExpr{"isnotnull", {condition}});
  return MakeExpr(value->type, true, sql::CaseExpr{{{present, value}}, nullptr});
}

}  // namespace medallion
