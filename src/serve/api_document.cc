#include "api_document.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "base/text.h"
#include "json_schema.h"
#include "openapi_text.h"

namespace medallion::serve {
namespace {

// A plain scalar means what the JSON schema of YAML 1.2 says; a quoted one is text.
Json YamlScalarToJson(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;
  if (text == "true" || text == "false") return text == "true";
  if (text == "null") return nullptr;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? Json(number) : Json(text);
}

Json YamlToJson(const YAML::Node& node) {
  if (node.IsMap()) {
    Json object = Json::object();
    for (const auto& member : node) {
      object[member.first.Scalar()] = YamlToJson(member.second);
    }
    return object;
  }
  if (node.IsSequence()) {
    Json array = Json::array();
    for (const auto& item : node) {
      array.push_back(YamlToJson(item));
    }
    return array;
  }
  return node.IsScalar() ? YamlScalarToJson(node) : Json(nullptr);
}

bool IsPlaceholder(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

// A query's text as the type that its schema wants; the text itself if it does not fit.
Json TypedValue(const std::string& text, const Json& schema) {
  if (schema.value("type", "") == "integer") {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) {
      return number;
    }
  }
  return text;
}

Problem BadRequest(std::string detail) {
  return {.status = 400,
          .code = "INVALID_REQUEST",
          .detail = std::move(detail),
          .hints = {"GET /api/v1/openapi.json describes every request"}};
}

}  // namespace

struct ApiDocument::Operation {
  std::vector<std::string> segments;
  std::string method;
  std::string id;
  std::vector<Json> parameters;  // resolved
  Json body;                     // schema, or null
};

std::string Parameters::Text(const std::string& name) const {
  return Has(name) ? values_[name].get<std::string>() : "";
}
std::optional<int64_t> Parameters::Integer(const std::string& name) const {
  return Has(name) ? std::optional(values_[name].get<int64_t>()) : std::nullopt;
}
std::vector<std::string> Parameters::Texts(const std::string& name) const {
  return Has(name) ? values_[name].get<std::vector<std::string>>() : std::vector<std::string>();
}
std::vector<int64_t> Parameters::Integers(const std::string& name) const {
  return Has(name) ? values_[name].get<std::vector<int64_t>>() : std::vector<int64_t>();
}

ApiDocument::ApiDocument() : document_(YamlToJson(YAML::Load(std::string(kOpenApiYaml)))) {
  text_ = Dump(document_);
  for (const auto& [path, methods] : document_["paths"].items()) {
    for (const auto& [method, description] : methods.items()) {
      Operation operation{.segments = Split(path.substr(1), '/'),
                          .method = ToUpper(method),
                          .id = description["operationId"].get<std::string>()};
      for (const Json& parameter : description.value("parameters", Json::array())) {
        operation.parameters.push_back(Resolve(parameter, document_));
      }
      if (description.contains("requestBody")) {
        operation.body = description["requestBody"]["content"]["application/json"]["schema"];
      }
      operations_.push_back(std::move(operation));
    }
  }
}

ApiDocument::~ApiDocument() = default;

std::vector<std::string> ApiDocument::Operations() const {
  std::vector<std::string> ids;
  for (const Operation& operation : operations_) {
    ids.push_back(operation.id);
  }
  return ids;
}

std::optional<std::string> ApiDocument::PlainPath(const std::string& id) const {
  for (const Operation& operation : operations_) {
    const bool plain = std::ranges::none_of(operation.parameters, [](const Json& parameter) {
      return parameter.value("required", false);
    });
    if (operation.id == id && operation.method == "GET" && plain) {
      return fmt::format("/{}", fmt::join(operation.segments, "/"));
    }
  }
  return std::nullopt;
}

// A path with fewer placeholders comes first: /customers/export is no customer.
const ApiDocument::Operation* ApiDocument::Find(const std::vector<std::string>& segments,
                                                std::string_view method, bool& path_known) const {
  const Operation* best = nullptr;
  std::ptrdiff_t best_placeholders = 0;
  for (const Operation& operation : operations_) {
    const bool fits = std::ranges::equal(
        operation.segments, segments, [](const std::string& pattern, const std::string& segment) {
          return IsPlaceholder(pattern) ? !segment.empty() : pattern == segment;
        });
    path_known = path_known || fits;
    const auto placeholders = std::ranges::count_if(operation.segments, IsPlaceholder);
    if (fits && operation.method == method &&
        (best == nullptr || placeholders < best_placeholders)) {
      best = &operation;
      best_placeholders = placeholders;
    }
  }
  return best;
}

std::optional<std::string> ApiDocument::ReadParameters(const Operation& operation,
                                                       const HttpRequest& request,
                                                       const std::vector<std::string>& segments,
                                                       Json& values) const {
  const auto query = ParseQuery(request.query);
  if (!query) {
    return "the query is not percent-encoded UTF-8";
  }
  for (const auto& [name, value] : *query) {
    const bool known = std::ranges::any_of(operation.parameters, [&name](const Json& parameter) {
      return parameter["in"] == "query" && parameter["name"] == name;
    });
    if (!known) {
      return fmt::format("there is no parameter `{}`", name);
    }
  }
  for (const Json& parameter : operation.parameters) {
    const auto name = parameter["name"].get<std::string>();
    const Json& schema = Resolve(parameter["schema"], document_);
    const bool repeated = schema.value("type", "") == "array";
    std::vector<std::string> texts;
    if (parameter["in"] == "path") {
      const auto place = std::ranges::find(operation.segments, "{" + name + "}");
      texts.push_back(segments[static_cast<size_t>(place - operation.segments.begin())]);
    }
    for (const auto& [key, value] : *query) {
      if (parameter["in"] == "query" && key == name) {
        texts.push_back(value);
      }
    }
    if (texts.empty()) {
      if (parameter.value("required", false)) {
        return fmt::format("`{}` is missing", name);
      }
      if (schema.contains("default")) {
        values[name] = schema["default"];
      }
      continue;
    }
    if (!repeated && texts.size() > 1) {
      return fmt::format("`{}` is given twice", name);
    }
    Json value = repeated ? Json::array() : TypedValue(texts.front(), schema);
    for (size_t i = 0; repeated && i < texts.size(); ++i) {
      value.push_back(TypedValue(texts[i], Resolve(schema["items"], document_)));
    }
    if (auto mismatch = FindMismatch(value, schema, document_, fmt::format("`{}`", name))) {
      return mismatch;
    }
    values[name] = std::move(value);
  }
  return std::nullopt;
}

std::variant<ApiCall, Problem> ApiDocument::Match(const HttpRequest& request) const {
  std::vector<std::string> segments;
  for (const std::string& segment : Split(std::string_view(request.path).substr(1), '/')) {
    const auto decoded = DecodePercent(segment);
    if (!decoded) {
      return BadRequest("the path is not percent-encoded UTF-8");
    }
    segments.push_back(*decoded);
  }
  bool path_known = false;
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  const Operation* operation = Find(segments, method, path_known);
  if (operation == nullptr) {
    return path_known ? Problem{.status = 405,
                                .code = "METHOD_NOT_ALLOWED",
                                .detail = fmt::format("{} has no method {}", request.path, method)}
                      : Problem{.status = 404,
                                .code = "NOT_FOUND",
                                .detail = "there is no such path in the API",
                                .hints = {"GET /api/v1/openapi.json lists the paths"}};
  }
  Json values = Json::object();
  if (const auto mismatch = ReadParameters(*operation, request, segments, values)) {
    return BadRequest(*mismatch);
  }
  Json body;
  if (!operation->body.is_null()) {
    body = Json::parse(request.body, nullptr, false);
    if (body.is_discarded()) {
      return BadRequest("the body is no JSON");
    }
    if (const auto mismatch = FindMismatch(body, operation->body, document_, "the body")) {
      return BadRequest(*mismatch);
    }
  }
  return ApiCall{operation->id, Parameters(std::move(values)), std::move(body)};
}

}  // namespace medallion::serve
