#include "reference/runtime/test_host.hpp"

#include <atomic>

namespace ffi_cts::testing {
namespace {

TEST(Events, AnEventReachesItsListenersInOrderThenTheWildcards) {
  const TestContext context;
  std::vector<int> order;  // the loop's alone until the reply is here
  const auto note = [&](int who) { return Recorder([&order, who](const Heard&) { order.push_back(who); }); };
  Recorder wild1 = note(3), first = note(1), other = note(9), second = note(2), wild2 = note(4);
  for (auto [name, to] : std::initializer_list<std::pair<const char*, Recorder*>>{
           {nullptr, &wild1}, {"tick", &first}, {"tock", &other}, {"tick", &second}, {"", &wild2}}) {
    EXPECT_NE(context.listen(name, *to), 0U);
  }
  context.ask(probe::emit_cbor, emit("x", 2));
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3, 4, 1, 2, 3, 4}));
  EXPECT_EQ(second.heard()[1].text, event("tick", "x", 1));
  EXPECT_EQ(wild2.heard()[1].text, event("tick", "x", 1));
}

TEST(Events, IdsGrowAndAStaleOneRemovesNobody) {
  const TestContext a, b;
  Recorder to;
  const auto first = a.listen("tick", to), second = b.listen("tick", to);
  EXPECT_LT(first, second);
  EXPECT_NE(b.remove(first), RET_OK);
  EXPECT_EQ(a.remove(first), RET_OK);
  EXPECT_NE(a.remove(first), RET_OK);
  EXPECT_NE(a.remove(0), RET_OK);
  EXPECT_GT(a.listen("tick", to), second);
}

TEST(Events, AListenerAddedInsideACallbackHearsLaterEventsAndNotThisOne) {
  const TestContext context;
  Recorder added;
  bool once = false;
  Recorder adder([&](const Heard&) {
    if (std::exchange(once, true)) return;
    EXPECT_NE(context.listen("tick", added), 0U);
  });
  context.listen("tick", adder);
  context.ask(probe::emit_cbor, emit("x", 3));
  ASSERT_EQ(added.count(), 2U);
  EXPECT_EQ(added.heard()[0].text, event("tick", "x", 1));
}

TEST(Events, AListenerRemovedInsideACallbackStillHearsThisEventOnce) {
  const TestContext context;
  std::uint64_t self_id = 0, neighbour_id = 0;
  Recorder neighbour, self([&](const Heard&) {
    context.remove(self_id);
    context.remove(neighbour_id);
  });
  self_id = context.listen("tick", self);
  neighbour_id = context.listen("tick", neighbour);
  context.ask(probe::emit_cbor, emit("x", 3));
  EXPECT_EQ(self.count(), 1U);
  EXPECT_EQ(neighbour.count(), 1U);
}

TEST(Events, RemoveOutsideCallbacksReturnsOnlyAfterTheListenerLeft) {
  const TestContext context;
  Gate entered, go;
  std::atomic<bool> left{false};
  Recorder listener([&](const Heard&) {
    entered.open();
    go.wait();
    left = true;
  });
  Recorder reply;
  const auto id = context.listen("tick", listener);
  context.submit(probe::emit_cbor, emit("x", 2), reply);
  entered.wait();
  std::thread remover([&] {
    EXPECT_EQ(context.remove(id), RET_OK);
    EXPECT_TRUE(left);
  });
  go.open();
  remover.join();
  const std::size_t heard = listener.count();
  reply.wait();
  EXPECT_EQ(listener.count(), heard);
}

TEST(Events, RemovingAListenerThatIsNotRunningDoesNotWaitForOneThatIs) {
  const TestContext context;
  Gate entered, go;
  Recorder parked([&](const Heard&) {
    entered.open();
    go.wait();
  });
  Recorder next, reply;
  context.listen("tick", parked);
  const auto next_id = context.listen("tick", next);
  context.submit(probe::emit_cbor, emit("x", 1), reply);
  entered.wait();
  EXPECT_EQ(context.remove(next_id), RET_OK);  // hangs if it waits
  go.open();
  reply.wait();
  EXPECT_EQ(next.count(), 0U);
}

TEST(Events, RemoveInsideACallbackOfAnotherContextDoesNotWait) {
  const TestContext a, b;
  Gate entered, go;
  Recorder parked([&](const Heard&) {
    entered.open();
    go.wait();
  });
  Recorder event_reply;
  const auto id = a.listen("tick", parked);
  a.submit(probe::emit_cbor, emit("x", 1), event_reply);
  entered.wait();
  Recorder remover([&](const Heard&) { EXPECT_EQ(a.remove(id), RET_OK); });
  b.submit(probe::echo_cbor, echo("x"), remover);
  remover.wait();
  go.open();
  event_reply.wait();
}

TEST(Events, TenThousandListenersAndABurstOfTwentyThousandEventsLoseNothing) {
  const TestContext context;
  Recorder many, burst;
  std::vector<std::uint64_t> ids;
  for (int i = 0; i < 10'000; ++i) ids.push_back(context.listen("tick", many));
  context.ask(probe::emit_cbor, emit("x", 2));
  EXPECT_EQ(many.count(), 20'000U);
  for (const auto id : ids) ASSERT_EQ(context.remove(id), RET_OK);
  context.listen("", burst);
  context.ask(probe::emit_cbor, emit("x", 20'000));
  const auto heard = burst.heard();
  ASSERT_EQ(heard.size(), 20'000U);
  for (int i = 0; i < 20'000; ++i) ASSERT_EQ(heard[static_cast<std::size_t>(i)].text, event("tick", "x", i));
}

TEST(Events, WhatFailsWhileAnEventIsMadeReachesTheListeners) {
  const TestContext context;
  Recorder listener, wild;
  context.listen("tick", listener);
  context.listen("", wild);
  EXPECT_EQ(context.ask(probe::emit_fail_cbor, map({{"text", "broken"}})).ret, RET_OK);
  EXPECT_EQ(context.ask(probe::emit_fail_cbor, map({{"text", ""}})).ret, RET_OK);
  for (Recorder* const to : {&listener, &wild}) {
    ASSERT_EQ(to->count(), 2U);
    EXPECT_EQ(to->heard()[0].ret, RET_ERR);
    EXPECT_EQ(to->heard()[0].text, "broken");
    EXPECT_FALSE(to->heard()[1].text.empty());
  }
}

}  // namespace
}  // namespace ffi_cts::testing
