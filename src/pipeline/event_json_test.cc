#include <nlohmann/json.hpp>

#include "base/testing.h"
#include "event_stream.h"

namespace medallion::pipeline {
namespace {

using nlohmann::json;

class CollectingSink final : public EventSink {
 public:
  void OnEvent(const Event& event) override { events.push_back(event); }
  std::vector<Event> events;
};

class EventStreamTest : public ::testing::Test {
 protected:
  static EventOrigin Base() {
    EventOrigin origin;
    origin.pipeline_id = "p-id";
    origin.pipeline_name = "retail";
    origin.update_id = "u-1";
    return origin;
  }

  ManualClock clock_{1'767'225'600'000'001};  // 2026-01-01T00:00:00.000001Z
  CollectingSink sink_;
  EventStream stream_{Base(), clock_, {&sink_}};
};

// The JSON paths of the published event log: reference of the pipeline event log, "flow_progress".
TEST_F(EventStreamTest, FlowProgressHasThePublishedPaths) {
  Event event;
  event.origin.flow_name = "silver";
  event.origin.dataset_name = "c.s.silver";
  event.message = "Completed a batch.";
  FlowProgress progress;
  progress.status = FlowStatus::kRunning;
  progress.metrics = FlowMetrics{.num_output_rows = 8, .num_output_bytes = 100, .backlog_files = 2};
  progress.data_quality =
      DataQuality{.dropped_records = 2,
                  .expectations = {{"valid_price", "c.s.silver", 8, 2, 1, RuleAction::kDropRow}}};
  event.details = progress;
  stream_.Emit(event);

  const json line = json::parse(ToJson(sink_.events.at(0)));
  EXPECT_EQ(line, json::parse(R"({
    "id": ")" + sink_.events.at(0).id +
                              R"(",
    "sequence": {"data_plane_id": {"instance": "u-1", "seq_no": 0}},
    "origin": {"pipeline_id": "p-id", "pipeline_name": "retail", "pipeline_type": "WORKSPACE", "update_id": "u-1",
               "flow_name": "silver", "dataset_name": "c.s.silver"},
    "timestamp": "2026-01-01T00:00:00.000001Z",
    "message": "Completed a batch.",
    "level": "INFO",
    "maturity_level": "STABLE",
    "event_type": "flow_progress",
    "details": {"flow_progress": {
      "status": "RUNNING",
      "metrics": {"num_output_rows": 8, "num_output_bytes": 100, "backlog_files": 2},
      "data_quality": {"dropped_records": 2, "expectations": [
        {"name": "valid_price", "dataset": "c.s.silver", "passed_records": 8, "failed_records": 2,
         "failed_null_records": 1, "action": "DROP"}]}}}
  })"));
}

TEST_F(EventStreamTest, EachTypeNestsItsDetailsUnderItsName) {
  const std::vector<EventDetails> all = {CreateUpdate{},     UserAction{},        UpdateProgress{},
                                         FlowDefinition{},   DatasetDefinition{}, FlowProgress{},
                                         OperationProgress{}};
  for (const EventDetails& details : all) {
    Event event;
    event.details = details;
    const json line = json::parse(ToJson(event));
    EXPECT_EQ(line.at("details").size(), 1U);
    EXPECT_TRUE(line.at("details").contains(line.at("event_type").get<std::string>()));
  }
}

TEST_F(EventStreamTest, ErrorNamesItsConditionAndMessage) {
  Event event;
  event.level = EventLevel::kError;
  event.error = EventError{true, {{"DIVIDE_BY_ZERO", "division by zero"}}};
  event.details = FlowProgress{FlowStatus::kFailed, {}, {}, {}};
  const json line = json::parse(ToJson(event));
  EXPECT_EQ(line.at("error"), json::parse(R"({"fatal": true, "exceptions": [
      {"class_name": "DIVIDE_BY_ZERO", "message": "division by zero", "stack": []}]})"));
  EXPECT_EQ(line.at("level"), "ERROR");
}

TEST_F(EventStreamTest, BytesThatAreNotUtf8BecomeReplacementCharacters) {
  Event event;
  event.message = "bad \xFF byte";
  event.details = UserAction{};
  EXPECT_EQ(json::parse(ToJson(event)).at("message"), "bad \xEF\xBF\xBD byte");
}

TEST_F(EventStreamTest, SequenceRisesByOne) {
  for (int i = 0; i < 3; ++i) {
    stream_.Emit({.details = UserAction{}});
  }
  EXPECT_EQ(sink_.events.at(0).sequence, 0);
  EXPECT_EQ(sink_.events.at(2).sequence, 2);
}

TEST_F(EventStreamTest, SameBatchGivesTheSameIdAndOthersDiffer) {
  Event told_again;
  told_again.origin.update_id = "u-0";  // the update that died
  told_again.details = FlowProgress{};
  stream_.Emit(told_again, "flow/bronze/7");
  stream_.Emit(told_again, "flow/bronze/7");
  stream_.Emit(told_again, "flow/bronze/8");
  stream_.Emit({.details = FlowProgress{}}, "flow/bronze/7");
  EXPECT_EQ(sink_.events[0].id, sink_.events[1].id);
  EXPECT_EQ(sink_.events[0].id, EventId("u-0", "flow/bronze/7"));
  EXPECT_NE(sink_.events[0].id, sink_.events[2].id);
  EXPECT_NE(sink_.events[0].id, sink_.events[3].id);
}

}  // namespace
}  // namespace medallion::pipeline
