#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace medallion {

// The folder of a catalogue, schema or table: the name in lower case (ASCII), every byte other than
// `a-z 0-9 _ -` as `%XX`, so that no name leaves its folder, collides with another or is lost on a
// file system. docs/formats/storage.md.
std::string FolderOfName(std::string_view name);

// The name of a folder that FolderOfName made; nothing for other folders.
std::optional<std::string> NameOfFolder(std::string_view folder);

}  // namespace medallion
