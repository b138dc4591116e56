#include "http_message.h"

#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace medallion::serve {
namespace {

int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view HttpRequest::Header(std::string_view name) const {
  const auto found = headers.find(std::string(name));
  return found == headers.end() ? std::string_view() : found->second;
}

std::optional<std::string> HttpRequest::Cookie(std::string_view name) const {
  for (const std::string& part : Split(Header("cookie"), ';')) {
    const std::string_view pair = Trim(part);
    const size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
      return std::string(pair.substr(equals + 1));
    }
  }
  return std::nullopt;
}

std::optional<std::string> DecodePercent(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = high >= 0 ? HexDigit(text[i + 2]) : -1;
    if (low < 0) {
      return std::nullopt;
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (decoded.find('\0') != std::string::npos || !IsValidUtf8(decoded)) {
    return std::nullopt;
  }
  return decoded;
}

std::optional<std::vector<std::pair<std::string, std::string>>> ParseQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (query.empty()) {
    return pairs;
  }
  for (std::string& part : Split(query, '&')) {
    for (char& c : part) {
      c = c == '+' ? ' ' : c;
    }
    const size_t equals = std::min(part.find('='), part.size());
    const auto name = DecodePercent(std::string_view(part).substr(0, equals));
    const auto value =
        equals < part.size() ? DecodePercent(std::string_view(part).substr(equals + 1)) : "";
    if (!name || !value) {
      return std::nullopt;
    }
    if (!part.empty()) {
      pairs.emplace_back(*name, *value);
    }
  }
  return pairs;
}

std::string AttachmentHeader(std::string_view file_name) {
  std::string plain;
  std::string encoded;
  for (const char c : file_name) {
    const bool simple = IsLetter(c) || IsDigit(c) || c == '.' || c == '-' || c == '_';
    plain += simple ? c : '_';
    encoded += simple ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", plain, encoded);
}

}  // namespace medallion::serve
