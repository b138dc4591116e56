#pragma once

#include <string_view>
#include <vector>

namespace medallion::cli {

// A file of the example project that `medallion init` writes; `{{name}}` in it stands for the
// project's name. The files are those of scaffold/, embedded at build time.
struct ScaffoldFile {
  std::string_view path;  // relative
  std::string_view body;
};

const std::vector<ScaffoldFile>& ScaffoldFiles();

}  // namespace medallion::cli
