#include "string_bounds.h"

#include "base/text.h"

namespace medallion::delta {
namespace {

constexpr std::string_view kAsciiMax = "\x7F";
constexpr std::string_view kCharacterMax = "\xF4\x8F\xBF\xBF";  // U+10FFFF

bool BeginsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// The number of bytes of the character that begins at `at`.
size_t CharacterLength(std::string_view text, size_t at) {
  size_t end = at + 1;
  while (end < text.size() && !BeginsCharacter(text[end])) {
    ++end;
  }
  return end - at;
}

// The number of bytes of the first `count` characters, or of all.
size_t PrefixLength(std::string_view text, size_t count) {
  size_t length = 0;
  for (size_t i = 0; i < count && length < text.size(); ++i) {
    length += CharacterLength(text, length);
  }
  return length;
}

}  // namespace

std::optional<std::string> LowerBoundOf(std::string_view text) {
  if (!IsValidUtf8(text)) {
    return std::nullopt;
  }
  return std::string(text.substr(0, PrefixLength(text, kBoundCharactersMax)));
}

std::optional<std::string> UpperBoundOf(std::string_view text) {
  if (!IsValidUtf8(text)) {
    return std::nullopt;
  }
  size_t length = PrefixLength(text, kBoundCharactersMax);
  constexpr size_t kExtensionsMax = kBoundCharactersMax;
  for (size_t extension = 0; extension <= kExtensionsMax; ++extension) {
    if (length == text.size()) {
      return std::string(text);
    }
    const std::string_view next = text.substr(length, CharacterLength(text, length));
    if (next != kCharacterMax) {
      return std::string(text.substr(0, length))
          .append(next < kAsciiMax ? kAsciiMax : kCharacterMax);
    }
    length += next.size();
  }
  return std::nullopt;
}

}  // namespace medallion::delta
