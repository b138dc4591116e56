#pragma once

#include <string_view>

namespace medallion::cli {

// What is known of this build; written by build_info.cmake at each build.
struct BuildInfo {
  std::string_view version;
  std::string_view revision;  // short commit id, `+` if the tree was changed; `unknown` outside git
  std::string_view build_type;
  std::string_view compiler;
};

const BuildInfo& GetBuildInfo();

}  // namespace medallion::cli
