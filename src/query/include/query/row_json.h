#pragma once

#include <string>
#include <vector>

#include "base/schema.h"
#include "base/value.h"

// Values and rows as JSON (docs/json-output.md): DECIMAL, dates and times are texts.

namespace medallion::query {

// A value as one JSON token; NaN and infinities are strings. Bytes that are not UTF-8 become
// U+FFFD.
std::string ToJson(const Value& value);

// A name per column for the keys of an object, each once: a later column of the same name gets
// `_2`, `_3` and so on, the first that no other column has.
std::vector<std::string> JsonKeys(const Schema& schema);

// The fields of one row as a JSON object. `keys` has one entry per column.
std::string ToJsonObject(const std::vector<std::string>& keys, const std::vector<Value>& row);
std::string ToJsonObject(const Schema& schema, const std::vector<Value>& row);

}  // namespace medallion::query
