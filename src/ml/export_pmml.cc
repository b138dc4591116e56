#include "ml/export_pmml.h"

#include <fmt/ranges.h>

namespace medallion::ml {
namespace {

std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\t': escaped += "&#9;"; break;
      case '\n': escaped += "&#10;"; break;
      case '\r': escaped += "&#13;"; break;
      default: escaped += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
  }
  return escaped;
}

std::string Constant(double value) {
  return fmt::format("<Constant dataType=\"double\">{}</Constant>", value);
}

std::string Whole(int32_t value) {
  return fmt::format("<Constant dataType=\"string\">{}</Constant>", value);
}

std::string Apply(std::string_view function, std::initializer_list<std::string> arguments) {
  return fmt::format("<Apply function=\"{}\">{}</Apply>", function, fmt::join(arguments, ""));
}

std::string Field(std::string_view name) {
  return fmt::format("<FieldRef field=\"{}\"/>", Escape(name));
}

std::string ScaledName(std::string_view feature) { return fmt::format("scaled({})", feature); }

std::string DataDictionary(const Model& model) {
  std::string text =
      fmt::format(" <DataDictionary numberOfFields=\"{}\">\n", model.features.size());
  for (const std::string& feature : model.features) {
    text += fmt::format("  <DataField name=\"{}\" optype=\"continuous\" dataType=\"double\"/>\n",
                        Escape(feature));
  }
  return text + " </DataDictionary>\n";
}

std::string MiningSchema(const Model& model) {
  std::string text = "  <MiningSchema>\n";
  for (const std::string& feature : model.features) {
    text += fmt::format("   <MiningField name=\"{}\"/>\n", Escape(feature));
  }
  return text + "  </MiningSchema>\n";
}

std::string Outside(std::string_view feature, const Fences& fences) {
  return Apply("or", {Apply("lessThan", {Field(feature), Constant(fences.low)}),
                      Apply("greaterThan", {Field(feature), Constant(fences.high)})});
}

// nearest_cluster, with the outlier groups before it.
std::string ClusterExpression(const Model& model) {
  std::string expression = Field("nearest_cluster");
  if (const auto& rule = model.outliers) {
    const std::string first = Outside(model.features[rule->first], rule->first_fences);
    const std::string second = Outside(model.features[rule->second], rule->second_fences);
    expression = Apply("if", {second, Whole(kSecondOutside), expression});
    expression = Apply("if", {first, Whole(kFirstOutside), expression});
    expression = Apply("if", {Apply("and", {first, second}), Whole(kBothOutside), expression});
  }
  return expression;
}

std::string Output(const Model& model) {
  return fmt::format(
      "  <Output>\n"
      "   <OutputField name=\"nearest_cluster\" optype=\"categorical\" dataType=\"string\" "
      "feature=\"predictedValue\"/>\n"
      "   <OutputField name=\"cluster\" optype=\"categorical\" dataType=\"string\" "
      "feature=\"transformedValue\">{}</OutputField>\n"
      "  </Output>\n",
      ClusterExpression(model));
}

std::string Fence(std::string_view feature, const Fences& fences) {
  return fmt::format("  <Extension extender=\"medallion\" name=\"fence.{}\" value=\"{} {}\"/>\n",
                     Escape(feature), fences.low, fences.high);
}

std::string Extensions(const Model& model) {
  if (!model.outliers) {
    return {};
  }
  return Fence(model.features[model.outliers->first], model.outliers->first_fences) +
         Fence(model.features[model.outliers->second], model.outliers->second_fences);
}

std::string Transformations(const Model& model) {
  std::string text = "  <LocalTransformations>\n";
  for (size_t j = 0; j < model.features.size(); ++j) {
    const std::string& feature = model.features[j];
    text += fmt::format(
        "   <DerivedField name=\"{}\" optype=\"continuous\" dataType=\"double\">{}"
        "</DerivedField>\n",
        Escape(ScaledName(feature)),
        Apply("/", {Apply("-", {Field(feature), Constant(model.scaler.mean()[j])}),
                    Constant(model.scaler.scale()[j])}));
  }
  return text + "  </LocalTransformations>\n";
}

std::string ClusterElements(const Model& model) {
  std::string text;
  for (const std::string& feature : model.features) {
    text += fmt::format("  <ClusteringField field=\"{}\" compareFunction=\"absDiff\"/>\n",
                        Escape(ScaledName(feature)));
  }
  for (const ModelCluster& cluster : model.clusters) {
    text += fmt::format(
        "  <Cluster id=\"{}\" name=\"{}\" size=\"{}\"><Array n=\"{}\" type=\"real\">{}</Array>"
        "</Cluster>\n",
        cluster.id, cluster.id, cluster.size, cluster.centroid_scaled.size(),
        fmt::join(cluster.centroid_scaled, " "));
  }
  return text;
}

}  // namespace

std::string ModelToPmml(const Model& model) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<PMML xmlns=\"http://www.dmg.org/PMML-4_4\" version=\"4.4\">\n"
      " <Header description=\"{} version {}\"><Application name=\"medallion\"/></Header>\n"
      "{}"
      " <ClusteringModel modelName=\"{}\" functionName=\"clustering\" modelClass=\"centerBased\" "
      "numberOfClusters=\"{}\">\n"
      "{}{}{}{}"
      "  <ComparisonMeasure kind=\"distance\" compareFunction=\"absDiff\"><squaredEuclidean/>"
      "</ComparisonMeasure>\n"
      "{}"
      " </ClusteringModel>\n"
      "</PMML>\n",
      Escape(model.name), model.version, DataDictionary(model), Escape(model.name),
      model.clusters.size(), Extensions(model), MiningSchema(model), Output(model),
      Transformations(model), ClusterElements(model));
}

}  // namespace medallion::ml
