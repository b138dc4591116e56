#include "web_files.h"

namespace medallion::serve {

std::span<const WebFile> WebFiles() { return {}; }

}  // namespace medallion::serve
