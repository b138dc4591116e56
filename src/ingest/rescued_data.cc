#include "rescued_data.h"

#include <cstdint>

#include <fmt/format.h>

#include "base/text.h"
#include "text_encoding.h"

namespace medallion::ingest {
namespace {

bool IsUnreserved(char c) {
  return IsLetter(c) || IsDigit(c) ||
         std::string_view("-._~/!$&'()*+,;=:@").find(c) != std::string_view::npos;
}

int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

void AppendJsonText(std::string_view text, std::string& out) {
  if (ValidUtf8Prefix(text) != text.size()) {
    out += HexText(text);
    return;
  }
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      default:
        if (static_cast<uint8_t>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out.push_back(c);
        }
    }
  }
}

void RescuedData::Add(std::string_view name, std::string_view raw) {
  json_ += json_.empty() ? "{\"" : ",\"";
  AppendJsonText(name, json_);
  json_ += "\":\"";
  AppendJsonText(raw, json_);
  json_.push_back('"');
}

std::string_view RescuedData::Finish(std::string_view file_uri) {
  Add("_file_path", file_uri);
  json_.push_back('}');
  return json_;
}

std::string PercentEncode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (IsUnreserved(c)) {
      encoded.push_back(c);
    } else {
      encoded += fmt::format("%{:02X}", static_cast<uint8_t>(c));
    }
  }
  return encoded;
}

std::string PercentDecode(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = high >= 0 ? HexDigit(text[i + 2]) : -1;
    if (low >= 0) {
      decoded.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      decoded.push_back(text[i]);
    }
  }
  return decoded;
}

std::string FileUri(std::string_view absolute_path) {
  return "file://" + PercentEncode(absolute_path);
}

}  // namespace medallion::ingest
