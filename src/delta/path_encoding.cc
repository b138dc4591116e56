#include "delta/path_encoding.h"

#include "base/text.h"

namespace medallion::delta {
namespace {

bool IsAsciiAlphanumeric(char c) { return IsLetter(c) || IsDigit(c); }

bool StaysPlain(char c) {
  return IsAsciiAlphanumeric(c) || std::string_view("-._~/=").find(c) != std::string_view::npos;
}

// The length of `scheme://` at the beginning, or 0. RFC 3986, section 3.1.
size_t SchemeLength(std::string_view path) {
  const size_t end = path.find("://");
  if (end == std::string_view::npos || end == 0) {
    return 0;
  }
  for (const char c : path.substr(0, end)) {
    if (!IsAsciiAlphanumeric(c) && c != '+' && c != '-' && c != '.') {
      return 0;
    }
  }
  return end + 3;
}

// -1 if `c` is no hexadecimal digit.
int HexValue(char c) {
  if (IsDigit(c)) {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::string EncodePath(std::string_view path) {
  const size_t scheme_length = SchemeLength(path);
  std::string encoded(path.substr(0, scheme_length));
  for (const char c : path.substr(scheme_length)) {
    if (StaysPlain(c)) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

Result<std::string> DecodePath(std::string_view encoded) {
  std::string path;
  path.reserve(encoded.size());
  for (size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      path += encoded[i];
      continue;
    }
    const int high = i + 2 < encoded.size() ? HexValue(encoded[i + 1]) : -1;
    const int low = i + 2 < encoded.size() ? HexValue(encoded[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return Error(ErrorCode::kCorruption,
                   fmt::format("file path with a broken percent escape: '{}'", encoded));
    }
    path += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (path.find('\0') != std::string::npos) {
    return Error(ErrorCode::kCorruption, fmt::format("file path with a NUL byte: '{}'", encoded));
  }
  return path;
}

}  // namespace medallion::delta
