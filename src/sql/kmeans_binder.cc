#include <algorithm>
#include <limits>
#include <set>

#include "base/text.h"
#include "expr_builder.h"
#include "expression_binder.h"
#include "query_binder.h"

// kmeans(TABLE(t), key => 'CustomerID', features => array('Monetary', 'Frequency'), …) and
// kmeans_model(TABLE(t))

namespace medallion::sql {
namespace {

// Above these a fit takes hours; a larger number is a slip.
constexpr int64_t kClustersMax = 1'000;
constexpr int64_t kRestartsMax = 10'000;
constexpr int64_t kIterationsMax = 100'000;

}  // namespace

// Reads the named arguments one by one. Each has a place of its own in messages.
class KMeansArguments {
 public:
  KMeansArguments(Analysis& analysis, QueryBinder& binder, Schema table)
      : analysis_(analysis), binder_(binder), table_(std::move(table)) {}

  Status Read(const ast::Argument& argument) {
    if (!argument.name) {
      return analysis_.Problem(argument.span, "KMEANS_ARGUMENT",
                               "kmeans takes one table first and then named arguments",
                               "no name before it", {"write name => value"});
    }
    const std::string name = ToLower(argument.name->text);
    const auto entry = std::find_if(std::begin(kOptions), std::end(kOptions),
                                    [&](const Option& option) { return option.name == name; });
    if (entry == std::end(kOptions)) {
      return Unknown(*argument.name);
    }
    if (!given_.insert(name).second) {
      return analysis_.Problem(argument.name->span, "DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT",
                               fmt::format("`{}` is given twice", name), "a second time");
    }
    ASSIGN_OR_RETURN(const std::vector<Value> values, Constants(argument));
    return (this->*entry->read)(values, argument.value->span);
  }

  Result<KMeansCall> Finish(Span span) {
    if (call_.key.empty() || call_.features.empty()) {
      return analysis_.Problem(
          span, "REQUIRED_PARAMETER_NOT_FOUND",
          fmt::format("kmeans needs `{}`", call_.key.empty() ? "key" : "features"), "in this call",
          {call_.key.empty() ? "key => 'CustomerID' names the column that identifies a row"
                             : "features => array('Monetary', 'Frequency') names the columns to "
                               "cluster by"});
    }
    if (call_.outliers && call_.features.size() < 2) {
      if (given_.contains("outliers")) {
        return analysis_.Problem(span, "INVALID_PARAMETER_VALUE.KMEANS",
                                 "outliers are found by the first two features, and there is one",
                                 "one feature", {"add a feature, or write outliers => 'none'"});
      }
      call_.outliers = false;
    }
    if (!call_.k && call_.k_min > call_.k_max) {
      return analysis_.Problem(
          span, "INVALID_PARAMETER_VALUE.KMEANS",
          fmt::format("k_min is {}, above k_max, which is {}", call_.k_min, call_.k_max),
          "no k is left");
    }
    return std::move(call_);
  }

 private:
  using Reader = Status (KMeansArguments::*)(const std::vector<Value>&, Span);
  struct Option {
    std::string_view name;
    Reader read;
  };
  static const Option kOptions[13];

  Status Unknown(const Identifier& name) const {
    std::vector<std::string> names;
    for (const Option& option : kOptions) {
      names.emplace_back(option.name);
    }
    std::vector<std::string> hints;
    if (const auto nearest = NearestName(ToLower(name.text), names)) {
      hints.push_back("did you mean `" + *nearest + "`?");
    } else {
      hints.push_back("it takes " + medallion::Join(names, ", "));
    }
    return analysis_.Problem(name.span, "UNRECOGNIZED_PARAMETER_NAME",
                             fmt::format("kmeans has no argument `{}`", name.text),
                             "no such argument", std::move(hints));
  }

  // One literal, or the elements of array(…).
  Result<std::vector<Value>> Constants(const ast::Argument& argument) {
    if (argument.value == nullptr) {
      return analysis_.Problem(argument.span, "KMEANS_ARGUMENT",
                               "kmeans takes its one table first, without a name", "a table here");
    }
    const auto* call = std::get_if<ast::FunctionCall>(&argument.value->node);
    const bool is_array =
        call != nullptr && call->name.size() == 1 && EqualsIgnoreCase(call->name[0].text, "array");
    if (!is_array) {
      ASSIGN_OR_RETURN(Value value, binder_.ConstantArgument(argument));
      return std::vector<Value>{std::move(value)};
    }
    std::vector<Value> values;
    for (const ast::Argument& element : call->args) {
      ASSIGN_OR_RETURN(Value value, binder_.ConstantArgument(element));
      values.push_back(std::move(value));
    }
    return values;
  }

