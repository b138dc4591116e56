#include "customer_filter.h"

#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace medallion::serve {
namespace {

class ConditionBuilder {
 public:
  explicit ConditionBuilder(const Parameters& given) : given_(given) {}

  void AnyText(const std::string& parameter, const std::string& column) {
    std::vector<std::string> names;
    for (const std::string& text : given_.Texts(parameter)) {
      names.push_back(":" + Bind(text));
    }
    if (!names.empty()) {
      Add(fmt::format("{} IN ({})", column, Join(names, ", ")));
    }
  }

  void AnyNumber(const std::string& parameter, const std::string& column) {
    const std::vector<int64_t> numbers = given_.Integers(parameter);
    if (!numbers.empty()) {
      Add(fmt::format("{} IN ({})", column, fmt::join(numbers, ", ")));
    }
  }

  void Range(const std::string& parameter, const std::string& column) {
    if (const auto least = given_.Integer(parameter + "_min")) {
      Add(fmt::format("{} >= {}", column, *least));
    }
    if (const auto most = given_.Integer(parameter + "_max")) {
      Add(fmt::format("{} <= {}", column, *most));
    }
  }

  void MoneyRange(const std::string& parameter, const std::string& column) {
    for (const auto& [suffix, test] : {std::pair("_min", ">="), std::pair("_max", "<=")}) {
      if (const std::string amount = given_.Text(parameter + suffix); !amount.empty()) {
        Add(fmt::format("{} {} CAST(:{} AS DECIMAL(18,2))", column, test, Bind(amount)));
      }
    }
  }

  void Prefix(const std::string& parameter, const std::string& column) {
    if (const std::string text = given_.Text(parameter); !text.empty()) {
      Add(fmt::format("startswith({}, :{})", column, Bind(text)));
    }
  }

  CustomerFilter Take() && {
    filter_.condition = conditions_.empty() ? "true" : Join(conditions_, " AND ");
    return std::move(filter_);
  }

 private:
  void Add(std::string condition) { conditions_.push_back(std::move(condition)); }
  std::string Bind(const std::string& text) {
    std::string name = fmt::format("filter{}", filter_.parameters.size());
    filter_.parameters[name] = text;
    return name;
  }

  const Parameters& given_;
  CustomerFilter filter_;
  std::vector<std::string> conditions_;
};

}  // namespace

CustomerFilter ReadFilter(const Parameters& parameters) {
  ConditionBuilder builder(parameters);
  builder.AnyText("segment", "segment");
  builder.AnyText("score_segment", "RFM_Segment");
  builder.AnyText("country", "Country");
  builder.AnyNumber("cluster", "Cluster");
  builder.AnyNumber("r_score", "R_Score");
  builder.AnyNumber("f_score", "F_Score");
  builder.AnyNumber("m_score", "M_Score");
  builder.Range("recency", "Recency");
  builder.Range("frequency", "Frequency");
  builder.MoneyRange("monetary", "Monetary");
  builder.Prefix("search", "CustomerID");
  return std::move(builder).Take();
}

std::string CustomersQuery(std::optional<int64_t> version) {
  return fmt::format(
      "SELECT s.*, a.Country FROM ml.customer_segments {} AS s "
      "LEFT JOIN customer_analytics AS a ON a.CustomerID = s.CustomerID",
      version ? fmt::format("VERSION AS OF {}", *version) : "");
}

std::string WithFiltered(const CustomerFilter& filter, std::optional<int64_t> version) {
  return fmt::format("WITH customers AS ({}), filtered AS (SELECT * FROM customers WHERE {}) ",
                     CustomersQuery(version), filter.condition);
}

Status RequireSegments(TableReader& reader) {
  for (const char* table : {"ml.customer_segments", "customer_analytics"}) {
    ASSIGN_OR_RETURN(const bool exists, reader.Has(table));
    if (!exists) {
      return Error(ErrorCode::kNotFound,
                   {Diagnostic::Unplaced(
                       "TABLE_OR_VIEW_NOT_FOUND",
                       fmt::format("there is no table {} in this storage yet", table),
                       {"the retail pipeline makes it: medallion run --spec pipelines/retail"})});
    }
  }
  return OkStatus();
}

const SegmentScheme& FindScheme(const std::string& name) {
  static const std::array<SegmentScheme, 3> kSchemes = {{
      {"rule", "segment", "CAST(NULL AS INT)", "CAST(NULL AS STRING)", "max(recommendation)"},
      {"score", "RFM_Segment", "CAST(NULL AS INT)", "CAST(NULL AS STRING)", "CAST(NULL AS STRING)"},
      {"cluster", "CAST(Cluster AS STRING)", "max(Cluster)", "max(Cluster_Description)",
       "max(Cluster_Recommendation)"},
  }};
  for (const SegmentScheme& scheme : kSchemes) {
    if (scheme.name == name) return scheme;
  }
  return kSchemes.front();
}

}  // namespace medallion::serve
