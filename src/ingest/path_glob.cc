#include "path_glob.h"

#include <cstdint>

namespace medallion::ingest {
namespace {

// Position of the brace that closes the one at `open`; npos if none does. Splits off the commas
// between.
size_t FindClosingBrace(std::string_view pattern, size_t open, std::vector<size_t>& commas) {
  int depth = 0;
  for (size_t i = open; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\') {
      ++i;
    } else if (c == '{') {
      ++depth;
    } else if (c == ',' && depth == 1) {
      commas.push_back(i);
    } else if (c == '}' && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

size_t FindOpeningBrace(std::string_view pattern) {
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] == '{') {
      return i;
    }
  }
  return std::string_view::npos;
}

// Matches `c` against the set that opens at `set` (a `[`) and moves `set` past it. An unclosed set
// is an ordinary bracket.
bool MatchesSet(std::string_view pattern, size_t& set, char c) {
  const size_t close = pattern.find(']', set + 2);
  if (close == std::string_view::npos) {
    return pattern[set++] == c;
  }
  std::string_view members = pattern.substr(set + 1, close - set - 1);
  set = close + 1;
  const bool negated = members.front() == '^' || members.front() == '!';
  if (negated) {
    members.remove_prefix(1);
  }
  bool found = false;
  for (size_t i = 0; i < members.size(); ++i) {
    if (i + 2 < members.size() && members[i + 1] == '-') {
      found = found || (static_cast<uint8_t>(members[i]) <= static_cast<uint8_t>(c) &&
                        static_cast<uint8_t>(c) <= static_cast<uint8_t>(members[i + 2]));
      i += 2;
    } else {
      found = found || members[i] == c;
    }
  }
  return found != negated;
}

// Matches one character and moves `at` past its pattern.
bool MatchesOne(std::string_view pattern, size_t& at, char c) {
  switch (pattern[at]) {
    case '?': ++at; return true;
    case '[': return MatchesSet(pattern, at, c);
    case '\\': at += at + 1 < pattern.size() ? 1 : 0; return pattern[at++] == c;
    default: return pattern[at++] == c;
  }
}

}  // namespace

bool HasGlob(std::string_view path) { return path.find_first_of("*?[{") != std::string_view::npos; }

Result<std::vector<std::string>> ExpandBraces(std::string_view pattern) {
  std::vector<std::string> open = {std::string(pattern)};
  std::vector<std::string> done;
  while (!open.empty()) {
    const std::string next = std::move(open.back());
    open.pop_back();
    const size_t brace = FindOpeningBrace(next);
    if (brace == std::string::npos) {
      done.push_back(next);
      continue;
    }
    std::vector<size_t> commas;
    const size_t close = FindClosingBrace(next, brace, commas);
    if (close == std::string::npos) {
      return Error(ErrorCode::kSpecification,
                   "brace is never closed in glob: " + std::string(pattern));
    }
    commas.push_back(close);
    size_t begin = brace + 1;
    for (const size_t comma : commas) {
      open.push_back(next.substr(0, brace) + next.substr(begin, comma - begin) +
                     next.substr(close + 1));
      begin = comma + 1;
    }
    if (open.size() + done.size() > kGlobAlternativesMax) {
      return Error(ErrorCode::kSpecification, fmt::format("glob has more than {} alternatives: {}",
                                                          kGlobAlternativesMax, pattern));
    }
  }
  return done;
}

// Greedy with one remembered star, so linear in practice and at most quadratic.
bool MatchesGlob(std::string_view pattern, std::string_view name) {
  size_t at = 0;
  size_t position = 0;
  size_t star = std::string_view::npos;
  size_t star_position = 0;
  while (position < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = ++at;
      star_position = position;
      continue;
    }
    size_t after = at;
    if (at < pattern.size() && MatchesOne(pattern, after, name[position])) {
      at = after;
      ++position;
      continue;
    }
    if (star == std::string_view::npos) {
      return false;
    }
    at = star;
    position = ++star_position;
  }
  while (at < pattern.size() && pattern[at] == '*') {
    ++at;
  }
  return at == pattern.size();
}

}  // namespace medallion::ingest