  Status Wrong(std::string_view name, std::string_view wants, Span span) const {
    return analysis_.Problem(span, "INVALID_PARAMETER_VALUE.KMEANS",
                             fmt::format("`{}` has to be {}", name, wants), "not this");
  }

  static const std::string* TextOf(const std::vector<Value>& values) {
    return values.size() == 1 ? std::get_if<std::string>(&values[0].data) : nullptr;
  }

  // The column as the table spells it.
  Result<const Field*> ColumnNamed(std::string_view option, const Value& value, Span span) const {
    const auto* name = std::get_if<std::string>(&value.data);
    if (name == nullptr) {
      return analysis_.Problem(span, "INVALID_PARAMETER_VALUE.KMEANS",
                               fmt::format("`{}` names columns as strings", option), "no string");
    }
    if (const std::optional<size_t> index = table_.IndexOf(*name)) {
      return &table_[*index];
    }
    std::vector<std::string> names;
    for (const Field& field : table_.fields()) {
      names.push_back(field.name);
    }
    std::vector<std::string> hints;
    if (const auto nearest = NearestName(*name, names)) {
      hints.push_back("did you mean `" + *nearest + "`?");
    }
    return analysis_.Problem(span, "UNRESOLVED_COLUMN.WITH_SUGGESTION",
                             fmt::format("the table has no column `{}`", *name), "no such column",
                             std::move(hints));
  }

  Status ReadKey(const std::vector<Value>& values, Span span) {
    if (values.size() != 1) {
      return Wrong("key", "the name of one column", span);
    }
    ASSIGN_OR_RETURN(const Field* field, ColumnNamed("key", values[0], span));
    if (!field->type.Is(TypeKind::kString) && !field->type.IsIntegral()) {
      return Wrong("key", "a column of text or integers", span);
    }
    call_.key = field->name;
    return OkStatus();
  }

  Status ReadFeatures(const std::vector<Value>& values, Span span) {
    if (values.empty()) {
      return Wrong("features", "one column or more", span);
    }
    for (const Value& value : values) {
      ASSIGN_OR_RETURN(const Field* field, ColumnNamed("features", value, span));
      if (!field->type.IsNumeric()) {
        return analysis_.Problem(span, "DATATYPE_MISMATCH.KMEANS",
                                 fmt::format("feature `{}` is {}; kmeans needs numbers",
                                             field->name, field->type.ToDdl()),
                                 "not a number");
      }
      if (std::find(call_.features.begin(), call_.features.end(), field->name) !=
          call_.features.end()) {
        return analysis_.Problem(span, "INVALID_PARAMETER_VALUE.KMEANS",
                                 fmt::format("feature `{}` is named twice", field->name),
                                 "twice in here");
      }
      call_.features.push_back(field->name);
    }
    return OkStatus();
  }

  // A choice of words.
  Result<size_t> Choice(std::string_view name, const std::vector<std::string_view>& words,
                        const std::vector<Value>& values, Span span) const {
    const std::string* text = TextOf(values);
    for (size_t i = 0; text != nullptr && i < words.size(); ++i) {
      if (EqualsIgnoreCase(*text, words[i])) {
        return i;
      }
    }
    std::string list;
    for (const std::string_view word : words) {
      list += fmt::format("{}'{}'", list.empty() ? "" : " or ", word);
    }
    return std::move(Wrong(name, list, span)).error();
  }

  Status ReadOutliers(const std::vector<Value>& values, Span span) {
    ASSIGN_OR_RETURN(const size_t choice, Choice("outliers", {"iqr", "none"}, values, span));
    call_.outliers = choice == 0;
    return OkStatus();
  }

  Status ReadScale(const std::vector<Value>& values, Span span) {
    ASSIGN_OR_RETURN(const size_t choice, Choice("scale", {"standard", "none"}, values, span));
    call_.scale = choice == 0;
    return OkStatus();
  }

  Status ReadRefit(const std::vector<Value>& values, Span span) {
    ASSIGN_OR_RETURN(const size_t choice,
                     Choice("refit", {"always", "drift", "pinned"}, values, span));
    call_.refit = static_cast<RefitPolicy>(choice);
    return OkStatus();
  }

