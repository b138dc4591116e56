#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace medallion {

// ASCII only, whatever the locale.
constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// ASCII only; other bytes stay.
std::string ToLower(std::string_view text);
std::string ToUpper(std::string_view text);
bool EqualsIgnoreCase(std::string_view a, std::string_view b);
// Without blanks, tabs and line ends at both sides.
std::string_view Trim(std::string_view text);
std::vector<std::string> Split(std::string_view text, char separator);
std::string Join(std::span<const std::string> parts, std::string_view separator);

// `1,234,567`: digits in groups of three.
std::string GroupDigits(int64_t number);
// `1 row`, `1,234 rows`.
std::string Counted(int64_t count, std::string_view one, std::string_view many);

bool IsValidUtf8(std::string_view text);

// The candidate nearest to `name` by edit distance ignoring case, if it is near enough to suggest
// (at most a third of its length away).
std::optional<std::string> NearestName(std::string_view name,
                                       std::span<const std::string> candidates);

}  // namespace medallion
