#include "exit_code.h"

namespace medallion::cli {
namespace {

pipeline::UpdateResult FailedWith(const std::vector<ErrorCode>& codes) {
  pipeline::UpdateResult result;
  result.state = pipeline::UpdateState::kFailed;
  for (const ErrorCode code : codes) {
    result.flows.emplace_back().error = Error(code, "failed");
  }
  result.flows.emplace_back().outcome = pipeline::FlowOutcome::kUpstreamFailed;
  return result;
}

TEST(ExitCodeTest, AFlowThatTheMachineFailedIsAnEnvironmentError) {
  EXPECT_EQ(ExitCodeFor(FailedWith({ErrorCode::kIo})), ExitCode::kEnvironment);
  EXPECT_EQ(ExitCodeFor(FailedWith({ErrorCode::kData, ErrorCode::kEnvironment})),
            ExitCode::kEnvironment);
  EXPECT_EQ(ExitCodeFor(FailedWith({ErrorCode::kNotDurable})), ExitCode::kEnvironment);
  EXPECT_EQ(ExitCodeFor(FailedWith({ErrorCode::kData, ErrorCode::kCorruption})), ExitCode::kFailed);
}

TEST(ExitCodeTest, AFileSetAsideIsNoSuccess) {
  pipeline::UpdateResult result;
  EXPECT_EQ(ExitCodeFor(result), ExitCode::kOk);
  result.files_set_aside = 1;
  EXPECT_EQ(ExitCodeFor(result), ExitCode::kFailed);
  result.state = pipeline::UpdateState::kCanceled;
  EXPECT_EQ(ExitCodeFor(result), ExitCode::kInterrupted);
}

}  // namespace
}  // namespace medallion::cli
