#pragma once

#include <string>
#include <string_view>

namespace medallion::nasty {

// Bytes as they might land: compressed and encoded forms of a text.
std::string Gzip(std::string_view text);
std::string Zstd(std::string_view text);
std::string Utf16LittleEndian(std::string_view ascii);
std::string Utf16BigEndian(std::string_view ascii);

// `id,name,price` and records 1…count, each `<n>,item <n>,<n>.50`.
std::string PlainCsv(int count);

}  // namespace medallion::nasty
