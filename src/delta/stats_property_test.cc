#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/text.h"
#include "string_bounds.h"

namespace medallion::delta {
namespace {

// Up to some 80 characters of one to four bytes, with long common prefixes and the last characters
// of each length among them.
std::string AnyText() {
  const auto character =
      rc::gen::element<std::string>("a", "b", "~", "\x7F", "\xC2\x80", "ä", "\xDF\xBF", "日",
                                    "\xEF\xBF\xBF", "😀", "\xF4\x8F\xBF\xBE", "\xF4\x8F\xBF\xBF");
  std::string text;
  const int run = *rc::gen::inRange(0, 40);
  const std::string repeated = *character;
  for (int i = 0; i < run; ++i) {
    text += repeated;
  }
  for (const std::string& each : *rc::gen::container<std::vector<std::string>>(character)) {
    text += each;
  }
  return text;
}

size_t Characters(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// Pitfall 18. std::string compares bytes as unsigned, which is the order of readers.
RC_GTEST_PROP(StringBoundsProperty, MinIsNotAboveAndMaxNotBelowAnyValue, ()) {
  std::vector<std::string> values;
  const int count = *rc::gen::inRange(1, 6);
  for (int i = 0; i < count; ++i) {
    values.push_back(AnyText());
  }
  const auto [min, max] = std::minmax_element(values.begin(), values.end());
  const std::string lower = LowerBoundOf(*min).value();
  const std::optional<std::string> upper = UpperBoundOf(*max);
  for (const std::string& value : values) {
    RC_ASSERT(lower <= value);
    RC_ASSERT(!upper || value <= *upper);
  }
  RC_ASSERT(IsValidUtf8(lower));
  RC_ASSERT(Characters(lower) <= kBoundCharactersMax);
  if (upper) {
    RC_ASSERT(IsValidUtf8(*upper));
    RC_ASSERT(Characters(*upper) <= 2 * kBoundCharactersMax + 1);
  }
}

RC_GTEST_PROP(StringBoundsProperty, BytesThatAreNoTextHaveNoBounds, (const std::string& bytes)) {
  RC_ASSERT(LowerBoundOf(bytes).has_value() == IsValidUtf8(bytes));
  RC_ASSERT(!UpperBoundOf(bytes) || IsValidUtf8(*UpperBoundOf(bytes)));
}

}  // namespace
}  // namespace medallion::delta
