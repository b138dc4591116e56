#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "byte_stream.h"
#include "ingest/file_source.h"
#include "raw_bytes.h"

namespace medallion::ingest {

// The text of one landed file: opened once, checked to be the very file that was listed, unpacked
// and decoded to UTF-8 while it is read. Used by one thread.
class LandedText {
 public:
  // How the file turned out to be written.
  enum class Decoding {
    kUtf8,
    kDamagedUtf8,  // some bytes are not UTF-8 and are handed on as they are
    kWindows1252,  // not UTF-8: its odd bytes are read as Windows-1252
    kDeclared,     // as the option `encoding` or a byte order mark says
  };

  // kNotFound if the file is gone, kPreconditionFailed if its bytes changed since it was listed,
  // kEnvironment if we may not read it, kIo if that fails otherwise, kCorruption if it is no text
  // or is damaged, naming what it seems to be. `contents` and `hold` as for RawBytes::Open.
  static Result<std::unique_ptr<LandedText>> Open(const LandedFile& file, const CsvOptions& options,
                                                  FileContents* contents, RawBytes::Hold hold);
  // The same over a file's bytes in memory.
  static Result<std::unique_ptr<LandedText>> OpenBytes(std::string bytes,
                                                       const CsvOptions& options);

  LandedText(const LandedText&) = delete;
  LandedText& operator=(const LandedText&) = delete;
  ~LandedText();

  // Decoded text without byte order mark; 0 is the end. At the end checksums were verified.
  Result<size_t> Read(char* target, size_t size);
  // May change while reading, from kUtf8 to one of the two others, at the first odd byte.
  Decoding decoding() const { return decoding_; }
  // kPreconditionFailed if the file changed while it was read.
  Status CheckUnchanged() const;
  // Leaves the file's bytes to the next who opens it. The last use.
  void Release() &&;

 private:
  explicit LandedText(std::unique_ptr<RawBytes> raw);

  Status Start(const CsvOptions& options);
  Result<std::unique_ptr<ByteStream>> Unpacked() const;
  Result<size_t> ReadUtf8(char* target, size_t size);
  Result<size_t> ReadConverted(char* target, size_t size);
  Result<size_t> ReadRaw(char* target, size_t size);
  Status Convert(std::string_view raw, bool at_end);
  Status DecideDecoding();
  size_t TakePending(char* target, size_t size);

  std::unique_ptr<RawBytes> raw_;
  std::unique_ptr<ByteStream> stream_;
  std::string head_;  // read while opening, not yet handed out
  size_t head_position_ = 0;
  std::string carry_;    // an incomplete sequence at the end of the last read
  std::string pending_;  // converted text not yet handed out
  size_t pending_position_ = 0;
  bool at_end_ = false;
  Decoding decoding_ = Decoding::kUtf8;
  enum class Converter { kNone, kUtf16Le, kUtf16Be, kWindows1252, kLatin1 };
  Converter converter_ = Converter::kNone;
};

}  // namespace medallion::ingest
