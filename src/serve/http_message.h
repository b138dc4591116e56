#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

// What a request asked and what is answered, as plain values: no handler knows the HTTP library.

namespace medallion::serve {

class EventSubscription;

struct HttpRequest {
  std::string method;
  std::string path;                            // still percent-encoded, begins with `/`
  std::string query;                           // after `?`, still percent-encoded
  std::map<std::string, std::string> headers;  // names in lower case; the last of equal ones
  std::string body;

  // Empty if absent.
  std::string_view Header(std::string_view name) const;
  std::optional<std::string> Cookie(std::string_view name) const;
};

// A body made while it is sent: each call gives the next piece, an empty one is the end. An error
// breaks the connection off, so that the client sees an unfinished answer.
using BodyPieces = std::function<Result<std::string>()>;

struct HttpResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  // Bytes; bytes of the program's own files; pieces; a stream of events without end.
  std::variant<std::string, std::string_view, BodyPieces, std::shared_ptr<EventSubscription>> body;

  HttpResponse& Set(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }
};

// Called from several threads at once; may wait (for the engine, the disk). Must not throw.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

// `%41+b` → `A+b`; nothing for a broken escape, a NUL or bytes that are not UTF-8.
std::optional<std::string> DecodePercent(std::string_view text);
// Name and value pairs of a query, where `+` is a blank too; nothing if one does not decode.
std::optional<std::vector<std::pair<std::string, std::string>>> ParseQuery(std::string_view query);
// A file name in Content-Disposition (RFC 6266), whatever it holds.
std::string AttachmentHeader(std::string_view file_name);

}  // namespace medallion::serve
