#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sql/functions.h"

namespace medallion::sql {

// A parameter or result of a function. The language of FunctionEntry::signatures:
//
//   signature := '(' [parameter {',' parameter}] ')' '->' type ['!' | '?']
//   parameter := type ['?' | '...']          optional; one or more times (last only)
//   type      := Spark's names in lower case | decimal (any) | array<type> | map<type, type>
//              | any | numeric | integral | small (INT or narrower) | interval
//              | T, U, K, V  variables: the common type of every argument that they stand for
//              | W           a variable that does not promote strings
//              | #1, #2 …    result only: the type of that argument after coercion
//
// The result is nullable if an argument is; `!` never, `?` always.
struct TypePattern {
  enum class Kind {
    kConcrete,
    kDecimal,
    kAny,
    kNumeric,
    kIntegral,
    kSmall,
    kInterval,
    kVariable,
    kArgument,
    kArray,
    kMap,
    kLambda
  };
  Kind kind = Kind::kConcrete;
  DataType type;        // kConcrete
  char variable = 0;    // kVariable
  size_t argument = 0;  // kArgument, from 0
  std::vector<TypePattern> children;
};

struct Signature {
  enum class Nullability { kIfArgument, kNever, kAlways };
  std::vector<TypePattern> parameters;
  size_t required = 0;
  bool variadic = false;
  TypePattern result;
  Nullability nullability = Nullability::kIfArgument;

  bool Accepts(size_t argument_count) const;
};

// Signatures are constants of ours: a malformed one is a bug (CHECK).
Signature ParseSignature(std::string_view text);

// Types the call, or says which argument does not fit: `parameter 2 wants INT, not BOOLEAN`.
struct SignatureMatch {
  CallTypes types;
  int casts = 0;  // arguments that need a cast: fewer is a better overload
};
struct SignatureMismatch {
  size_t argument = 0;
  std::string wanted;
};
tl::expected<SignatureMatch, SignatureMismatch> MatchSignature(
    const Signature& signature, std::span<const ArgumentInfo> arguments);

}  // namespace medallion::sql
