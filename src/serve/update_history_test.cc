#include "update_history.h"

#include <gmock/gmock.h>

namespace medallion::serve {
namespace {

// An event of the log; `details` is the member of its type.
Json Event(const std::string& type, Json details, const std::string& time,
           const std::string& flow = "") {
  Json event = {{"event_type", type},
                {"timestamp", "2026-05-01T09:00:" + time + "Z"},
                {"level", "INFO"},
                {"message", "said"},
                {"origin", {{"pipeline_name", "shop"}}},
                {"details", {{type, std::move(details)}}}};
  if (!flow.empty()) {
    event["origin"]["flow_name"] = flow;
    event["origin"]["dataset_name"] = "c.s." + flow;
  }
  return event;
}

Json Batch(int64_t read, int64_t written, int64_t dropped) {
  return {
      {"status", "RUNNING"},
      {"metrics", {{"num_input_rows", read}, {"num_output_rows", written}, {"num_input_files", 1}}},
      {"data_quality",
       {{"dropped_records", dropped},
        {"expectations",
         {{{"name", "r"},
           {"dataset", "c.s.f"},
           {"action", "ALLOW"},
           {"passed_records", read - 1},
           {"failed_records", 1}}}}}}};
}

TEST(ApplyEventTest, BatchesAddUp) {
  UpdateRecord record;
  ApplyEvent(Event("flow_progress", {{"status", "STARTING"}}, "01", "f"), record);
  ApplyEvent(Event("flow_progress", Batch(10, 9, 1), "02", "f"), record);
  ApplyEvent(Event("flow_progress", Batch(20, 18, 2), "03", "f"), record);
  const UpdateChange change =
      ApplyEvent(Event("flow_progress", {{"status", "COMPLETED"}}, "04", "f"), record);
  ASSERT_EQ(change.flow, 0U);
  const FlowRecord& flow = record.flows.front();
  EXPECT_EQ(flow.status, "COMPLETED");
  EXPECT_EQ(flow.batches, 2);
  EXPECT_EQ(flow.rows_read, 30);
  EXPECT_EQ(flow.rows_written, 27);
  EXPECT_EQ(flow.rows_dropped, 3);
  EXPECT_EQ(flow.input_files, 2);
  EXPECT_EQ(*flow.ended_micros - *flow.started_micros, 3'000'000);
  ASSERT_EQ(flow.rules.size(), 1U);
  EXPECT_EQ(flow.rules.front().action, "WARN");
  EXPECT_EQ(flow.rules.front().passed, 28);
  EXPECT_EQ(flow.rules.front().failed, 2);
}

TEST(ApplyEventTest, AFailureSaysWhereItsFlowIsDefined) {
  UpdateRecord record;
  ApplyEvent(Event("flow_definition",
                   {{"output_dataset", "c.s.f"},
                    {"flow_type", "APPEND"},
                    {"source_file", "sql/a.sql"},
                    {"source_line", 7}},
                   "01", "f"),
             record);
  Json failed = Event("flow_progress", {{"status", "FAILED"}}, "02", "f");
  failed["level"] = "ERROR";
  failed["message"] = "Flow 'f' failed: division by zero";
  failed["error"] = {{"exceptions", {{{"class_name", "DIVIDE_BY_ZERO"}, {"message", "…"}}}}};
  ApplyEvent(failed, record);
  const Json flow = ToJson(record.flows.front());
  EXPECT_EQ(flow["error"]["code"], "DIVIDE_BY_ZERO");
  EXPECT_EQ(flow["error"]["file"], "sql/a.sql");
  EXPECT_EQ(flow["error"]["line"], 7);
  EXPECT_EQ(ToJson(record)["error"], "Flow 'f' failed: division by zero");
  EXPECT_EQ(ToJson(record)["flows_failed"], 1);
}

TEST(ApplyEventTest, AnUpdateThatCannotBeginSaysWhatWasFound) {
  UpdateRecord record;
  Json failed = Event("update_progress", {{"state", "FAILED"}}, "01");
  failed["level"] = "ERROR";
  failed["message"] = "Update u is FAILED.";
  failed["error"] = {
      {"exceptions",
       {{{"class_name", "PATH_NOT_FOUND"},
         {"message", "error[PATH_NOT_FOUND]: no such folder: /x\n --> a.sql:1:2\n"}}}}};
  ApplyEvent(failed, record);
  EXPECT_EQ(record.error, "no such folder: /x");
}

TEST(ApplyEventTest, WhatRanWhenTheUpdateEndedIsStopped) {
  UpdateRecord record;
  ApplyEvent(Event("flow_progress", {{"status", "RUNNING"}}, "01", "f"), record);
  ApplyEvent(Event("update_progress", {{"state", "CANCELED"}}, "02"), record);
  EXPECT_TRUE(record.ended());
  EXPECT_EQ(record.flows.front().status, "STOPPED");
}

TEST(ApplyEventTest, TemporaryViewsAreNoWork) {
  UpdateRecord record;
  ApplyEvent(Event("flow_definition", {{"flow_type", "VIEW"}}, "01", "v"), record);
  ApplyEvent(Event("flow_definition", {{"flow_type", "COMPLETE"}}, "01", "f"), record);
  EXPECT_EQ(ToJson(record)["flows_total"], 1);
  EXPECT_EQ(ToDetailJson(record)["flows"].size(), 1U);
}

TEST(ApplyEventTest, StrangeEventsDoNoHarm) {
  UpdateRecord record;
  for (const Json& event :
       {Json::object(), Json{{"event_type", 5}}, Json{{"event_type", "flow_progress"}},
        Json{{"event_type", "create_update"}, {"details", Json::array()}},
        Json{{"event_type", "flow_progress"}, {"details", {{"flow_progress", "x"}}}}}) {
    ApplyEvent(event, record);
  }
  EXPECT_FALSE(record.ended());
}

TEST(UpdateHistoryTest, TheNewestComesFirst) {
  UpdateHistory history;
  history.Put({.id = "a", .started_micros = 1, .ended_micros = 2});
  history.Put({.id = "b", .started_micros = 3});
  const uint64_t revision = history.revision();
  ASSERT_EQ(history.All().size(), 2U);
  EXPECT_EQ(history.All().front()->id, "b");
  EXPECT_EQ(history.Running()->id, "b");
  history.Put({.id = "b", .started_micros = 3, .ended_micros = 4});
  EXPECT_EQ(history.Running(), nullptr);
  EXPECT_GT(history.revision(), revision);
}

TEST(UpdateHistoryTest, APlaceholderNeverReplacesWhatIsKnown) {
  UpdateHistory history;
  EXPECT_TRUE(history.PutNew({.id = "a", .state = "QUEUED"}));
  history.Put({.id = "a", .state = "COMPLETED"});
  EXPECT_FALSE(history.PutNew({.id = "a", .state = "QUEUED"}));
  EXPECT_EQ(history.Find("a")->state, "COMPLETED");
}

}  // namespace
}  // namespace medallion::serve
