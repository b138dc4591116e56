#pragma once

#include <optional>
#include <string>

#include "json.h"

namespace medallion::serve {

// Checks a value against a schema of the API's document: the part of JSON Schema 2020-12 that
// requests use ($ref, type, enum, pattern, format date, lengths, bounds, items, required,
// properties, additionalProperties). `document` holds what $ref names. Returns what is wrong, in
// words that begin with `name`; nothing if the value fits.
std::optional<std::string> FindMismatch(const Json& value, const Json& schema, const Json& document,
                                        const std::string& name);

// Follows $ref.
const Json& Resolve(const Json& schema, const Json& document);

}  // namespace medallion::serve
