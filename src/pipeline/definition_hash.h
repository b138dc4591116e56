#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace medallion::pipeline {

// FNV-1a, 64 bits (G. Fowler, L. C. Noll, K.-P. Vo), over the parts with their lengths, so that
// moving text from one part to the next changes it. Stable across machines and releases: it is
// stored in tables. Not for adversaries.
uint64_t StableHash(std::span<const std::string> parts);

}  // namespace medallion::pipeline
