#include "exit_code.h"

namespace medallion::cli {

ExitCode ExitCodeFor(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kSpecification:
    case ErrorCode::kUnsupported:
    case ErrorCode::kNotFound: return ExitCode::kUsage;
    case ErrorCode::kEnvironment:
    case ErrorCode::kIo:
    case ErrorCode::kNotDurable:
    case ErrorCode::kPreconditionFailed: return ExitCode::kEnvironment;
    case ErrorCode::kCancelled: return ExitCode::kInterrupted;
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kCorruption:
    case ErrorCode::kData:
    case ErrorCode::kConflict:
    case ErrorCode::kCommitUnknown:
    case ErrorCode::kRetriesExhausted:
    case ErrorCode::kInternal: return ExitCode::kFailed;
  }
  return ExitCode::kFailed;
}

ExitCode ExitCodeFor(const pipeline::UpdateResult& result) {
  switch (result.state) {
    case pipeline::UpdateState::kCompleted:
      // A file set aside is data that did not arrive: the caller must notice.
      return result.files_set_aside > 0 ? ExitCode::kFailed : ExitCode::kOk;
    case pipeline::UpdateState::kCanceled: return ExitCode::kInterrupted;
    default: break;
  }
  const bool machine_failed =
      std::ranges::any_of(result.flows, [](const pipeline::FlowResult& flow) {
        return flow.error && (flow.error->code() == ErrorCode::kIo ||
                              flow.error->code() == ErrorCode::kNotDurable ||
                              flow.error->code() == ErrorCode::kEnvironment);
      });
  return machine_failed ? ExitCode::kEnvironment : ExitCode::kFailed;
}

std::string ExitCodeTable() {
  return "Exit codes:\n"
         "  0    done\n"
         "  1    the run or the data failed\n"
         "  2    the command line, the project or the SQL is wrong\n"
         "  3    a quality gate was not met\n"
         "  4    the machine lacks something (library, disk space, permission, lock)\n"
         "  130  interrupted (Ctrl-C)\n"
         "  143  terminated\n";
}

}  // namespace medallion::cli
