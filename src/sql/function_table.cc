#include "function_table.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/check.h"
#include "base/text.h"
#include "signature.h"

namespace medallion::sql {
namespace {

struct Index {
  FunctionTable entries;                              // sorted by name
  std::unordered_map<std::string, size_t> positions;  // by name and alias
  std::vector<std::vector<Signature>> signatures;     // by position
  std::vector<std::string> names;                     // names and aliases
};

Index BuildIndex() {
  Index index;
  for (const auto add :
       {AddOperators, AddConditionalFunctions, AddStringFunctions, AddMathFunctions,
        AddDateTimeFunctions, AddCollectionFunctions, AddMiscellaneousFunctions,
        AddAggregateFunctions, AddWindowFunctions, AddGenerators}) {
    add(index.entries);
  }
  std::sort(index.entries.begin(), index.entries.end(),
            [](const FunctionEntry& a, const FunctionEntry& b) { return a.name < b.name; });
  for (size_t i = 0; i < index.entries.size(); ++i) {
    const FunctionEntry& entry = index.entries[i];
    std::vector<std::string> names = entry.aliases;
    names.push_back(entry.name);
    for (const std::string& name : names) {
      CHECK(index.positions.emplace(name, i).second);  // no two functions share a name
      index.names.push_back(name);
    }
    std::vector<Signature>& parsed = index.signatures.emplace_back();
    for (const std::string& text : entry.signatures) {
      if (entry.rule == nullptr && entry.kind != FunctionKind::kHigherOrder) {
        parsed.push_back(ParseSignature(text));
      }
    }
  }
  return index;
}

// Built on first use and never changed.
const Index& TheIndex() {
  static const Index index = BuildIndex();
  return index;
}

Error WrongArgumentCount(const FunctionEntry& function, size_t count) {
  return Error(ErrorCode::kSpecification,
               fmt::format("wrong number of arguments for `{}`: {} given, it is {}", function.name,
                           count, medallion::Join(function.signatures, " or ")))
      .WithCondition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION");
}

Error WrongArgumentType(const FunctionEntry& function, const SignatureMismatch& mismatch,
                        std::span<const ArgumentInfo> arguments) {
  return Error(
             ErrorCode::kSpecification,
             fmt::format("argument {} of `{}` has to be {}, not {}", mismatch.argument + 1,
                         function.name, mismatch.wanted, arguments[mismatch.argument].type.ToDdl()))
      .WithCondition("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
}

}  // namespace

FunctionEntry Scalar(std::string name, std::vector<std::string> signatures,
                     std::vector<std::string> aliases) {
  FunctionEntry entry;
  entry.name = std::move(name);
  entry.signatures = std::move(signatures);
  entry.aliases = std::move(aliases);
  return entry;
}

FunctionEntry ScalarByRule(std::string name, std::string signature,
                           Result<CallTypes> (*rule)(std::span<const ArgumentInfo>),
                           std::vector<std::string> aliases) {
  FunctionEntry entry = Scalar(std::move(name), {std::move(signature)}, std::move(aliases));
  entry.rule = rule;
  return entry;
}

const FunctionEntry* FindFunction(std::string_view name) {
  const Index& index = TheIndex();
  const auto found = index.positions.find(ToLower(name));
  return found == index.positions.end() ? nullptr : &index.entries[found->second];
}

std::span<const FunctionEntry> AllFunctions() { return TheIndex().entries; }

std::vector<std::string> NearestFunctionNames(std::string_view name) {
  const auto nearest = NearestName(name, TheIndex().names);
  return nearest ? std::vector<std::string>{*nearest} : std::vector<std::string>{};
}

Result<CallTypes> ResolveCall(const FunctionEntry& function,
                              std::span<const ArgumentInfo> arguments) {
  if (function.rule != nullptr) {
    return function.rule(arguments);
  }
  const Index& index = TheIndex();
  const auto& signatures = index.signatures[static_cast<size_t>(&function - index.entries.data())];
  std::optional<SignatureMatch> best;
  std::optional<SignatureMismatch> mismatch;
  for (const Signature& signature : signatures) {
    if (!signature.Accepts(arguments.size())) {
      continue;
    }
    auto match = MatchSignature(signature, arguments);
    if (!match) {
      mismatch = mismatch.value_or(match.error());
    } else if (!best || match->casts < best->casts) {
      best = *std::move(match);
    }
  }
  if (best) {
    return std::move(best->types);
  }
  return mismatch ? WrongArgumentType(function, *mismatch, arguments)
                  : WrongArgumentCount(function, arguments.size());
}

}  // namespace medallion::sql
