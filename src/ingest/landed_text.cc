#include "landed_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "text_encoding.h"

namespace medallion::ingest {
namespace {

// Enough to recognise UTF-16 by its NULs and to see past the preamble of an HTML page.
constexpr size_t kHeadBytes = 64 << 10;
constexpr size_t kConvertBytes = 64 << 10;

class MemoryStream final : public ByteStream {
 public:
  explicit MemoryStream(const std::string& bytes) : bytes_(bytes) {}
  Result<size_t> Read(char* target, size_t size) override {
    const size_t count = std::min(size, bytes_.size() - position_);
    std::memcpy(target, bytes_.data() + position_, count);
    position_ += count;
    return count;
  }

 private:
  const std::string& bytes_;
  size_t position_ = 0;
};

Error OpenError(const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    return Error(ErrorCode::kNotFound, fmt::format("file is gone: {}", path));
  }
  if (error == EACCES || error == EPERM) {
    return Error(ErrorCode::kEnvironment,
                 fmt::format("file is not readable, permission denied: {}", path));
  }
  return Error(ErrorCode::kIo, fmt::format("file cannot be opened: {} (errno {})", path, error));
}

}  // namespace

Result<FileIdentity> IdentifyFile(int file_descriptor, const std::string& path) {
  struct stat status = {};
  if (fstat(file_descriptor, &status) != 0) {
    return Error(ErrorCode::kIo, fmt::format("file cannot be examined: {} (errno {})", path, errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return Error(ErrorCode::kPreconditionFailed, fmt::format("not a regular file: {}", path));
  }
  const int64_t seconds = status.st_mtim.tv_sec;
  return FileIdentity{static_cast<uint64_t>(status.st_size),
                      seconds * 1'000'000 + status.st_mtim.tv_nsec / 1000,
                      fmt::format("{}-{}-{}.{:09}", status.st_ino, status.st_size, seconds,
                                  status.st_mtim.tv_nsec)};
}

// Where the raw bytes come from; can be read again from the start.
struct LandedText::Source {
  std::string path;
  std::string version_tag;
  int file_descriptor = -1;
  std::string bytes;  // if there is no file

  ~Source() {
    if (file_descriptor >= 0) {
      close(file_descriptor);
    }
  }

  std::unique_ptr<ByteStream> RawStream() const {
    if (file_descriptor >= 0) {
      return MakeDescriptorStream(file_descriptor);
    }
    return std::make_unique<MemoryStream>(bytes);
  }

  // The unpacked bytes from the start.
  Result<std::unique_ptr<ByteStream>> Unpacked() const {
    std::unique_ptr<ByteStream> raw = RawStream();
    std::string first(kHeadBytes, '\0');
    ASSIGN_OR_RETURN(const size_t got, ReadFully(*raw, first.data(), first.size()));
    first.resize(got);
    FileSignature signature = RecognizeFile(first);
    switch (signature.kind) {
      case FileKind::kText:
        return RawStream();
      case FileKind::kGzip:
        return MakeGzipStream(RawStream());
      case FileKind::kZstd:
        return MakeZstdStream(RawStream());
      case FileKind::kForeign:
        break;
    }
    return Error(ErrorCode::kCorruption, fmt::format("not CSV but {}", signature.description));
  }
};

LandedText::LandedText(std::unique_ptr<Source> source) : source_(std::move(source)) {}
LandedText::~LandedText() = default;

Result<std::unique_ptr<LandedText>> LandedText::Open(const LandedFile& file,
                                                     const CsvOptions& options) {
  auto source = std::make_unique<Source>();
  source->path = file.path;
  source->version_tag = file.version_tag;
  // O_NONBLOCK keeps a FIFO that took the file's place from hanging the run.
  source->file_descriptor = open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
  if (source->file_descriptor < 0) {
    return OpenError(file.path, errno);
  }
  std::unique_ptr<LandedText> text(new LandedText(std::move(source)));
  RETURN_IF_ERROR(text->CheckUnchanged());
  RETURN_IF_ERROR(text->Start(options));
  return text;
}

Result<std::unique_ptr<LandedText>> LandedText::OpenBytes(std::string bytes,
                                                          const CsvOptions& options) {
  auto source = std::make_unique<Source>();
  source->bytes = std::move(bytes);
  std::unique_ptr<LandedText> text(new LandedText(std::move(source)));
  RETURN_IF_ERROR(text->Start(options));
  return text;
}

Status LandedText::CheckUnchanged() const {
  if (source_->file_descriptor < 0) {
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const FileIdentity identity,
                   IdentifyFile(source_->file_descriptor, source_->path));
  if (identity.version_tag != source_->version_tag) {
    return Error(ErrorCode::kPreconditionFailed,
                 fmt::format("file changed since it was listed: {} ({} then, {} now)", source_->path,
                             source_->version_tag, identity.version_tag))
        .Retryable();
  }
  return OkStatus();
}

Status LandedText::Start(const CsvOptions& options) {
  ASSIGN_OR_RETURN(stream_, source_->Unpacked());
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

// Decodes whole code units; returns the number of bytes used. An unpaired surrogate comes out as its
// three bytes, which are not UTF-8, so that its record is rescued rather than changed in silence.
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
    case Converter::kNone:
      break;
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
  ASSIGN_OR_RETURN(const std::unique_ptr<ByteStream> stream, source_->Unpacked());
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
