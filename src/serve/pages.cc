#include "pages.h"

#include <algorithm>

#include "base/text.h"
#include "problem.h"
#include "web_files.h"

namespace medallion::serve {
namespace {

constexpr std::string_view kDocument = "/index.html";

constexpr std::string_view kNoPages =
    "<!doctype html><html lang=\"en\"><title>Medallion</title><p>This build has no pages "
    "(MEDALLION_WEB=OFF); the API is under /api/v1.";

const WebFile* FindFile(std::string_view path) {
  const auto files = WebFiles();
  const auto found = std::ranges::find(files, path, &WebFile::path);
  return found == files.end() ? nullptr : &*found;
}

bool IsPagePath(std::string_view path) {
  return path.substr(path.rfind('/') + 1).find('.') == std::string_view::npos ||
         path.starts_with("/tables/") || path.starts_with("/customers/");
}

}  // namespace

bool AcceptsGzip(const HttpRequest& request) {
  for (const std::string& part : Split(request.Header("accept-encoding"), ',')) {
    const std::string coding = ToLower(Trim(part));
    if (coding == "gzip" ||
        (coding.starts_with("gzip;") && coding.find("q=0") == std::string::npos)) {
      return true;
    }
  }
  return false;
}

bool HasVersion(const HttpRequest& request, std::string_view etag) {
  return request.Header("if-none-match").find(etag) != std::string_view::npos;
}

HttpResponse AnswerPage(const HttpRequest& request) {
  HttpResponse response;
  if (request.method != "GET" && request.method != "HEAD") {
    response =
        ToResponse({.status = 405, .code = "METHOD_NOT_ALLOWED", .detail = "pages are only read"});
    response.Set("Allow", "GET, HEAD");
    return response;
  }
  const auto path = DecodePercent(request.path);
  const WebFile* file = path ? FindFile(*path) : nullptr;
  if (file == nullptr && path && IsPagePath(*path)) {
    file = FindFile(kDocument);
    if (file == nullptr) {
      response.Set("Content-Type", "text/html; charset=utf-8").Set("Cache-Control", "no-store");
      response.body = kNoPages;
      return response;
    }
  }
  if (file == nullptr) {
    return ToResponse({.status = 404, .code = "NOT_FOUND", .detail = "there is no such page"});
  }
  response.Set("Content-Type", std::string(file->content_type))
      .Set("Cache-Control", file->immutable ? "public, max-age=31536000, immutable" : "no-cache")
      .Set("Vary", "Accept-Encoding")
      .Set("ETag", std::string(file->etag));
  if (HasVersion(request, file->etag)) {
    response.status = 304;
    return response;
  }
  const bool gzip = !file->gzip.empty() && AcceptsGzip(request);
  if (gzip) {
    response.Set("Content-Encoding", "gzip");
  }
  response.body = gzip ? file->gzip : file->bytes;
  return response;
}

}  // namespace medallion::serve
