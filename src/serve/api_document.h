#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "http_message.h"
#include "json.h"
#include "problem.h"

namespace medallion::serve {

// The parameters of a request as the document types them, defaults filled in.
class Parameters {
 public:
  explicit Parameters(Json values) : values_(std::move(values)) {}

  bool Has(const std::string& name) const { return values_.contains(name); }
  // Empty if absent.
  std::string Text(const std::string& name) const;
  std::optional<int64_t> Integer(const std::string& name) const;
  // Of a repeated parameter; empty if absent.
  std::vector<std::string> Texts(const std::string& name) const;
  std::vector<int64_t> Integers(const std::string& name) const;

 private:
  Json values_;
};

// A request that the document allows.
struct ApiCall {
  std::string operation;  // operationId
  Parameters parameters;
  Json body;  // null if the operation takes none
};

// The description of the HTTP API (openapi.yaml): the one source of its paths, methods, parameters
// and bodies. Immutable, thread-safe.
class ApiDocument {
 public:
  // The document of this program.
  ApiDocument();
  ~ApiDocument();

  // As JSON text.
  const std::string& text() const { return text_; }
  // Every operationId.
  std::vector<std::string> Operations() const;
  // The path of the operation if it can be asked for with a GET that has no parameter at all.
  std::optional<std::string> PlainPath(const std::string& operation) const;

  // The call that a request makes, or why it makes none: 404, 405 (`Allow` in the hints' place is
  // the caller's), 400 for parameters and bodies that the document does not allow.
  std::variant<ApiCall, Problem> Match(const HttpRequest& request) const;
  // Whether the path is one of the API's.
  bool Owns(std::string_view path) const { return path.starts_with("/api/"); }

 private:
  struct Operation;
  const Operation* Find(const std::vector<std::string>& segments, std::string_view method,
                        bool& path_known) const;
  std::optional<std::string> ReadParameters(const Operation& operation, const HttpRequest& request,
                                            const std::vector<std::string>& segments,
                                            Json& values) const;

  Json document_;
  std::string text_;
  std::vector<Operation> operations_;
};

}  // namespace medallion::serve
