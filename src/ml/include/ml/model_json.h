#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "ml/model.h"

namespace medallion::ml {

// model.json, format version 1; see docs/formats/model.md.
inline constexpr int kModelFormatVersion = 1;

// Indented by one blank, keys in the documented order, a line feed at the end. Numbers have the
// fewest digits that give the same double back; bytes that are not UTF-8 become U+FFFD. `model` has
// passed CheckModel.
std::string ModelToJson(const Model& model);

// The model, exactly as written. kUnsupported for a newer format version, by its number;
// kCorruption with the field's path (`clusters[2].centroid`) for anything else. Unknown fields are
// ignored.
Result<Model> ModelFromJson(std::string_view text);

}  // namespace medallion::ml
