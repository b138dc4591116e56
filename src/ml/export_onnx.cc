#include "ml/export_onnx.h"

#include <bit>
#include <cstring>

#include <fmt/ranges.h>

namespace medallion::ml {
namespace {

// The protobuf wire format, as far as ONNX's messages need it (protobuf.dev, "Encoding"): varints
// and length-delimited fields.
class Message {
 public:
  Message& Whole(int field, int64_t value) {
    Tag(field, 0);
    Varint(static_cast<uint64_t>(value));
    return *this;
  }

  Message& Bytes(int field, std::string_view bytes) {
    Tag(field, 2);
    Varint(bytes.size());
    bytes_ += bytes;
    return *this;
  }

  Message& Nested(int field, const Message& message) { return Bytes(field, message.bytes_); }

  const std::string& bytes() const { return bytes_; }

 private:
  void Tag(int field, int wire_type) { Varint(static_cast<uint64_t>(field << 3 | wire_type)); }

  void Varint(uint64_t value) {
    while (value >= 0x80) {
      bytes_ += static_cast<char>(value | 0x80);
      value >>= 7;
    }
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

// Numbers of onnx.proto3.
constexpr int kIrVersion = 7;  // the one that came with operator set 13
constexpr int kOperatorSet = 13;
constexpr int64_t kInt64 = 7;    // TensorProto.DataType
constexpr int64_t kDouble = 11;  // TensorProto.DataType
constexpr int64_t kAttributeInt = 2;

template <class T>
std::string RawBytes(std::span<const T> values) {
  static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");
  std::string bytes(values.size_bytes(), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

Message Tensor(std::string_view name, std::initializer_list<size_t> shape, int64_t type,
               std::string_view raw) {
  Message tensor;
  for (const size_t dimension : shape) {
    tensor.Whole(1, static_cast<int64_t>(dimension));
  }
  return tensor.Whole(2, type).Bytes(8, name).Bytes(9, raw);
}

// The graph under construction. Values are named after what they are.
class Graph {
 public:
  void Constant(std::string_view name, std::initializer_list<size_t> shape,
                std::span<const double> values) {
    message_.Nested(5, Tensor(name, shape, kDouble, RawBytes(values)));
  }

  void Constant(std::string_view name, std::initializer_list<size_t> shape,
                std::span<const int64_t> values) {
    message_.Nested(5, Tensor(name, shape, kInt64, RawBytes(values)));
  }

  void Node(std::string_view operation, std::initializer_list<std::string_view> inputs,
            std::string_view output,
            std::initializer_list<std::pair<std::string_view, int64_t>> attributes = {}) {
    Message node;
    for (const std::string_view input : inputs) {
      node.Bytes(1, input);
    }
    node.Bytes(2, output).Bytes(3, output).Bytes(4, operation);
    for (const auto& [name, value] : attributes) {
      Message attribute;
      node.Nested(5, attribute.Bytes(1, name).Whole(3, value).Whole(20, kAttributeInt));
    }
    message_.Nested(1, node);
  }

  // An input (field 11) or output (field 12) of N rows, with columns if there are any.
  void Port(int field, std::string_view name, int64_t type, size_t columns) {
    Message rows;
    Message shape;
    shape.Nested(1, rows.Bytes(2, "N"));
    if (columns > 0) {
      Message dimension;
      shape.Nested(1, dimension.Whole(1, static_cast<int64_t>(columns)));
    }
    Message tensor;
    tensor.Whole(1, type).Nested(2, shape);
    Message type_message;
    type_message.Nested(1, tensor);
    Message port;
    message_.Nested(field, port.Bytes(1, name).Nested(2, type_message));
  }

  Message Finish(std::string_view name) { return message_.Bytes(2, name); }

 private:
  Message message_;
};

// Adds `<prefix>_outside`: whether the feature is outside its fences.
void AddOutside(Graph& graph, const std::string& prefix, size_t feature, const Fences& fences) {
  const auto index = static_cast<int64_t>(feature);
  graph.Constant(prefix + "_index", {}, std::span(&index, 1));
  graph.Constant(prefix + "_low", {}, std::span(&fences.low, 1));
  graph.Constant(prefix + "_high", {}, std::span(&fences.high, 1));
  graph.Node("Gather", {"features", prefix + "_index"}, prefix, {{"axis", 1}});
  graph.Node("Less", {prefix, prefix + "_low"}, prefix + "_below");
  graph.Node("Greater", {prefix, prefix + "_high"}, prefix + "_above");
  graph.Node("Or", {prefix + "_below", prefix + "_above"}, prefix + "_outside");
}

// Adds `cluster` from `nearest_cluster`.
void AddOutlierRule(Graph& graph, const Model& model) {
  if (!model.outliers) {
    graph.Node("Identity", {"nearest_cluster"}, "cluster");
    return;
  }
  const OutlierRule& rule = *model.outliers;
  AddOutside(graph, "first", rule.first, rule.first_fences);
  AddOutside(graph, "second", rule.second, rule.second_fences);
  const int64_t groups[] = {kFirstOutside, kSecondOutside, kBothOutside};
  graph.Constant("first_group", {}, std::span(groups, 1));
  graph.Constant("second_group", {}, std::span(groups + 1, 1));
  graph.Constant("both_group", {}, std::span(groups + 2, 1));
  graph.Node("And", {"first_outside", "second_outside"}, "both_outside");
  graph.Node("Where", {"second_outside", "second_group", "nearest_cluster"}, "unless_second");
  graph.Node("Where", {"first_outside", "first_group", "unless_second"}, "unless_first");
  graph.Node("Where", {"both_outside", "both_group", "unless_first"}, "cluster");
}

Message BuildGraph(const Model& model) {
  const size_t features = model.features.size();
  const size_t k = model.clusters.size();
  const Points centroids = ScaledCentroids(model);
  const int64_t axes[] = {1, 2};
  std::vector<int64_t> ids;
  for (const ModelCluster& cluster : model.clusters) {
    ids.push_back(cluster.id);
  }
  Graph graph;
  graph.Port(11, "features", kDouble, features);
  graph.Port(12, "cluster", kInt64, 0);
  graph.Constant("mean", {features}, model.scaler.mean());
  graph.Constant("scale", {features}, model.scaler.scale());
  graph.Constant("centroids", {k, features}, centroids.values());
  graph.Constant("cluster_axis", {1}, std::span(axes, 1));
  graph.Constant("feature_axis", {1}, std::span(axes + 1, 1));
  graph.Constant("ids", {k}, std::span<const int64_t>(ids));
  graph.Node("Sub", {"features", "mean"}, "centred");
  graph.Node("Div", {"centred", "scale"}, "scaled");
  graph.Node("Unsqueeze", {"scaled", "cluster_axis"}, "scaled_per_cluster");
  graph.Node("Sub", {"scaled_per_cluster", "centroids"}, "differences");
  graph.Node("Mul", {"differences", "differences"}, "squares");
  graph.Node("ReduceSum", {"squares", "feature_axis"}, "squared_distances", {{"keepdims", 0}});
  graph.Node("ArgMin", {"squared_distances"}, "nearest", {{"axis", 1}, {"keepdims", 0}});
  graph.Node("Gather", {"ids", "nearest"}, "nearest_cluster", {{"axis", 0}});
  AddOutlierRule(graph, model);
  return graph.Finish("kmeans");
}

Message Property(std::string_view key, std::string_view value) {
  Message property;
  return property.Bytes(1, key).Bytes(2, value);
}

}  // namespace

std::string ModelToOnnx(const Model& model) {
  Message operators;
  operators.Bytes(1, "").Whole(2, kOperatorSet);
  Message onnx;
  onnx.Whole(1, kIrVersion).Bytes(2, "medallion").Whole(5, model.version);
  onnx.Nested(7, BuildGraph(model)).Nested(8, operators);
  onnx.Nested(14, Property("name", model.name));
  onnx.Nested(14, Property("features", fmt::format("{}", fmt::join(model.features, ","))));
  if (const auto& rule = model.outliers) {
    const auto fence = [&](size_t feature, const Fences& fences) {
      onnx.Nested(14, Property("fence." + model.features[feature],
                               fmt::format("{} {}", fences.low, fences.high)));
    };
    fence(rule->first, rule->first_fences);
    fence(rule->second, rule->second_fences);
  }
  return onnx.bytes();
}

}  // namespace medallion::ml
