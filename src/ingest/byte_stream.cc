#include "byte_stream.h"

#include <cstring>

#include <zlib.h>
#include <zstd.h>

#include "base/text.h"

namespace medallion::ingest {
namespace {

constexpr size_t kCompressedBlockBytes = 64 << 10;

// Stops decompression bombs.
class RatioGuard {
 public:
  Status Check(uint64_t compressed_bytes, uint64_t text_bytes) const {
    if (text_bytes > kBombFloorBytes && text_bytes / kCompressionRatioMax > compressed_bytes) {
      return Error(
          ErrorCode::kCorruption,
          fmt::format("expands to more than {} times its size (decompression bomb?): {} bytes "
                      "from {}",
                      kCompressionRatioMax, text_bytes, compressed_bytes));
    }
    return OkStatus();
  }
};

// The part of a compressed file that was read and not yet consumed.
class CompressedInput {
 public:
  explicit CompressedInput(std::unique_ptr<ByteStream> stream)
      : stream_(std::move(stream)), block_(kCompressedBlockBytes, '\0') {}

  // True if bytes are there, reading more if none is left.
  Result<bool> Available() {
    if (begin_ == end_) {
      ASSIGN_OR_RETURN(end_, stream_->Read(block_.data(), block_.size()));
      begin_ = 0;
      total_bytes_ += end_;
    }
    return begin_ < end_;
  }
  char* data() { return block_.data() + begin_; }
  size_t size() const { return end_ - begin_; }
  void Consume(size_t bytes) { begin_ += bytes; }
  uint64_t total_bytes() const { return total_bytes_; }

 private:
  std::unique_ptr<ByteStream> stream_;
  std::string block_;
  size_t begin_ = 0;
  size_t end_ = 0;
  uint64_t total_bytes_ = 0;
};

class GzipStream final : public ByteStream {
 public:
  explicit GzipStream(std::unique_ptr<ByteStream> compressed) : input_(std::move(compressed)) {}
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;
  ~GzipStream() override { inflateEnd(&zlib_); }

  Status Start() {
    // 16 asks zlib for the gzip form alone, whose trailer it then verifies.
    if (inflateInit2(&zlib_, 15 + 16) != Z_OK) {
      return Error(ErrorCode::kInternal, "zlib could not start");
    }
    return OkStatus();
  }

  Result<size_t> Read(char* target, size_t size) override {
    while (!done_) {
      ASSIGN_OR_RETURN(const bool more, input_.Available());
      if (!more) {
        if (!between_members_) {
          return Error(ErrorCode::kCorruption, "gzip data ends in the middle (incomplete upload?)");
        }
        done_ = true;
        break;
      }
      ASSIGN_OR_RETURN(const size_t produced, Inflate(target, size));
      if (produced > 0) {
        text_bytes_ += produced;
        RETURN_IF_ERROR(guard_.Check(input_.total_bytes(), text_bytes_));
        return produced;
      }
    }
    return size_t{0};
  }

 private:
  // One step of zlib over the input at hand.
  Result<size_t> Inflate(char* target, size_t size) {
    if (between_members_ && SkipPadding()) {
      return size_t{0};
    }
    between_members_ = false;
    const size_t room = std::min<size_t>(size, 1U << 30);
    zlib_.next_in = reinterpret_cast<Bytef*>(input_.data());
    zlib_.avail_in = static_cast<uInt>(input_.size());
    zlib_.next_out = reinterpret_cast<Bytef*>(target);
    zlib_.avail_out = static_cast<uInt>(room);
    const int outcome = inflate(&zlib_, Z_NO_FLUSH);
    input_.Consume(input_.size() - zlib_.avail_in);
    const size_t produced = room - zlib_.avail_out;
    if (outcome == Z_STREAM_END) {
      between_members_ = true;
      any_member_ = true;
      inflateReset(&zlib_);
    } else if (outcome != Z_OK && outcome != Z_BUF_ERROR) {
      return Error(ErrorCode::kCorruption,
                   fmt::format("gzip data is damaged: {}",
                               zlib_.msg != nullptr ? zlib_.msg : "unknown cause"));
    }
    return produced;
  }

  // gzip(1) allows zero bytes after the last member (tape padding). True if all input was padding.
  bool SkipPadding() {
    if (!any_member_) {
      return false;
    }
    while (input_.size() > 0 && *input_.data() == '\0') {
      input_.Consume(1);
    }
    return input_.size() == 0;
  }

  CompressedInput input_;
  z_stream zlib_ = {};
  RatioGuard guard_;
  uint64_t text_bytes_ = 0;
  bool any_member_ = false;
  bool between_members_ = true;
  bool done_ = false;
};

class ZstdStream final : public ByteStream {
 public:
  explicit ZstdStream(std::unique_ptr<ByteStream> compressed)
      : input_(std::move(compressed)), context_(ZSTD_createDCtx()) {}
  ZstdStream(const ZstdStream&) = delete;
  ZstdStream& operator=(const ZstdStream&) = delete;
  ~ZstdStream() override { ZSTD_freeDCtx(context_); }

