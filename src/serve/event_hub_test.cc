#include "event_hub.h"

#include <gmock/gmock.h>

namespace medallion::serve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void Ignore() {}

// What a stream gets now, after its greeting.
std::string Take(EventSubscription& stream) { return stream.Take(Ignore); }

TEST(EventHubTest, AStreamGetsWhatIsPublishedAfterItBegan) {
  EventHub hub("e");
  hub.Publish("update", "{\"n\":1}");
  const auto stream = hub.Subscribe("");
  EXPECT_THAT(Take(*stream), HasSubstr("event: hello\n"));
  hub.Publish("update", "{\"n\":2}");
  EXPECT_EQ(Take(*stream), "id: e-2\nevent: update\ndata: {\"n\":2}\n\n");
  EXPECT_EQ(Take(*stream), "");
}

TEST(EventHubTest, AStreamResumesAfterTheLastMessageItHad) {
  EventHub hub("e");
  for (int i = 1; i <= 3; ++i) {
    hub.Publish("flow", std::to_string(i));
  }
  const std::string text = Take(*hub.Subscribe("e-1"));
  EXPECT_THAT(text, Not(HasSubstr("data: 1\n")));
  EXPECT_THAT(text, HasSubstr("data: 2\n"));
  EXPECT_THAT(text, HasSubstr("data: 3\n"));
  EXPECT_THAT(text, Not(HasSubstr("reset")));
}

TEST(EventHubTest, AStreamOfAnEarlierServerIsTold) {
  EventHub hub("new");
  hub.Publish("flow", "1");
  const auto stream = hub.Subscribe("old-7");
  EXPECT_THAT(Take(*stream), HasSubstr("id: new-1\nevent: reset\n"));
  EXPECT_EQ(Take(*stream), "");
}

TEST(EventHubTest, AnIdFromTheFutureOrNoneOfOursIsTold) {
  EventHub hub("e");
  for (const char* id : {"e-9", "e-", "e-1x", "nonsense"}) {
    EXPECT_THAT(Take(*hub.Subscribe(id)), HasSubstr("event: reset\n")) << id;
  }
}

TEST(EventHubTest, AStreamThatMissedTooMuchIsTold) {
  EventHub hub("e");
  const auto stream = hub.Subscribe("");
  Take(*stream);
  for (size_t i = 0; i <= EventHub::kMessagesKept; ++i) {
    hub.Publish("flow", "1");
  }
  EXPECT_THAT(Take(*stream), HasSubstr("event: reset\n"));
  hub.Publish("flow", "after");
  EXPECT_THAT(Take(*stream), HasSubstr("data: after\n"));
}

TEST(EventHubTest, WhoeverWaitsIsWokenOnce) {
  EventHub hub("e");
  const auto stream = hub.Subscribe("");
  Take(*stream);
  int woken = 0;
  EXPECT_EQ(stream->Take([&woken] { ++woken; }), "");
  hub.Publish("flow", "1");
  hub.Publish("flow", "2");
  EXPECT_EQ(woken, 1);
}

TEST(EventHubTest, StreamsAreLimitedAndMakeRoomWhenTheyEnd) {
  EventHub hub("e");
  std::vector<std::shared_ptr<EventSubscription>> streams;
  for (size_t i = 0; i < EventHub::kSubscriptionsMax; ++i) {
    streams.push_back(hub.Subscribe(""));
  }
  EXPECT_EQ(hub.Subscribe(""), nullptr);
  streams.pop_back();
  EXPECT_NE(hub.Subscribe(""), nullptr);
}

TEST(EventHubTest, ClosingEndsEveryStream) {
  EventHub hub("e");
  const auto stream = hub.Subscribe("");
  Take(*stream);
  int woken = 0;
  stream->Take([&woken] { ++woken; });
  hub.Close();
  EXPECT_EQ(woken, 1);
  EXPECT_TRUE(stream->closed());
  EXPECT_EQ(hub.Subscribe(""), nullptr);
}

}  // namespace
}  // namespace medallion::serve
