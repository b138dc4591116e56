#pragma once

#include <string>
#include <vector>

#include "exit_code.h"
#include "runtime.h"

namespace medallion::cli {

// The colours that the command line asks for; needed before the console is made.
ColorMode RequestedColor(const std::vector<std::string>& arguments);

// Parses the command line, executes its command and prints what went wrong. `arguments` without the
// program's name.
ExitCode RunProgram(const std::vector<std::string>& arguments, Runtime& runtime);

}  // namespace medallion::cli
