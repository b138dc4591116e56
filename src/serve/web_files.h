#pragma once

#include <span>
#include <string_view>

namespace medallion::serve {

// One file of the pages, within the program.
struct WebFile {
  std::string_view path;  // such as `/assets/index-1a2b3c4d.js`
  std::string_view content_type;
  std::string_view etag;   // quoted
  bool immutable = false;  // its name changes with its content
  std::string_view bytes;
  std::string_view gzip;  // the same compressed; empty if it is not worth it
};

// Empty in a build without pages (MEDALLION_WEB=OFF).
std::span<const WebFile> WebFiles();

}  // namespace medallion::serve
