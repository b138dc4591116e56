#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "byte_stream.h"
#include "ingest/file_contents.h"
#include "ingest/file_source.h"

namespace medallion::ingest {

// The first part of a file, which all who open it look at: enough to recognise UTF-16 by its NULs,
// to see past the preamble of an HTML page, and for any header of sales files.
inline constexpr size_t kHeadBytes = 64 << 10;

// A landed file as it lies on disk, or bytes in memory. Its beginning stays in memory once it was
// read, so that several streams over it cost one read. Used by one thread.
class RawBytes {
 public:
  enum class Hold { kHead, kWhole };

  // Opens the file and checks that it is the one that was listed. Starts with what `contents`,
  // which may be null and must outlive it, holds of the file. kWhole stays within the bounds of
  // `contents`. Errors as LandedText::Open.
  static Result<std::unique_ptr<RawBytes>> Open(const LandedFile& file, FileContents* contents,
                                                Hold hold);
  explicit RawBytes(std::string bytes) : held_(std::move(bytes)) {}

  RawBytes(const RawBytes&) = delete;
  RawBytes& operator=(const RawBytes&) = delete;
  ~RawBytes();

  // A stream from the start, which borrows these bytes.
  std::unique_ptr<ByteStream> Stream();
  // kPreconditionFailed if the file is no longer the one that was listed.
  Status CheckUnchanged() const;
  // Gives what was held to `contents`, unless the file changed. The last use.
  void Release() &&;

 private:
  class StreamOver;
  RawBytes(LandedFile file, FileContents* contents) : file_(std::move(file)), contents_(contents) {}

  Result<size_t> ReadAt(uint64_t offset, char* target, size_t size);
  Result<size_t> Fetch(uint64_t offset, char* target, size_t size);

  LandedFile file_;
  int file_descriptor_ = -1;  // none: all bytes are held
  FileContents* contents_ = nullptr;
  std::string held_;  // from the file's start
  size_t held_max_ = 0;
};

}  // namespace medallion::ingest
