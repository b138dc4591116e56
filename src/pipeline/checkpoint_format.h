#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pipeline/checkpoint.h"

// Texts of the objects of a checkpoint: docs/formats/checkpoint.md. `place` names the object in
// errors, which are kCorruption, or kUnsupported for a format of a newer program.

namespace medallion::pipeline {

inline constexpr int64_t kCheckpointFormat = 1;

std::string FormatCheckpointMetadata(std::string_view app_id);
Result<std::string> ParseCheckpointMetadata(std::string_view text, std::string_view place);

std::string FormatIntent(const BatchIntent& intent);
Result<BatchIntent> ParseIntent(std::string_view text, std::string_view place);

std::string FormatCommit(int64_t table_version);

std::string FormatSourceSchema(const Schema& schema);
Result<Schema> ParseSourceSchema(std::string_view text, std::string_view place);

std::string FormatRejected(const std::vector<SetAsideFile>& files);
Result<std::vector<SetAsideFile>> ParseRejected(std::string_view text, std::string_view place);

}  // namespace medallion::pipeline
