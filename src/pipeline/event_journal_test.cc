#include "event_journal.h"

#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "base/testing.h"

namespace medallion::pipeline {
namespace {

using medallion::testing::HasValue;
using medallion::testing::IsOk;

class EventJournalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fmt::format("{}medallion_event_journal_test_{}", ::testing::TempDir(), ::getpid());
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<EventJournal> Start(const std::string& update) {
    return *EventJournal::Create(folder_, update);
  }

  static Event MakeEvent(std::string message) {
    Event event;
    event.message = std::move(message);
    event.details = UserAction{};
    return event;
  }

  std::string folder_;
};

TEST_F(EventJournalTest, JournalOfADeadUpdateIsFoundWithItsEvents) {
  {
    auto journal = Start("u-1");
    journal->OnEvent(MakeEvent("one"));
    journal->OnEvent(MakeEvent("two"));
  }
  const auto found = FindOpenJournals(folder_);
  ASSERT_THAT(found, IsOk());
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->at(0).update_id, "u-1");
  ASSERT_EQ(found->at(0).lines.size(), 2U);
  EXPECT_EQ(found->at(0).lines[1], ToJson(MakeEvent("two")));
}

TEST_F(EventJournalTest, LineCutByACrashIsLeftOut) {
  Start("u-1")->OnEvent(MakeEvent("whole"));
  std::ofstream(folder_ + "/u-1.jsonl", std::ios::app) << "{\"id\":\"cu";
  EXPECT_EQ(FindOpenJournals(folder_)->at(0).lines.size(), 1U);
}

TEST_F(EventJournalTest, ClosedJournalsAreDone) {
  auto journal = Start("u-1");
  journal->OnEvent(MakeEvent("one"));
  ASSERT_THAT(journal->Close(), IsOk());
  EXPECT_THAT(FindOpenJournals(folder_), HasValue(::testing::IsEmpty()));
}

TEST_F(EventJournalTest, ClosingAfterACutLineWorks) {
  Start("u-1")->OnEvent(MakeEvent("whole"));
  std::ofstream(folder_ + "/u-1.jsonl", std::ios::app) << "{\"id\":\"cu";
  ASSERT_THAT(CloseJournal(FindOpenJournals(folder_)->at(0)), IsOk());
  EXPECT_THAT(FindOpenJournals(folder_), HasValue(::testing::IsEmpty()));
}

TEST_F(EventJournalTest, JournalOfARunningUpdateIsLeftAlone) {
  const auto journal = Start("u-1");
  journal->OnEvent(MakeEvent("one"));
  EXPECT_THAT(FindOpenJournals(folder_), HasValue(::testing::IsEmpty()));
}

TEST_F(EventJournalTest, LinesThatAreNoEventsAreLeftOut) {
  Start("u-1")->OnEvent(MakeEvent("whole"));
  std::ofstream(folder_ + "/u-1.jsonl", std::ios::app) << "{\"closed\":true}\nnot json\nnull\n";
  Start("u-2");
  const auto found = FindOpenJournals(folder_);
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ(found->at(0).lines.size(), 1U);
}

TEST_F(EventJournalTest, AbsentFolderHasNone) {
  EXPECT_THAT(FindOpenJournals(folder_ + "/nothing"), HasValue(::testing::IsEmpty()));
}

TEST_F(EventJournalTest, KeepsTheNewestJournals) {
  for (size_t i = 0; i < EventJournal::kJournalsKept + 5; ++i) {
    ASSERT_THAT(Start("u-" + std::to_string(i))->Close(), IsOk());
  }
  const auto journals = std::filesystem::directory_iterator(folder_);
  EXPECT_EQ(static_cast<size_t>(std::distance(begin(journals), end(journals))),
            EventJournal::kJournalsKept);
}

}  // namespace
}  // namespace medallion::pipeline