  Status ReadNumber(std::string_view name, int64_t low, int64_t high,
                    const std::vector<Value>& values, Span span, int64_t& number) const {
    const auto* value = values.size() == 1 ? std::get_if<int64_t>(&values[0].data) : nullptr;
    if (value == nullptr || !values[0].type.IsIntegral() || *value < low || *value > high) {
      return Wrong(name, fmt::format("an integer from {} to {}", low, high), span);
    }
    number = *value;
    return OkStatus();
  }

  Status ReadK(const std::vector<Value>& values, Span span) {
    const std::string* text = TextOf(values);
    if (text != nullptr && EqualsIgnoreCase(*text, "auto")) {
      call_.k.reset();
      return OkStatus();
    }
    if (text != nullptr) {
      return Wrong("k", "'auto' or a number of clusters", span);
    }
    int64_t k = 0;
    RETURN_IF_ERROR(ReadNumber("k", 1, kClustersMax, values, span, k));
    call_.k = k;
    return OkStatus();
  }
  Status ReadKMin(const std::vector<Value>& values, Span span) {
    return ReadNumber("k_min", 1, kClustersMax, values, span, call_.k_min);
  }
  Status ReadKMax(const std::vector<Value>& values, Span span) {
    return ReadNumber("k_max", 1, kClustersMax, values, span, call_.k_max);
  }
  Status ReadSeed(const std::vector<Value>& values, Span span) {
    return ReadNumber("seed", 0, std::numeric_limits<int64_t>::max(), values, span, call_.seed);
  }
  Status ReadRestarts(const std::vector<Value>& values, Span span) {
    return ReadNumber("restarts", 1, kRestartsMax, values, span, call_.restarts);
  }
  Status ReadMaxIterations(const std::vector<Value>& values, Span span) {
    return ReadNumber("max_iterations", 1, kIterationsMax, values, span, call_.max_iterations);
  }

  Status ReadHistory(const std::vector<Value>& values, Span span) {
    const auto* flag = values.size() == 1 ? std::get_if<bool>(&values[0].data) : nullptr;
    if (flag == nullptr) {
      return Wrong("history", "true or false", span);
    }
    call_.history = *flag;
    return OkStatus();
  }

  Status ReadDriftThreshold(const std::vector<Value>& values, Span span) {
    double threshold = -1;
    if (values.size() == 1) {
      if (const auto* number = std::get_if<double>(&values[0].data)) {
        threshold = *number;
      } else if (const auto* decimal = std::get_if<Decimal>(&values[0].data)) {
        threshold = decimal->ToDouble();
      } else if (const auto* whole = std::get_if<int64_t>(&values[0].data)) {
        threshold = static_cast<double>(*whole);
      }
    }
    if (!(threshold > 0)) {
      return Wrong("drift_threshold", "a number above 0", span);
    }
    call_.drift_threshold = threshold;
    return OkStatus();
  }

