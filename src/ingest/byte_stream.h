#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/result.h"

namespace medallion::ingest {

// Bytes that are pulled from a file through decompression and decoding. Used by one thread.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Fills up to `size` > 0 bytes; 0 means the end, and only then were checksums verified.
  virtual Result<size_t> Read(char* target, size_t size) = 0;
};

// Reads until `size` bytes are there or the stream ends.
Result<size_t> ReadFully(ByteStream& stream, char* target, size_t size);

// How much larger than its compressed form a text may be. Sales files reach 10 to 20; DEFLATE's
// extreme is 1032. Checked once kBombFloorBytes came out.
inline constexpr uint64_t kCompressionRatioMax = 250;
inline constexpr uint64_t kBombFloorBytes = 64ULL << 20;

// RFC 1952, all members in a row, each with CRC-32 and length verified. kCorruption names the
// cause.
Result<std::unique_ptr<ByteStream>> MakeGzipStream(std::unique_ptr<ByteStream> compressed);
// RFC 8878, all frames in a row, checksums verified where frames carry them.
Result<std::unique_ptr<ByteStream>> MakeZstdStream(std::unique_ptr<ByteStream> compressed);

// What the first bytes say a file is, whatever its name says.
enum class FileKind { kText, kGzip, kZstd, kForeign };
struct FileSignature {
  FileKind kind = FileKind::kText;
  // For kForeign, what it is and what to do: "a zip archive: unpack it first".
  std::string description;
};
FileSignature RecognizeFile(std::string_view first_bytes);

}  // namespace medallion::ingest
