#include "generators.h"

#include <algorithm>

#include "base/text.h"
#include "expr_builder.h"
#include "rule_errors.h"
#include "sql/functions.h"
#include "type_coercion.h"

namespace medallion::sql {
namespace {

constexpr int64_t kStackRowsMax = 10'000;  // a literal; larger is a slip of the pen

Result<GeneratorShape> ShapeOfExplode(const GeneratorName& generator, std::vector<ExprPtr> args) {
  if (args.size() != 1) {
    return WrongCount(generator.function, "1", args.size());
  }
  const DataType& type = args[0]->type;
  GeneratorShape shape;
  if (generator.function == "posexplode") {
    shape.columns.push_back({"pos", DataType::Integer(), generator.outer});
  }
  if (type.Is(TypeKind::kArray)) {
    shape.columns.push_back({"col", type.element(), generator.outer || type.contains_null()});
  } else if (type.Is(TypeKind::kMap)) {
    shape.columns.push_back({"key", type.key(), generator.outer});
    shape.columns.push_back({"value", type.value(), generator.outer || type.contains_null()});
  } else {
    return WrongType(generator.function, 0, "ARRAY or MAP", type);
  }
  shape.args = std::move(args);
  return shape;
}

Result<GeneratorShape> ShapeOfInline(const GeneratorName& generator, std::vector<ExprPtr> args) {
  if (args.size() != 1) {
    return WrongCount("inline", "1", args.size());
  }
  const DataType& type = args[0]->type;
  if (!type.Is(TypeKind::kArray) || !type.element().Is(TypeKind::kStruct)) {
    return WrongType("inline", 0, "an array of structs", type);
  }
  GeneratorShape shape;
  for (const Field& field : type.element().fields()) {
    shape.columns.push_back(
        {field.name, field.type, field.nullable || generator.outer || type.contains_null()});
  }
  shape.args = std::move(args);
  return shape;
}

// stack(n, v1 … vk): n rows of ⌈k/n⌉ columns, filled with NULL.
Result<GeneratorShape> ShapeOfStack(std::vector<ExprPtr> args) {
  const Value* count = args.empty() ? nullptr : ConstantOf(*args[0]);
  const auto* rows = count == nullptr ? nullptr : std::get_if<int64_t>(&count->data);
  if (rows == nullptr || *rows < 1 || *rows > kStackRowsMax || args.size() < 2) {
    return WrongType("stack", 0, "a number of rows from 1 to 10000, followed by values",
                     args.empty() ? DataType() : args[0]->type);
  }
  const size_t values = args.size() - 1;
  const size_t width = (values + static_cast<size_t>(*rows) - 1) / static_cast<size_t>(*rows);
  GeneratorShape shape;
  shape.args.push_back(CastTo(args[0], DataType::Integer()));
  std::vector<DataType> types(width);
  for (size_t i = 0; i < values; ++i) {
    auto common = CommonType(types[i % width], args[i + 1]->type, StringPromotion::kRefuse);
    if (!common) {
      return WrongType("stack", i + 1, types[i % width].ToDdl(), args[i + 1]->type);
    }
    types[i % width] = *std::move(common);
  }
  for (size_t i = 0; i < values; ++i) {
    shape.args.push_back(CastTo(args[i + 1], types[i % width]));
  }
  for (size_t i = 0; i < width; ++i) {
    shape.columns.push_back({"col" + std::to_string(i), types[i], true});
  }
  return shape;
}

}  // namespace

std::optional<GeneratorName> FindGenerator(std::string_view name) {
  constexpr std::string_view kOuter = "_outer";
  const std::string lower = ToLower(name);
  const bool outer = lower.ends_with(kOuter);
  const FunctionEntry* entry =
      FindFunction(outer ? lower.substr(0, lower.size() - kOuter.size()) : lower);
  if (entry == nullptr || entry->kind != FunctionKind::kGenerator ||
      (outer && entry->name == "stack")) {
    return std::nullopt;
  }
  return GeneratorName{entry->name, outer};
}

Result<GeneratorShape> ShapeOf(const GeneratorName& generator, std::vector<ExprPtr> args) {
  if (generator.function == "inline") {
    return ShapeOfInline(generator, std::move(args));
  }
  if (generator.function == "stack") {
    return ShapeOfStack(std::move(args));
  }
  return ShapeOfExplode(generator, std::move(args));
}

}  // namespace medallion::sql