  Analysis& analysis_;
  QueryBinder& binder_;
  Schema table_;
  KMeansCall call_;
  std::set<std::string> given_;
};

const KMeansArguments::Option KMeansArguments::kOptions[13] = {
    {"key", &KMeansArguments::ReadKey},
    {"features", &KMeansArguments::ReadFeatures},
    {"outliers", &KMeansArguments::ReadOutliers},
    {"scale", &KMeansArguments::ReadScale},
    {"k", &KMeansArguments::ReadK},
    {"k_min", &KMeansArguments::ReadKMin},
    {"k_max", &KMeansArguments::ReadKMax},
    {"seed", &KMeansArguments::ReadSeed},
    {"restarts", &KMeansArguments::ReadRestarts},
    {"max_iterations", &KMeansArguments::ReadMaxIterations},
    {"history", &KMeansArguments::ReadHistory},
    {"refit", &KMeansArguments::ReadRefit},
    {"drift_threshold", &KMeansArguments::ReadDriftThreshold},
};

Result<BoundFrom> QueryBinder::BindKMeans(const ast::TableFunctionCall& node, Span span) {
  if (node.args.empty() || node.args.front().table == nullptr || node.args.front().name) {
    return analysis_.Problem(node.args.empty() ? span : node.args.front().span, "KMEANS_ARGUMENT",
                             "kmeans takes a table first", "no table",
                             {"write kmeans(TABLE(customer_rfm_gold), key => …, features => …)"});
  }
  const ast::Relation& table = *node.args.front().table;
  const auto* reference = std::get_if<ast::TableReference>(&table.node);
  if (reference != nullptr && reference->streaming) {
    return analysis_.Problem(table.span, "KMEANS_ARGUMENT",
                             "kmeans needs the whole table, not a stream of new rows", "a stream",
                             {"write TABLE(t) without STREAM"});
  }
  ASSIGN_OR_RETURN(const BoundFrom input, BindFrom(table, nullptr));
  std::vector<Field> fields;
  for (const BoundColumn& column : input.relation->columns) {
    fields.push_back({column.name, column.type, column.nullable});
  }
  KMeansArguments arguments(analysis_, *this, Schema(std::move(fields)));
  for (size_t i = 1; i < node.args.size(); ++i) {
    RETURN_IF_ERROR(arguments.Read(node.args[i]));
  }
  ASSIGN_OR_RETURN(KMeansCall call, arguments.Finish(node.name.span));

  std::vector<BoundColumn> columns = input.relation->columns;
  const auto add = [&](const char* name, DataType type, bool nullable) {
    columns.push_back(analysis_.NewColumn(name, std::move(type), nullable));
  };
  add(kClusterColumn, DataType::Integer(), false);
  add(kUpdateDateColumn, DataType::Date(), false);
  add(kDistanceColumn, DataType::Double(), false);
  add(kNextDistanceColumn, DataType::Double(), true);
  add(kModelVersionColumn, DataType::Long(), false);
  BoundFrom from;
  for (const BoundColumn& column : columns) {
    const bool taken = std::any_of(
        from.scope.columns.begin(), from.scope.columns.end(),
        [&](const ScopeColumn& c) { return EqualsIgnoreCase(c.column.name, column.name); });
    if (taken) {
      return analysis_.Problem(
          table.span, "COLUMN_ALREADY_EXISTS",
          fmt::format("the result of kmeans would have two columns `{}`", column.name),
          "two of one name", {"leave it out: TABLE(SELECT … FROM t)"});
    }
    from.scope.columns.push_back({column, {}, false});
  }
  from.relation = MakeRelation(std::move(columns), KMeans{input.relation, std::move(call), span});
  return from;
}

const std::vector<Field>& KMeansModelFields() {
  static const std::vector<Field> fields = {{"ModelVersion", DataType::Long(), false},
                                            {"PreviousVersion", DataType::Long(), true},
                                            {"TrainingTable", DataType::String(), false},
                                            {"TrainingTableVersion", DataType::Long(), false},
                                            {"TrainingRows", DataType::Long(), false},
                                            {"k", DataType::Integer(), false},
                                            {"BestK", DataType::Integer(), true},
                                            {"CurvatureElbow", DataType::Integer(), true},
                                            {"Inertia", DataType::Double(), false},
                                            {"Silhouette", DataType::Double(), true},
                                            {"SilhouetteRows", DataType::Long(), false},
                                            {"DaviesBouldin", DataType::Double(), true},
                                            {"CalinskiHarabasz", DataType::Double(), true},
                                            {"CentroidShift", DataType::Double(), true},
                                            {"PopulationStability", DataType::Double(), true},
                                            {"Parameters", DataType::String(), false},
                                            {"KSearch", DataType::String(), false},
                                            {"Clusters", DataType::String(), false},
                                            {"Changes", DataType::String(), true}};
  return fields;
}

Result<BoundFrom> QueryBinder::BindKMeansModel(const ast::TableFunctionCall& node, Span span) {
  const bool one = node.args.size() == 1 && node.args.front().table && !node.args.front().name;
  const auto* reference =
      one ? std::get_if<ast::TableReference>(&node.args.front().table->node) : nullptr;
  if (reference == nullptr || reference->streaming) {
    return analysis_.Problem(
        span, "KMEANS_ARGUMENT", "kmeans_model takes one table, whose rows come from kmeans",
        "not one table", {"write kmeans_model(TABLE(customer_segments_clustered))"});
  }
  ASSIGN_OR_RETURN(const BoundFrom input, BindFrom(*node.args.front().table, nullptr));
  if (!std::holds_alternative<TableScan>(input.relation->node)) {
    return analysis_.Problem(span, "KMEANS_ARGUMENT", "kmeans_model takes a stored table",
                             "no stored table", {"name the MATERIALIZED VIEW with the kmeans"});
  }
  BoundFrom from;
  std::vector<BoundColumn> columns;
  for (const Field& field : KMeansModelFields()) {
    columns.push_back(analysis_.NewColumn(field.name, field.type, field.nullable));
    from.scope.columns.push_back({columns.back(), {}, false});
  }
  from.relation = MakeRelation(std::move(columns), KMeansModel{input.relation, span});
  return from;
}

}  // namespace medallion::sql
