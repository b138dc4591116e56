#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace medallion::ingest {

// One step through bytes that should be UTF-8.
struct Utf8Step {
  enum class Kind {
    kValid,
    kCut,      // a lead byte with too few continuation bytes after it
    kInvalid,  // a byte that begins no sequence
  };
  Kind kind = Kind::kValid;
  size_t length = 1;  // bytes of the sequence, or of its broken part
};
// The step at `position` < text.size().
Utf8Step StepUtf8(std::string_view text, size_t position);

// Length of the longest prefix of `text` that is ASCII; eight bytes at a time.
size_t AsciiPrefix(std::string_view text);

// Length of the longest prefix of whole, valid sequences.
size_t ValidUtf8Prefix(std::string_view text);

// Whether the bytes at `position`, where ValidUtf8Prefix stopped, may become valid with more bytes.
bool IsIncompleteUtf8(std::string_view text, size_t position);

// Evidence about the encoding of a text that is not valid UTF-8: a UTF-8 text with damage, or one
// of the single-byte encodings of Western Europe.
//
// Whole multi-byte sequences hardly occur by chance, so they speak for UTF-8; so do sequences cut
// after some of their continuation bytes, and a lone C2 or C3, the leads of the whole Latin-1
// range. Any other broken byte (A3 for £, 96 for a dash, E9 for é) speaks for a single-byte
// encoding. The larger count wins; a tie stays UTF-8, because then the bytes are rescued and
// nothing is guessed.
class EncodingEvidence {
 public:
  // Pieces in order. The last piece is followed by Finish.
  void Add(std::string_view piece);
  void Finish();

  bool IsValidUtf8() const { return cut_sequences_ + single_bytes_ == 0; }
  bool IsSingleByte() const { return single_bytes_ > utf8_sequences_; }
  // Bytes or sequences that are not UTF-8.
  uint64_t damaged() const { return damaged_; }

 private:
  void Count(std::string_view text, size_t end);

  uint64_t utf8_sequences_ = 0;
  uint64_t cut_sequences_ = 0;
  uint64_t single_bytes_ = 0;
  uint64_t damaged_ = 0;
  std::string tail_;  // up to 3 bytes that the next piece may complete
};

// Appends `text` to `out`: valid UTF-8 sequences as they are, each other byte as the character it
// is in Windows-1252 (WHATWG's index, in which the five undefined bytes are C1 controls).
void AppendRepairedWindows1252(std::string_view text, std::string& out);

// Appends every byte as its Windows-1252 or ISO-8859-1 character.
enum class SingleByteEncoding { kWindows1252, kLatin1 };
void AppendSingleByte(std::string_view text, SingleByteEncoding encoding, std::string& out);

void AppendCodePoint(uint32_t code_point, std::string& out);

// `0x` and two upper-case digits per byte.
std::string HexText(std::string_view bytes);

// True if so many of the bytes are NUL that the text can only be UTF-16 or UTF-32.
bool LooksLikeUtf16(std::string_view first_bytes);

}  // namespace medallion::ingest
