#include "landed_text.h"

#include <algorithm>
#include <cstring>

#include "text_encoding.h"

namespace medallion::ingest {
namespace {

constexpr size_t kConvertBytes = 64 << 10;

}  // namespace

LandedText::LandedText(std::unique_ptr<RawBytes> raw) : raw_(std::move(raw)) {}
LandedText::~LandedText() = default;

Result<std::unique_ptr<LandedText>> LandedText::Open(const LandedFile& file,
                                                     const CsvOptions& options,
                                                     FileContents* contents, RawBytes::Hold hold) {
  ASSIGN_OR_RETURN(std::unique_ptr<RawBytes> raw, RawBytes::Open(file, contents, hold));
  std::unique_ptr<LandedText> text(new LandedText(std::move(raw)));
  RETURN_IF_ERROR(text->Start(options));
  return text;
}

Result<std::unique_ptr<LandedText>> LandedText::OpenBytes(std::string bytes,
                                                          const CsvOptions& options) {
  std::unique_ptr<LandedText> text(new LandedText(std::make_unique<RawBytes>(std::move(bytes))));
  RETURN_IF_ERROR(text->Start(options));
  return text;
}

Status LandedText::CheckUnchanged() const { return raw_->CheckUnchanged(); }

void LandedText::Release() && { std::move(*raw_).Release(); }

// The unpacked bytes from the start.
Result<std::unique_ptr<ByteStream>> LandedText::Unpacked() const {
  std::string first(kHeadBytes, '\0');
  ASSIGN_OR_RETURN(const size_t got, ReadFully(*raw_->Stream(), first.data(), first.size()));
  first.resize(got);
  FileSignature signature = RecognizeFile(first);
  switch (signature.kind) {
    case FileKind::kText: return raw_->Stream();
    case FileKind::kGzip: return MakeGzipStream(raw_->Stream());
    case FileKind::kZstd: return MakeZstdStream(raw_->Stream());
    case FileKind::kForeign: break;
  }
  return Error(ErrorCode::kCorruption, fmt::format("not CSV but {}", signature.description));
}

Status LandedText::Start(const CsvOptions& options) {
  ASSIGN_OR_RETURN(stream_, Unpacked());
  head_.resize(kHeadBytes);
  ASSIGN_OR_RETURN(const size_t got, ReadFully(*stream_, head_.data(), head_.size()));
  head_.resize(got);
  const std::string_view head = head_;
  if (const FileSignature inner = RecognizeFile(head); inner.kind != FileKind::kText) {
    return Error(ErrorCode::kCorruption,
                 fmt::format("not CSV but {}", inner.kind == FileKind::kForeign
                                                   ? inner.description
                                                   : "compressed twice: unpack it once"));
  }
  const auto use = [&](Converter converter, size_t mark_bytes) {
    converter_ = converter;
    head_position_ = mark_bytes;
    decoding_ = converter == Converter::kNone ? Decoding::kUtf8 : Decoding::kDeclared;
  };
  const bool little = head.starts_with("\xFF\xFE");
  const bool big = head.starts_with("\xFE\xFF");
  const bool sixteen_bits = options.encoding.starts_with("UTF-16");
  if (head.starts_with("\xEF\xBB\xBF")) {
    use(Converter::kNone, 3);  // a byte order mark outweighs the option
  } else if (little || (!big && options.encoding == "UTF-16LE")) {
    use(Converter::kUtf16Le, little ? 2 : 0);
  } else if (big || sixteen_bits) {
    use(Converter::kUtf16Be, big ? 2 : 0);  // RFC 2781: UTF-16 without a mark is big-endian
  } else if (options.encoding == "windows-1252") {
    use(Converter::kWindows1252, 0);
  } else if (options.encoding == "ISO-8859-1") {
    use(Converter::kLatin1, 0);
  }
  if (converter_ == Converter::kNone && LooksLikeUtf16(head)) {
    return Error(ErrorCode::kCorruption,
                 "looks like UTF-16 without a byte order mark (many NUL bytes): set the option "
                 "`encoding` to UTF-16LE or UTF-16BE, or save the file as UTF-8");
  }
  return OkStatus();
}

Result<size_t> LandedText::Read(char* target, size_t size) {
  if (pending_position_ < pending_.size()) {
    return TakePending(target, size);
  }
  return converter_ == Converter::kNone ? ReadUtf8(target, size) : ReadConverted(target, size);
}

size_t LandedText::TakePending(char* target, size_t size) {
  const size_t count = std::min(size, pending_.size() - pending_position_);
  std::memcpy(target, pending_.data() + pending_position_, count);
  pending_position_ += count;
  return count;
}

Result<size_t> LandedText::ReadRaw(char* target, size_t size) {
  if (head_position_ < head_.size()) {
    const size_t count = std::min(size, head_.size() - head_position_);
    std::memcpy(target, head_.data() + head_position_, count);
    head_position_ += count;
    return count;
  }
  head_ = {};
  head_position_ = 0;
  return stream_->Read(target, size);
}

// Reads straight into the target and only looks; text that is ASCII or valid UTF-8 is never copied.
Result<size_t> LandedText::ReadUtf8(char* target, size_t size) {
  if (decoding_ == Decoding::kWindows1252 || size < 8) {
    return ReadConverted(target, size);
  }
  if (at_end_) {
    return size_t{0};
  }
  const size_t carried = carry_.size();
  std::memcpy(target, carry_.data(), carried);
  ASSIGN_OR_RETURN(const size_t got, ReadRaw(target + carried, size - carried));
  at_end_ = got == 0;
  const std::string_view text(target, carried + got);
  carry_.clear();
  if (decoding_ == Decoding::kDamagedUtf8) {
    return text.size();
  }
  const size_t valid = ValidUtf8Prefix(text);
  if (valid == text.size()) {
    return valid;
  }
  if (!at_end_ && IsIncompleteUtf8(text, valid)) {
    carry_ = std::string(text.substr(valid));
    return valid > 0 ? Result<size_t>(valid) : ReadUtf8(target, size);
  }
  RETURN_IF_ERROR(DecideDecoding());
  if (decoding_ == Decoding::kDamagedUtf8) {
    return text.size();
  }
  const std::string raw(text);
  RETURN_IF_ERROR(Convert(raw, at_end_));
  return pending_.empty() ? ReadConverted(target, size) : Result<size_t>(TakePending(target, size));
}

Result<size_t> LandedText::ReadConverted(char* target, size_t size) {
  std::string raw(kConvertBytes, '\0');
  while (!at_end_) {
    ASSIGN_OR_RETURN(const size_t got, ReadRaw(raw.data(), raw.size()));
    at_end_ = got == 0;
    std::string text = std::move(carry_);
    carry_.clear();
    text.append(raw, 0, got);
    if (converter_ == Converter::kNone && decoding_ == Decoding::kUtf8) {
      const size_t valid = ValidUtf8Prefix(text);
      if (valid < text.size() && (at_end_ || !IsIncompleteUtf8(text, valid))) {
        RETURN_IF_ERROR(DecideDecoding());
      }
    }
    RETURN_IF_ERROR(Convert(text, at_end_));
    if (!pending_.empty()) {
      return TakePending(target, size);
    }
  }
  return size_t{0};
}

namespace {

// Decodes whole code units; returns the number of bytes used. An unpaired surrogate comes out as
// its three bytes, which are not UTF-8, so that its record is rescued rather than changed in
// silence.
size_t AppendUtf16(std::string_view raw, bool big_endian, std::string& out) {
  const auto unit = [&](size_t position) {
    const uint32_t first = static_cast<uint8_t>(raw[position]);
    const uint32_t second = static_cast<uint8_t>(raw[position + 1]);
    return big_endian ? first << 8 | second : second << 8 | first;
  };
  size_t position = 0;
  while (position + 2 <= raw.size()) {
    const uint32_t high = unit(position);
    if (high < 0xD800 || high > 0xDBFF) {
      AppendCodePoint(high, out);
      position += 2;
      continue;
    }
    if (position + 4 > raw.size()) {
      break;
    }
    const uint32_t low = unit(position + 2);
    if (low >= 0xDC00 && low <= 0xDFFF) {
      AppendCodePoint(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00), out);
      position += 4;
    } else {
      AppendCodePoint(high, out);
      position += 2;
    }
  }
  return position;
}

}  // namespace

