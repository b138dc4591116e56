#include "http_guard.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace medallion::serve {
namespace {

constexpr std::array<std::string_view, 3> kLoopbackNames = {"localhost", "127.0.0.1", "[::1]"};

// The name of `name:port`, in lower case; nothing if that is no host.
std::optional<std::string> HostName(std::string_view host) {
  const size_t bracket = host.find(']');
  const size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view name = host.substr(0, colon);
  if (colon != std::string_view::npos) {
    const std::string_view port = host.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.front() == '0' ||
        !std::ranges::all_of(port, IsDigit)) {
      return std::nullopt;
    }
  }
  return name.empty() ? std::nullopt : std::optional(ToLower(name));
}

bool IsAllowed(const std::string& name, const std::vector<std::string>& allowed_hosts) {
  return std::ranges::find(kLoopbackNames, name) != kLoopbackNames.end() ||
         std::ranges::any_of(allowed_hosts, [&name](const std::string& allowed) {
           return EqualsIgnoreCase(name, allowed);
         });
}

bool IsJson(std::string_view content_type) {
  const std::string_view type = Trim(content_type.substr(0, content_type.find(';')));
  return EqualsIgnoreCase(type, "application/json");
}

// Whether a page of another origin made the request, as far as the browser says.
bool IsCrossSite(const HttpRequest& request) {
  const std::string_view site = request.Header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") {
    return true;
  }
  const std::string_view origin = request.Header("origin");
  if (origin.empty()) {
    return false;
  }
  const size_t scheme = origin.find("://");
  return scheme == std::string_view::npos ||
         !EqualsIgnoreCase(origin.substr(scheme + 3), request.Header("host"));
}

bool IsApi(const HttpRequest& request) { return request.path.starts_with("/api/"); }

Problem Forbidden(std::string detail) {
  return {.status = 403, .code = "FORBIDDEN", .detail = std::move(detail)};
}

}  // namespace

std::optional<Problem> FindForgery(const HttpRequest& request,
                                   const std::vector<std::string>& allowed_hosts) {
  const auto host = HostName(request.Header("host"));
  if (!host || !IsAllowed(*host, allowed_hosts)) {
    return Problem{.status = 421,
                   .code = "MISDIRECTED_REQUEST",
                   .detail = "this server does not go by that host name",
                   .hints = {"use http://127.0.0.1, or name the host with --allow-host"}};
  }
  const bool reads = request.method == "GET" || request.method == "HEAD";
  // Links from elsewhere to a page are welcome, requests for data are not.
  if ((!reads || IsApi(request)) && IsCrossSite(request)) {
    return Forbidden("a page of another origin may not ask this");
  }
  if (reads) {
    return std::nullopt;
  }
  if (request.Header("x-medallion-request") != "1") {
    return Forbidden("requests that change something need the header X-Medallion-Request: 1");
  }
  if (!IsJson(request.Header("content-type")) || !request.Header("content-encoding").empty()) {
    return Problem{.status = 415,
                   .code = "UNSUPPORTED_MEDIA_TYPE",
                   .detail = "requests that change something are plain application/json"};
  }
  return std::nullopt;
}

void AddSecurityHeaders(HttpResponse& response) {
  response
      .Set("Content-Security-Policy",
           "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
           "connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; "
           "frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
      .Set("X-Content-Type-Options", "nosniff")
      .Set("Referrer-Policy", "no-referrer")
      .Set("Cross-Origin-Opener-Policy", "same-origin")
      .Set("Cross-Origin-Resource-Policy", "same-origin")
      .Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
}

}  // namespace medallion::serve
