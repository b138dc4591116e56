#include "text_encoding.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace medallion::ingest {
namespace {

uint8_t ByteAt(std::string_view text, size_t position) {
  return static_cast<uint8_t>(text[position]);
}

// Unicode 15, table 3-7 "Well-Formed UTF-8 Byte Sequences": length of the sequence and the range of
// its second byte, by lead byte. Length 0: no sequence begins so.
struct Lead {
  size_t length = 0;
  uint8_t second_min = 0x80;
  uint8_t second_max = 0xBF;
};

Lead LeadOf(uint8_t byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

// Code points of the bytes 0x80 to 0x9F in Windows-1252.
constexpr std::array<uint16_t, 32> kWindows1252Upper = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

uint32_t Windows1252CodePoint(uint8_t byte) {
  return byte >= 0x80 && byte < 0xA0 ? kWindows1252Upper[byte - 0x80U] : byte;
}

// Share of NULs, in percent, above which a text cannot be of one-byte characters. UTF-16 of Western
// text has 50, of Greek or Cyrillic some 15 to 20 (blanks, digits, commas, line ends).
constexpr size_t kNulPercentMax = 10;
constexpr size_t kNulCountMin = 4;

}  // namespace

Utf8Step StepUtf8(std::string_view text, size_t position) {
  const Lead lead = LeadOf(ByteAt(text, position));
  if (lead.length == 0) {
    return {Utf8Step::Kind::kInvalid, 1};
  }
  for (size_t i = 1; i < lead.length; ++i) {
    const bool end = position + i >= text.size();
    const uint8_t byte = end ? 0 : ByteAt(text, position + i);
    const uint8_t least = i == 1 ? lead.second_min : 0x80;
    const uint8_t most = i == 1 ? lead.second_max : 0xBF;
    if (byte < least || byte > most) {
      return {Utf8Step::Kind::kCut, i};
    }
  }
  return {Utf8Step::Kind::kValid, lead.length};
}

size_t AsciiPrefix(std::string_view text) {
  size_t position = 0;
  while (position + 8 <= text.size()) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + position, 8);
    if ((word & 0x8080808080808080ULL) != 0) {
      break;
    }
    position += 8;
  }
  while (position < text.size() && ByteAt(text, position) < 0x80) {
    ++position;
  }
  return position;
}

size_t ValidUtf8Prefix(std::string_view text) {
  size_t position = 0;
  while (true) {
    position += AsciiPrefix(text.substr(position));
    if (position == text.size()) {
      return position;
    }
    const Utf8Step step = StepUtf8(text, position);
    if (step.kind != Utf8Step::Kind::kValid) {
      return position;
    }
    position += step.length;
  }
}

bool IsIncompleteUtf8(std::string_view text, size_t position) {
  const Utf8Step step = StepUtf8(text, position);
  return step.kind == Utf8Step::Kind::kCut && position + step.length == text.size();
}

void EncodingEvidence::Count(std::string_view text, size_t end) {
  size_t position = 0;
  while (position < end) {
    position += AsciiPrefix(text.substr(position, end - position));
    if (position >= end) {
      return;
    }
    const Utf8Step step = StepUtf8(text, position);
    const uint8_t lead = ByteAt(text, position);
    position += step.length;
    if (step.kind == Utf8Step::Kind::kValid) {
      ++utf8_sequences_;
      continue;
    }
    ++damaged_;
    const bool at_end = position == text.size();
    if (step.kind == Utf8Step::Kind::kCut && (step.length > 1 || lead <= 0xC3 || at_end)) {
      ++utf8_sequences_;
      ++cut_sequences_;
    } else {
      ++single_bytes_;
    }
  }
}

void EncodingEvidence::Add(std::string_view piece) {
  std::string joined;
  if (!tail_.empty()) {
    joined = tail_;
    joined += piece;
    piece = joined;
  }
  // The last three bytes may begin a sequence that the next piece completes.
  size_t end = piece.size();
  for (size_t back = 1; back <= std::min<size_t>(3, piece.size()); ++back) {
    if (IsIncompleteUtf8(piece, piece.size() - back)) {
      end = piece.size() - back;
    }
  }
  Count(piece.substr(0, end), end);
  tail_ = std::string(piece.substr(end));
}

void EncodingEvidence::Finish() {
  Count(tail_, tail_.size());
  tail_.clear();
}

void AppendCodePoint(uint32_t code_point, std::string& out) {
  const auto put = [&out](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3F));
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

void AppendRepairedWindows1252(std::string_view text, std::string& out) {
  size_t position = 0;
  while (position < text.size()) {
    const size_t valid = ValidUtf8Prefix(text.substr(position));
    out.append(text.substr(position, valid));
    position += valid;
    if (position < text.size()) {
      AppendCodePoint(Windows1252CodePoint(ByteAt(text, position)), out);
      ++position;
    }
  }
}

void AppendSingleByte(std::string_view text, SingleByteEncoding encoding, std::string& out) {
  for (const char c : text) {
    const uint8_t byte = static_cast<uint8_t>(c);
    AppendCodePoint(encoding == SingleByteEncoding::kLatin1 ? byte : Windows1252CodePoint(byte),
                    out);
  }
}

std::string HexText(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text = "0x";
  text.reserve(2 + bytes.size() * 2);
  for (const char c : bytes) {
    const uint8_t byte = static_cast<uint8_t>(c);
    text.push_back(kDigits[byte >> 4U]);
    text.push_back(kDigits[byte & 15U]);
  }
  return text;
}

bool LooksLikeUtf16(std::string_view first_bytes) {
  const auto nuls = static_cast<size_t>(std::count(first_bytes.begin(), first_bytes.end(), '\0'));
  return nuls >= kNulCountMin && nuls * 100 > first_bytes.size() * kNulPercentMax;
}

}  // namespace medallion::ingest
