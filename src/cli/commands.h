#pragma once

#include "base/result.h"
#include "exit_code.h"
#include "options.h"
#include "runtime.h"

namespace medallion::cli {

// Each command prints its results and remarks itself; an Error is printed by the caller.
Result<ExitCode> Execute(const DataGenerateCommand& command, Runtime& runtime);
Result<ExitCode> Execute(const DoctorCommand& command, Runtime& runtime);
Result<ExitCode> Execute(const DryRunCommand& command, Runtime& runtime);
Result<ExitCode> Execute(const EventsCommand& command, Runtime& runtime);
Result<ExitCode> Execute(const InitCommand& command, Runtime& runtime);
Result<ExitCode> Execute(const RunCommand& command, Runtime& runtime);
Result<ExitCode> Execute(const SegmentsExportCommand& command, Runtime& runtime);
Result<ExitCode> Execute(const SegmentsScoreCommand& command, Runtime& runtime);
Result<ExitCode> Execute(const SegmentsShowCommand& command, Runtime& runtime);
Result<ExitCode> Execute(const ServeCommand& command, Runtime& runtime);
Result<ExitCode> Execute(const SqlCommand& command, Runtime& runtime);
Result<ExitCode> Execute(const TableHistoryCommand& command, Runtime& runtime);
Result<ExitCode> Execute(const TableListCommand& command, Runtime& runtime);
Result<ExitCode> Execute(const TableShowCommand& command, Runtime& runtime);
Result<ExitCode> Execute(const VersionCommand& command, Runtime& runtime);

}  // namespace medallion::cli
