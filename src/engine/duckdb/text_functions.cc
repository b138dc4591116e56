#include <algorithm>

#include "spark_functions.h"

namespace medallion::duckdb {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

int64_t CountCharacters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return !IsContinuation(c); });
}

// The byte offset of the character with this index; the size of the text past its end.
size_t OffsetOf(std::string_view text, int64_t index) {
  size_t offset = 0;
  while (offset < text.size() && index > 0) {
    ++offset;
    while (offset < text.size() && IsContinuation(text[offset])) {
      ++offset;
    }
    --index;
  }
  return offset;
}

// Spark's substring: positions count from 1, 0 is 1, negative ones from the end; what lies before
// the text counts toward the length.
std::optional<std::string_view> Substring(Failure&, std::string_view text, int32_t position,
                                          int32_t length) {
  int64_t start = position > 0 ? int64_t{position} - 1 : 0;
  if (position < 0) {
    start = CountCharacters(text) + position;
  }
  const int64_t end = start + length;
  if (end <= start || end <= 0) {
    return std::string_view();
  }
  const size_t from = OffsetOf(text, start);
  const size_t size = OffsetOf(text.substr(from), end - std::max<int64_t>(start, 0));
  return text.substr(from, size);
}

// The part before (or, negative, after) the count-th delimiter.
std::optional<std::string_view> SubstringIndex(Failure&, std::string_view text,
                                               std::string_view delimiter, int32_t count) {
  if (delimiter.empty() || count == 0) {
    return std::string_view();
  }
  if (count > 0) {
    size_t at = 0;
    for (size_t from = 0;; from = at + delimiter.size()) {
      at = text.find(delimiter, from);
      if (at == std::string_view::npos) {
        return text;
      }
      if (--count == 0) {
        return text.substr(0, at);
      }
    }
  }
  size_t end = text.size();
  for (;;) {
    const size_t at = end < delimiter.size() ? std::string_view::npos
                                             : text.rfind(delimiter, end - delimiter.size());
    if (at == std::string_view::npos) {
      return text;
    }
    if (++count == 0) {
      return text.substr(at + delimiter.size());
    }
    end = at;
  }
}

std::optional<std::string> InitCap(Failure&, std::string_view text) {
  // Only blanks part words in Spark; letters outside ASCII stay as they are.
  std::string result(text);
  bool first = true;
  for (char& c : result) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool lower = c >= 'a' && c <= 'z';
    if (first && lower) {
      c = static_cast<char>(c - 'a' + 'A');
    } else if (!first && upper) {
      c = static_cast<char>(c - 'A' + 'a');
    }
    first = c == ' ';
  }
  return result;
}

std::optional<std::string> Pad(std::string_view text, int32_t length, std::string_view pad,
                               bool left) {
  const int64_t count = CountCharacters(text);
  if (length <= 0) {
    return std::string();
  }
  if (count >= length || pad.empty()) {
    return std::string(text.substr(0, OffsetOf(text, length)));
  }
  std::string fill;
  int64_t missing = length - count;
  const int64_t pad_count = CountCharacters(pad);
  for (; missing >= pad_count; missing -= pad_count) {
    fill += pad;
  }
  fill += pad.substr(0, OffsetOf(pad, missing));
  return left ? fill + std::string(text) : std::string(text) + fill;
}
std::optional<std::string> LeftPad(Failure&, std::string_view text, int32_t length,
                                   std::string_view pad) {
  return Pad(text, length, pad, true);
}
std::optional<std::string> RightPad(Failure&, std::string_view text, int32_t length,
                                    std::string_view pad) {
  return Pad(text, length, pad, false);
}

std::optional<std::string> Translate(Failure&, std::string_view text, std::string_view from,
                                     std::string_view to) {
  std::string result;
  for (size_t i = 0; i < text.size();) {
    const size_t size = OffsetOf(text.substr(i), 1);
    const std::string_view character = text.substr(i, size);
    i += size;
    int64_t index = 0;
    bool found = false;
    for (size_t j = 0; j < from.size() && !found; ++index) {
      const size_t step = OffsetOf(from.substr(j), 1);
      found = from.substr(j, step) == character;
      j += step;
    }
    if (!found) {
      result += character;
      continue;
    }
    const size_t at = OffsetOf(to, index - 1);
    if (at < to.size()) {
      result += to.substr(at, OffsetOf(to.substr(at), 1));
    }
  }
  return result;
}

}  // namespace

std::vector<ScalarFunction> TextFunctions() {
  std::vector<ScalarFunction> functions;
  functions.push_back(RowWise("spark_substring", &Substring));
  functions.push_back(RowWise("spark_substring_index", &SubstringIndex));
  functions.push_back(RowWise("spark_initcap", &InitCap));
  functions.push_back(RowWise("spark_lpad", &LeftPad));
  functions.push_back(RowWise("spark_rpad", &RightPad));
  functions.push_back(RowWise("spark_translate", &Translate));
  return functions;
}

}  // namespace medallion::duckdb
