#include "record_reader.h"

#include <algorithm>
#include <cstring>

#include <openssl/evp.h>

#include "base/check.h"
#include "text_encoding.h"

namespace medallion::ingest {
namespace {

constexpr size_t kBlockBytesMin = 16;

uint8_t Byte(char c) { return static_cast<uint8_t>(c); }

// SHA-256 of text that comes in pieces.
class TextDigest {
 public:
  TextDigest() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    CHECK(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }
  void Add(std::string_view text) {
    CHECK(EVP_DigestUpdate(context_.get(), text.data(), text.size()) == 1);
    bytes_ += text.size();
  }
  std::string Describe() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    CHECK(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
      hex += fmt::format("{:02x}", digest[i]);
    }
    return fmt::format("value of {} bytes, sha256 {}", bytes_, hex);
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
  uint64_t bytes_ = 0;
};

}  // namespace

std::string DescribeLongText(std::string_view text) {
  TextDigest digest;
  digest.Add(text);
  return digest.Describe();
}

RecordReader::RecordReader(LandedText& text, const CsvOptions& options, size_t block_bytes)
    : text_(text),
      options_(options),
      buffer_(std::clamp(block_bytes, kBlockBytesMin, kRecordBytesMax), '\0'),
      lines_to_skip_(options.skip_rows) {
  for (const char c : {options_.delimiter, '\n', '\r'}) {
    ends_plain_[Byte(c)] = true;
  }
  for (const char c : {options_.quote, options_.escape, '\n', '\r'}) {
    stops_quoted_[Byte(c)] = true;
  }
}

bool RecordReader::may_hold_invalid_utf8() const {
  return text_.decoding() == LandedText::Decoding::kDamagedUtf8 ||
         text_.decoding() == LandedText::Decoding::kDeclared;
}

Status RecordReader::BeginBatch() {
  const size_t unread = end_ - position_;
  if (position_ > 0 && unread > 0) {
    std::memmove(buffer_.data(), buffer_.data() + position_, unread);
  }
  position_ = 0;
  end_ = unread;
  if (end_ == buffer_.size()) {
    if (buffer_.size() == kRecordBytesMax) {
      return OkStatus();
    }
    buffer_.resize(std::min(buffer_.size() * 2, kRecordBytesMax));
  }
  ASSIGN_OR_RETURN(const size_t got, ReadText());
  at_end_ = end_ + got < buffer_.size();
  end_ += got;
  bytes_read_ += got;
  return OkStatus();
}

Result<size_t> RecordReader::ReadText() {
  size_t filled = 0;
  const size_t room = buffer_.size() - end_;
  while (filled < room) {
    ASSIGN_OR_RETURN(const size_t got, text_.Read(buffer_.data() + end_ + filled, room - filled));
    if (got == 0) {
      break;
    }
    filled += got;
  }
  return filled;
}

Result<bool> RecordReader::NextAcrossBlocks(Record& record) {
  while (true) {
    ASSIGN_OR_RETURN(const Outcome outcome, Next(record));
    if (outcome != Outcome::kBlockEnd) {
      return outcome == Outcome::kRecord;
    }
    RETURN_IF_ERROR(BeginBatch());
  }
}

Result<RecordReader::Outcome> RecordReader::Next(Record& record) {
  while (true) {
    const Skip skip = lines_to_skip_ > 0 ? SkipLine() : SkipBlankOrComment();
    if (skip == Skip::kIncomplete) {
      if (at_end_) {
        position_ = end_;
        return Outcome::kEnd;
      }
      if (position_ == 0 && end_ == kRecordBytesMax) {
        // A skipped line of any length needs no buffer.
        position_ = end_;
      }
      return Outcome::kBlockEnd;
    }
    if (skip == Skip::kNothing) {
      break;
    }
  }
  switch (SplitRecord(SIZE_MAX)) {
    case Split::kDone:
      return Take(record, too_many_columns_ ? RecordFault::kTooManyColumns : RecordFault::kNone);
    case Split::kUnclosed: return TakeUnclosed(record);
    case Split::kIncomplete: break;
  }
  const bool full = position_ == 0 && end_ == kRecordBytesMax;
  if (!full) {
    return Outcome::kBlockEnd;
  }
  if (lines_in_record_ > 0) {
    unclosed_position_ = end_;
    unclosed_field_ = fields_.size();
    return TakeUnclosed(record);
  }
  RETURN_IF_ERROR(TakeTooLong(record));
  return Outcome::kRecord;
}

RecordReader::Outcome RecordReader::Take(Record& record, RecordFault fault) {
  record.number = ++record_count_;
  record.line = line_;
  record.raw = std::string_view(buffer_).substr(position_, record_end_ - position_);
  record.fault = fault;
  record.note.clear();
  if (fault == RecordFault::kTooManyColumns) {
    fields_.clear();
  }
  latest_begin_ = position_;
  latest_line_ = line_;
  line_ += lines_in_record_ + 1;
  position_ = record_next_;
  return Outcome::kRecord;
}

void RecordReader::PutBack() {
  position_ = latest_begin_;
  line_ = latest_line_;
  --record_count_;
}

// Splits the line of a quote that never closes again, this time taking that quote literally.
Result<RecordReader::Outcome> RecordReader::TakeUnclosed(Record& record) {
  const size_t searched_to = unclosed_position_;
  const Split split = SplitRecord(unclosed_field_);
  if (split == Split::kIncomplete) {
    if (position_ == 0 && end_ == kRecordBytesMax) {
      RETURN_IF_ERROR(TakeTooLong(record));
      return Outcome::kRecord;
    }
    return Outcome::kBlockEnd;
  }
  CHECK(split == Split::kDone);
  vain_search_bytes_ += searched_to - std::min(searched_to, record_next_);
  return Take(record, RecordFault::kUnclosedQuote);
}

// Passes over a line that is too long to buffer, keeping its length and hash.
Status RecordReader::TakeTooLong(Record& record) {
  record = Record{.number = ++record_count_, .line = line_++, .fault = RecordFault::kTooLong};
  fields_.clear();
  TextDigest digest;
  while (true) {
    const size_t line_end = FindLineEnd(position_);
    digest.Add(std::string_view(buffer_).substr(position_, line_end - position_));
    position_ = line_end;
    if (line_end < end_) {
      if (const std::optional<size_t> next = AfterLineEnd(line_end)) {
        position_ = *next;
        break;
      }
    } else if (at_end_) {
      break;
    }
    RETURN_IF_ERROR(BeginBatch());
  }
  record.note = digest.Describe();
  return OkStatus();
}

size_t RecordReader::FindLineEnd(size_t position) const {
  while (position < end_ && buffer_[position] != '\n' && buffer_[position] != '\r') {
    ++position;
  }
  return position;
}

std::optional<size_t> RecordReader::AfterLineEnd(size_t position) const {
  if (buffer_[position] == '\n') {
    return position + 1;
  }
  if (position + 1 == end_) {
    return at_end_ ? std::optional<size_t>(position + 1) : std::nullopt;
  }
  return position + (buffer_[position + 1] == '\n' ? 2 : 1);
}

RecordReader::Skip RecordReader::SkipLine() {
  const size_t line_end = FindLineEnd(position_);
  const std::optional<size_t> next =
      line_end < end_ ? AfterLineEnd(line_end) : std::optional<size_t>();
  if (!next) {
    return Skip::kIncomplete;
  }
  position_ = *next;
  ++line_;
  --lines_to_skip_;
  return Skip::kSkipped;
}

bool RecordReader::IsPadding(char c) const {
  return (c == ' ' || c == '\t') && c != options_.delimiter;
}

// Spark drops lines without text and, if a comment character is set, lines that begin with it.
RecordReader::Skip RecordReader::SkipBlankOrComment() {
  const bool comment =
      options_.comment && position_ < end_ && buffer_[position_] == *options_.comment;
  size_t text = position_;
  while (!comment && text < end_ && IsPadding(buffer_[text])) {
    ++text;
  }
  const size_t line_end = comment ? FindLineEnd(position_) : text;
  if (line_end == end_) {
    return Skip::kIncomplete;
  }
  if (!ends_plain_[Byte(buffer_[line_end])] ||
      (!comment && buffer_[line_end] == options_.delimiter)) {
    return Skip::kNothing;
  }
  const std::optional<size_t> next = AfterLineEnd(line_end);
  if (!next) {
    return Skip::kIncomplete;
  }
  position_ = *next;
  ++line_;
  blank_lines_ += comment ? 0 : 1;
  return Skip::kSkipped;
}

void RecordReader::AddField(FieldRef field) {
  if (fields_.size() == kColumnsMax) {
    too_many_columns_ = true;
    return;
  }
  fields_.push_back(field);
}

// Splits the record at position_. From field `literal_from` on quotes are ordinary characters.
RecordReader::Split RecordReader::SplitRecord(size_t literal_from) {
  fields_.clear();
  too_many_columns_ = false;
  lines_in_record_ = 0;
  size_t position = position_;
  while (true) {
    if (options_.ignore_leading_white_space) {
      while (position < end_ && IsPadding(buffer_[position])) {
        ++position;
      }
    }
    const bool quoted = fields_.size() < literal_from && position < end_ &&
                        buffer_[position] == options_.quote && !too_many_columns_;
    const Split split = quoted ? SplitQuotedField(position) : SplitPlainField(position, position);
    if (split != Split::kDone) {
      return split;
    }
    if (position == end_ || buffer_[position] != options_.delimiter) {
      return FinishRecord(position);
    }
    ++position;
  }
}

RecordReader::Split RecordReader::FinishRecord(size_t position) {
  record_end_ = position;
  if (position == end_) {
    record_next_ = end_;
    return Split::kDone;
  }
  const std::optional<size_t> next = AfterLineEnd(position);
  if (!next) {
    return Split::kIncomplete;
  }
  record_next_ = *next;
  return Split::kDone;
}

// A field from `begin` up to the next delimiter or line end at or after `position`.
RecordReader::Split RecordReader::SplitPlainField(size_t& position, size_t begin) {
  const char* const data = buffer_.data();
  size_t end = position;
  while (end < end_ && !ends_plain_[Byte(data[end])]) {
    ++end;
  }
  position = end;
  if (end == end_ && !at_end_) {
    return Split::kIncomplete;
  }
  while (options_.ignore_trailing_white_space && end > begin && IsPadding(data[end - 1])) {
    --end;
  }
  AddField({static_cast<uint32_t>(begin), static_cast<uint32_t>(end - begin), false, false});
  return Split::kDone;
}

// The quoted field that opens at `position`.
RecordReader::Split RecordReader::SplitQuotedField(size_t& position) {
  const char* const data = buffer_.data();
  const size_t open = position;
  int64_t lines = 0;
  bool escaped = false;
  const auto unclosed = [&](size_t searched_to) {
    unclosed_field_ = fields_.size();
    unclosed_position_ = searched_to;
    return Split::kUnclosed;
  };
  size_t at = open + 1;
  while (true) {
    while (at < end_ && !stops_quoted_[Byte(data[at])]) {
      ++at;
    }
    if (at == end_) {
      lines_in_record_ += lines;
      return at_end_ ? unclosed(at) : Split::kIncomplete;
    }
    const char c = data[at];
    if (c == '\n' || c == '\r') {
      if (vain_search_bytes_ > kVainSearchMax) {
        return unclosed(at);
      }
      lines += c == '\n' || at + 1 == end_ || data[at + 1] != '\n' ? 1 : 0;
      ++at;
      continue;
    }
    if (at + 1 == end_ && !at_end_) {
      lines_in_record_ += lines;
      return Split::kIncomplete;
    }
    const char next = at + 1 < end_ ? data[at + 1] : '\0';
    const bool protects = at + 1 < end_ && (next == options_.quote ||
                                            (c == options_.escape && next == options_.escape));
    if (protects) {
      escaped = true;
      at += 2;
    } else if (c != options_.quote) {
      ++at;
    } else {
      break;
    }
  }
  const size_t close = at++;
  while (at < end_ && IsPadding(data[at])) {
    ++at;
  }
  if (at == end_ && !at_end_) {
    lines_in_record_ += lines;
    return Split::kIncomplete;
  }
  if (at < end_ && !ends_plain_[Byte(data[at])]) {
    if (lines > 0) {
      return unclosed(at);
    }
    position = at;
    return SplitPlainField(position, open);
  }
  lines_in_record_ += lines;
  position = at;
  AddField(
      {static_cast<uint32_t>(open + 1), static_cast<uint32_t>(close - open - 1), true, escaped});
  return Split::kDone;
}

size_t RecordReader::Unescape(const FieldRef& field, char* out) const {
  const std::string_view raw = Raw(field);
  size_t written = 0;
  for (size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    const char next = i + 1 < raw.size() ? raw[i + 1] : '\0';
    const bool protects =
        i + 1 < raw.size() && (c == options_.quote || c == options_.escape) &&
        (next == options_.quote || (c == options_.escape && next == options_.escape));
    if (protects) {
      ++i;
    }
    out[written++] = raw[i];
  }
  return written;
}

void RecordReader::AppendUnescaped(const FieldRef& field, std::string& out) const {
  if (!field.escaped) {
    out.append(Raw(field));
    return;
  }
  const size_t begin = out.size();
  out.resize(begin + field.size);
  out.resize(begin + Unescape(field, out.data() + begin));
}

}  // namespace medallion::ingest
