#pragma once

#include <string>
#include <vector>

#include "sql/functions.h"

// How the families of functions write their entries.

namespace medallion::sql {

using FunctionTable = std::vector<FunctionEntry>;

void AddOperators(FunctionTable& table);
void AddConditionalFunctions(FunctionTable& table);
void AddStringFunctions(FunctionTable& table);
void AddMathFunctions(FunctionTable& table);
void AddDateTimeFunctions(FunctionTable& table);
void AddCollectionFunctions(FunctionTable& table);
void AddMiscellaneousFunctions(FunctionTable& table);
void AddAggregateFunctions(FunctionTable& table);
void AddWindowFunctions(FunctionTable& table);
void AddGenerators(FunctionTable& table);

// A deterministic scalar function.
FunctionEntry Scalar(std::string name, std::vector<std::string> signatures,
                     std::vector<std::string> aliases = {});
// One whose types a rule decides; `signature` then only documents it.
FunctionEntry ScalarByRule(std::string name, std::string signature,
                           Result<CallTypes> (*rule)(std::span<const ArgumentInfo>),
                           std::vector<std::string> aliases = {});

}  // namespace medallion::sql