  Status Start() {
    // 128 MiB of window at most, zstd's own default limit: memory stays bounded.
    if (context_ == nullptr ||
        ZSTD_isError(ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, 27)) != 0) {
      return Error(ErrorCode::kInternal, "zstd could not start");
    }
    return OkStatus();
  }

  Result<size_t> Read(char* target, size_t size) override {
    while (true) {
      ASSIGN_OR_RETURN(const bool more, input_.Available());
      if (!more && !holds_output_) {
        if (!between_frames_) {
          return Error(ErrorCode::kCorruption, "zstd data ends in the middle (incomplete upload?)");
        }
        return size_t{0};
      }
      ZSTD_inBuffer in = {input_.data(), input_.size(), 0};
      ZSTD_outBuffer out = {target, size, 0};
      const size_t outcome = ZSTD_decompressStream(context_, &out, &in);
      input_.Consume(in.pos);
      if (ZSTD_isError(outcome) != 0) {
        return Error(ErrorCode::kCorruption,
                     fmt::format("zstd data is damaged: {}", ZSTD_getErrorName(outcome)));
      }
      between_frames_ = outcome == 0;
      holds_output_ = out.pos == out.size && outcome != 0;
      if (!more && out.pos == 0) {
        holds_output_ = false;
      }
      if (out.pos > 0) {
        text_bytes_ += out.pos;
        RETURN_IF_ERROR(guard_.Check(input_.total_bytes(), text_bytes_));
        return out.pos;
      }
    }
  }

 private:
  CompressedInput input_;
  ZSTD_DCtx* context_;
  RatioGuard guard_;
  uint64_t text_bytes_ = 0;
  bool between_frames_ = true;
  bool holds_output_ = false;  // zstd filled the target and may have more inside
};

struct ForeignSignature {
  std::string_view bytes;
  std::string_view description;
};

using namespace std::string_view_literals;
constexpr ForeignSignature kForeign[] = {
    {"PK\x03\x04"sv, "a zip archive or an .xlsx workbook: unpack it, or export the sheet as CSV"},
    {"PK\x05\x06"sv, "an empty zip archive"},
    {"PAR1"sv, "a Parquet file: only CSV is read from this source"},
    {"BZh91AY&SY"sv, "compressed with bzip2: use gzip or zstd"},
    {"\xFD\x37zXZ"sv, "compressed with xz: use gzip or zstd"},
    {"7z\xBC\xAF\x27\x1C"sv, "a 7-Zip archive: unpack it first"},
    {"\xD0\xCF\x11\xE0"sv, "an old Excel or Word document: export the sheet as CSV"},
    {"%PDF-"sv, "a PDF document"},
    {"SQLite format 3"sv, "a SQLite database"},
    {"\xFF\xFE\x00\x00"sv, "UTF-32 text: save it as UTF-8"},
    {"\x00\x00\xFE\xFF"sv, "UTF-32 text: save it as UTF-8"},
};

bool LooksLikeMarkup(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  text = Trim(text);
  for (const std::string_view tag :
       {"<!doctype html", "<html", "<head", "<body", "<?xml", "<error>"}) {
    if (text.size() >= tag.size() && EqualsIgnoreCase(text.substr(0, tag.size()), tag)) {
      return true;
    }
  }
  return false;
}

}  // namespace

Result<size_t> ReadFully(ByteStream& stream, char* target, size_t size) {
  size_t filled = 0;
  while (filled < size) {
    ASSIGN_OR_RETURN(const size_t got, stream.Read(target + filled, size - filled));
    if (got == 0) {
      break;
    }
    filled += got;
  }
  return filled;
}

Result<std::unique_ptr<ByteStream>> MakeGzipStream(std::unique_ptr<ByteStream> compressed) {
  auto stream = std::make_unique<GzipStream>(std::move(compressed));
  RETURN_IF_ERROR(stream->Start());
  return std::unique_ptr<ByteStream>(std::move(stream));
}

Result<std::unique_ptr<ByteStream>> MakeZstdStream(std::unique_ptr<ByteStream> compressed) {
  auto stream = std::make_unique<ZstdStream>(std::move(compressed));
  RETURN_IF_ERROR(stream->Start());
  return std::unique_ptr<ByteStream>(std::move(stream));
}

FileSignature RecognizeFile(std::string_view first_bytes) {
  if (first_bytes.starts_with("\x1F\x8B")) {
    return {FileKind::kGzip, {}};
  }
  if (first_bytes.starts_with("\x28\xB5\x2F\xFD")) {
    return {FileKind::kZstd, {}};
  }
  for (const ForeignSignature& foreign : kForeign) {
    if (first_bytes.starts_with(foreign.bytes)) {
      return {FileKind::kForeign, std::string(foreign.description)};
    }
  }
  if (LooksLikeMarkup(first_bytes)) {
    return {FileKind::kForeign,
            "an HTML or XML page, often the error page of a failed download: fetch the file again"};
  }
  return {};
}

}  // namespace medallion::ingest
