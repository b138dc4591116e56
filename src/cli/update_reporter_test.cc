#include "update_reporter.h"

#include <sstream>

#include <nlohmann/json.hpp>

namespace medallion::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

pipeline::FlowResult SilverResult() {
  pipeline::FlowResult result;
  result.name = result.dataset = "retail.dlt.silver";
  result.batches = 2;
  result.input_files = 3;
  result.rows_read = 100;
  result.rows_written = 90;
  result.rows_dropped = 10;
  result.rules = {{.name = "valid_quantity", .passed = 92, .failed = 8},
                  {.name = "valid_price", .passed = 95, .failed = 5}};
  result.seconds = 1.5;
  result.version = 7;
  return result;
}

TEST(ToFlowLineTest, AddsUpTheRules) {
  const FlowLine line = ToFlowLine(SilverResult());
  EXPECT_EQ(line.state, FlowState::kCompleted);
  EXPECT_EQ(line.rule_failures, 13);
  EXPECT_EQ(line.ended_micros, 1'500'000);
}

TEST(ToFlowLineTest, ACompletedFlowThatReadNothingFoundNothingNew) {
  EXPECT_EQ(ToFlowLine(pipeline::FlowResult{}).state, FlowState::kIdle);
}

TEST(ToFlowLineTest, AFailureIsToldInOneLine) {
  pipeline::FlowResult result = SilverResult();
  result.outcome = pipeline::FlowOutcome::kFailed;
  result.error = Error(ErrorCode::kData, "division by zero\nat row 3");
  EXPECT_EQ(ToFlowLine(result).note, "division by zero");
}

TEST(SummaryJsonTest, HoldsWhatTheDocumentationSays) {
  pipeline::UpdateResult result;
  result.update_id = "u";
  result.files_set_aside = 1;
  result.warnings = {"w"};
  result.flows = {SilverResult()};
  const auto json = nlohmann::json::parse(SummaryJson(result, {"remark"}));
  EXPECT_EQ(json["type"], "summary");
  EXPECT_EQ(json["state"], "COMPLETED");
  EXPECT_EQ(json["warnings"], (std::vector<std::string>{"w", "remark"}));
  const auto& flow = json["flows"][0];
  EXPECT_EQ(flow["outcome"], "completed");
  EXPECT_EQ(flow["rows_dropped"], 10);
  EXPECT_EQ(flow["version"], 7);
  EXPECT_EQ(flow["expectations"][1],
            (nlohmann::json{{"name", "valid_price"}, {"passed", 95}, {"failed", 5}}));
}

class UpdateReporterTest : public ::testing::Test {
 protected:
  static pipeline::Event Progress(pipeline::FlowStatus status) {
    pipeline::Event event;
    event.origin.flow_name = "retail.dlt.silver";
    event.details = pipeline::FlowProgress{.status = status};
    return event;
  }

  std::ostringstream out_;
  std::ostringstream err_;
  Console console_{out_, err_, Terminal{}, Terminal{}};
  ManualClock clock_{0};
  Random random_{1};
  CancellationToken cancellation_;
  Runtime runtime_{
      console_, clock_, random_, cancellation_, [](std::string_view) { return std::nullopt; },
      "",       ""};
};

TEST_F(UpdateReporterTest, APipeGetsOneLinePerChangeOfState) {
  UpdateReporter reporter(runtime_, false);
  reporter.OnEvent(Progress(pipeline::FlowStatus::kStarting));
  reporter.OnEvent(Progress(pipeline::FlowStatus::kRunning));
  pipeline::Event batch = Progress(pipeline::FlowStatus::kRunning);
  std::get<pipeline::FlowProgress>(batch.details).metrics =
      pipeline::FlowMetrics{.num_output_rows = 9, .num_input_rows = 10, .num_input_files = 2};
  reporter.OnEvent(batch);
  clock_.Advance(std::chrono::seconds(2));
  reporter.OnEvent(Progress(pipeline::FlowStatus::kCompleted));
  EXPECT_EQ(
      err_.str(),
      "silver: running\n"
      "silver: completed, 2 files, 10 rows read, 9 written, 0 dropped, 0 rule failures, 2.00 s\n");
  EXPECT_EQ(out_.str(), "");
}

TEST_F(UpdateReporterTest, JsonEventsGoToStandardOutputAndWarningsBesideThem) {
  UpdateReporter reporter(runtime_, true);
  pipeline::Event event = Progress(pipeline::FlowStatus::kRunning);
  event.level = pipeline::EventLevel::kWarn;
  event.message = "File set aside: a.csv";
  reporter.OnEvent(event);
  reporter.Finish({});
  std::istringstream lines(out_.str());
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(nlohmann::json::parse(line)["event_type"], "flow_progress");
  std::getline(lines, line);
  EXPECT_EQ(nlohmann::json::parse(line)["warnings"][0], "File set aside: a.csv");
  EXPECT_EQ(err_.str(), "warning: File set aside: a.csv\n");
}

TEST_F(UpdateReporterTest, UpToDateAndNotRunAreDifferentWords) {
  UpdateReporter reporter(runtime_, false);
  reporter.OnEvent(Progress(pipeline::FlowStatus::kStarting));
  pipeline::Event up_to_date = Progress(pipeline::FlowStatus::kSkipped);
  std::get<pipeline::FlowProgress>(up_to_date.details).reason = "no input changed";
  reporter.OnEvent(up_to_date);
  pipeline::Event not_run = Progress(pipeline::FlowStatus::kSkipped);
  not_run.origin.flow_name = "retail.dlt.gold";
  std::get<pipeline::FlowProgress>(not_run.details).reason = "'silver' failed";
  reporter.OnEvent(not_run);
  EXPECT_EQ(err_.str(),
            "silver: running\n"
            "silver: nothing new, no input changed\n"
            "gold: not run, 'silver' failed\n");
}

TEST_F(UpdateReporterTest, TheLastLineCountsFilesSetAsideInYellow) {
  console_.out_terminal.color = true;
  UpdateReporter reporter(runtime_, false);
  pipeline::UpdateResult result;
  result.files_set_aside = 2;
  result.seconds = 1;
  reporter.Finish(result);
  EXPECT_THAT(
      out_.str(),
      ::testing::EndsWith("update \x1b[33mcompleted with 2 files set aside\x1b[0m in 1.00 s\n"));
}

TEST_F(UpdateReporterTest, TheSummaryNamesTheOutcomeAndTheErrors) {
  UpdateReporter reporter(runtime_, false);
  pipeline::UpdateResult result;
  result.state = pipeline::UpdateState::kFailed;
  result.flows = {SilverResult()};
  result.flows[0].outcome = pipeline::FlowOutcome::kFailed;
  result.flows[0].error = Error(ErrorCode::kData, "rule broken");
  reporter.Finish(result);
  EXPECT_THAT(out_.str(), HasSubstr("update failed"));
  EXPECT_THAT(err_.str(), HasSubstr("flow `retail.dlt.silver`: rule broken"));
  EXPECT_THAT(out_.str() + err_.str(), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace medallion::cli