Status LandedText::Convert(std::string_view raw, bool at_end) {
  pending_.clear();
  pending_position_ = 0;
  switch (converter_) {
    case Converter::kUtf16Le:
    case Converter::kUtf16Be: {
      const size_t used = AppendUtf16(raw, converter_ == Converter::kUtf16Be, pending_);
      if (at_end) {
        pending_.append(raw.substr(used));
      } else {
        carry_ = std::string(raw.substr(used));
      }
      return OkStatus();
    }
    case Converter::kWindows1252:
      AppendSingleByte(raw, SingleByteEncoding::kWindows1252, pending_);
      return OkStatus();
    case Converter::kLatin1:
      AppendSingleByte(raw, SingleByteEncoding::kLatin1, pending_);
      return OkStatus();
    case Converter::kNone: break;
  }
  if (decoding_ == Decoding::kDamagedUtf8) {
    pending_ = std::string(raw);
    return OkStatus();
  }
  // A sequence at the very end may go on in the next piece.
  size_t end = raw.size();
  for (size_t back = 1; !at_end && back <= std::min<size_t>(3, raw.size()); ++back) {
    if (IsIncompleteUtf8(raw, raw.size() - back)) {
      end = raw.size() - back;
    }
  }
  AppendRepairedWindows1252(raw.substr(0, end), pending_);
  carry_ = std::string(raw.substr(end));
  return OkStatus();
}

// Reads the whole file once more, from the start, to tell damaged UTF-8 from Windows-1252. Happens
// at most once per file and only for files that are not UTF-8.
Status LandedText::DecideDecoding() {
  ASSIGN_OR_RETURN(const std::unique_ptr<ByteStream> stream, Unpacked());
  EncodingEvidence evidence;
  std::string block(kConvertBytes, '\0');
  while (true) {
    ASSIGN_OR_RETURN(const size_t got, stream->Read(block.data(), block.size()));
    if (got == 0) {
      break;
    }
    evidence.Add(std::string_view(block.data(), got));
  }
  evidence.Finish();
  decoding_ = evidence.IsSingleByte() ? Decoding::kWindows1252 : Decoding::kDamagedUtf8;
  return OkStatus();
}

}  // namespace medallion::ingest
