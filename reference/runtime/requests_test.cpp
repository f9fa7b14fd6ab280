#include "reference/runtime/test_host.hpp"

#include <atomic>

namespace ffi_cts::testing {
namespace {

TEST(Requests, AnEchoComesBackFromTheLoopWithTheNameThatTheConstructorWasGiven) {
  const TestContext context("Ada");
  const Heard reply = context.ask(probe::echo_cbor, echo("hello"));
  EXPECT_EQ(reply.ret, RET_OK);
  EXPECT_EQ(reply.text, echoed("hello", "Ada"));
  EXPECT_NE(reply.thread, std::this_thread::get_id());
}

TEST(Requests, TheConstructorCallsBackOnceWithItsHandleAsText) {
  TestContext context;
  void* const handle = context.handle;
  EXPECT_EQ(context.destroy(), RET_OK);
  ASSERT_EQ(context.constructed.count(), 1U);
  EXPECT_EQ(context.constructed.wait().text, cbor_of(std::to_string(reinterpret_cast<std::uintptr_t>(handle))));
}

TEST(Requests, WithoutACallbackNothingHappens) {
  const TestContext context;
  Recorder listener;
  context.listen("", listener);
  const std::string request = emit("x", 1);
  EXPECT_EQ(probe::emit_cbor(context.handle, nullptr, nullptr, bytes(request), request.size()), RET_MISSING_CALLBACK);
  EXPECT_EQ(probe::add_event_listener(context.handle, "tick", nullptr, nullptr), 0U);
  EXPECT_EQ(probe::create_cbor(bytes(request), request.size(), nullptr, nullptr), nullptr);
  context.ask(probe::echo_cbor, echo("x"));
  EXPECT_EQ(listener.count(), 0U);
}

TEST(Requests, ARefusedConstructorReturnsNullAndCallsBackOnceInline) {
  for (const std::string& request : {std::string(), std::string("\xa0"), std::string("\xff"), std::string("\xa1")}) {
    Recorder constructed;
    EXPECT_EQ(probe::create_cbor(bytes(request), request.size(), Recorder::callback, &constructed), nullptr);
    ASSERT_EQ(constructed.count(), 1U);
    EXPECT_EQ(constructed.wait().ret, RET_ERR);
    EXPECT_FALSE(constructed.wait().text.empty());
  }
  Recorder constructed;
  EXPECT_EQ(probe::create_cbor(nullptr, 3, Recorder::callback, &constructed), nullptr);
  EXPECT_EQ(constructed.count(), 1U);
}

TEST(Requests, ANullRequestWithALengthIsRefusedInline) {
  const TestContext context;
  Recorder reply;
  EXPECT_NE(probe::echo_cbor(context.handle, Recorder::callback, &reply, nullptr, 1), RET_OK);
  ASSERT_EQ(reply.count(), 1U);
  EXPECT_EQ(reply.wait().thread, std::this_thread::get_id());
}

TEST(Requests, AMalformedRequestGetsOneErrorAndTheContextWorksOn) {
  TestContext context;
  Recorder replies;
  const std::vector<std::string> malformed = {
      "", "\xff", "\xa1", "\x80", "x", map({}), map({{"req", "text"}}), map({{"req", Fields{{"text", 1}, {"delayMs", 0}}}}),
      echo("x") + "x", std::string("\xbb\xff\xff\xff\xff\xff\xff\xff\xff", 9), std::string("\xa1\x61\x78") + std::string(100'000, '\x81'),
      "\xa1\x63req\xa2\x64text\x7b\x7f\xff\xff\xff\xff\xff\xff\xff"};
  for (const auto& request : malformed) context.submit(probe::echo_cbor, request, replies);
  EXPECT_EQ(context.ask(probe::echo_cbor, echo("still here")).text, echoed("still here"));
  EXPECT_EQ(context.destroy(), RET_OK);
  ASSERT_EQ(replies.count(), malformed.size());
  for (const auto& reply : replies.heard()) {
    EXPECT_EQ(reply.ret, RET_ERR);
    EXPECT_FALSE(reply.text.empty());
  }
}

TEST(Requests, EarlyRequestsWaitForTheConstructorAndRunInOrder) {
  Recorder constructed, replies;
  void* const handle = create(constructed, {{"name", "slow"}, {"delayMs", 30}});
  for (int i = 0; i < 100; ++i) {
    const std::string request = echo(std::to_string(i));
    EXPECT_EQ(probe::echo_cbor(handle, Recorder::callback, &replies, bytes(request), request.size()), RET_OK);
  }
  const auto heard = replies.wait_for(100);
  EXPECT_EQ(constructed.count(), 1U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(heard[static_cast<std::size_t>(i)].text, echoed(std::to_string(i), "slow"));
  EXPECT_EQ(probe::destroy(handle), RET_OK);
}

TEST(Requests, AFailedConstructorLeavesAHandleThatOnlyDestroyTakes) {
  Recorder constructed, early;
  void* const handle = create(constructed, {{"name", "bad"}, {"delayMs", 10}, {"fail", "no luck"}});
  ASSERT_NE(handle, nullptr);
  const std::string request = echo("x");
  EXPECT_EQ(probe::echo_cbor(handle, Recorder::callback, &early, bytes(request), request.size()), RET_OK);
  EXPECT_EQ(constructed.wait().ret, RET_ERR);
  EXPECT_EQ(constructed.wait().text, "no luck");
  EXPECT_EQ(early.wait().ret, RET_ERR);
  Recorder late;
  EXPECT_NE(probe::echo_cbor(handle, Recorder::callback, &late, bytes(request), request.size()), RET_OK);
  EXPECT_EQ(late.count(), 1U);
  EXPECT_EQ(probe::add_event_listener(handle, "tick", Recorder::callback, &late), 0U);
  EXPECT_NE(probe::register_host_fn(handle, "fetch", [](auto...) {}, nullptr), RET_OK);
  EXPECT_EQ(probe::host_complete(handle, 1, RET_OK, "x", 1), RET_OK);
  EXPECT_EQ(probe::destroy(handle), RET_OK);
  EXPECT_EQ(constructed.count(), 1U);
}

TEST(Requests, AFailureArrivesWithItsTextAndAnEmptyTextIsMadeUpFor) {
  const TestContext context;
  const Heard failure = context.ask(probe::fail_cbor, map({{"text", "as asked"}}));
  EXPECT_EQ(failure.ret, RET_ERR);
  EXPECT_EQ(failure.text, "as asked");
  const std::string with_nul("one\0two", 7);
  EXPECT_EQ(context.ask(probe::fail_cbor, map({{"text", with_nul}})).text, with_nul);
  EXPECT_EQ(context.ask(probe::fail_cbor, map({{"text", ""}})).text, "unknown error");
}

TEST(Requests, NoValueIsOneNull) {
  const TestContext context;
  EXPECT_EQ(context.ask(probe::empty_cbor, map({})).text, "\xf6");
}

TEST(Requests, ProgressComesBeforeTheAnswer) {
  const TestContext context;
  Recorder replies;
  context.submit(probe::progress_cbor, map({{"text", "on"}, {"count", 3}}), replies);
  const auto heard = replies.wait_for(4);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(heard[i].ret, RET_STALE_WARN);
  EXPECT_EQ(heard[3].ret, RET_OK);
  EXPECT_EQ(heard[3].text, map({{"text", "on"}}));
}

TEST(Requests, PayloadsOfAllSizesRoundTrip) {
  const TestContext context;
  for (const std::size_t size : {0U, 1U, 23U, 24U, 255U, 256U, 65535U, 65536U, 1U << 20, 16U << 20}) {
    const std::string text(size, 'x');
    EXPECT_EQ(context.ask(probe::echo_cbor, echo(text)).text, echoed(text)) << size;
  }
}

TEST(Requests, ASlowOneDoesNotHoldBackOthersAndSubmittingDoesNotWaitForAParkedLoop) {
  TestContext context;
  Gate gate;
  Recorder slow, parked([&](const Heard&) { gate.wait(); }), replies;
  context.submit(probe::echo_cbor, echo("slow", 1'000'000), slow);
  context.submit(probe::echo_cbor, echo("parks"), parked);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(context.submit(probe::echo_cbor, echo("x"), replies), RET_OK);
  gate.open();
  replies.wait_for(1000);
  EXPECT_EQ(slow.count(), 0U);
  EXPECT_EQ(context.destroy(), RET_OK);
  EXPECT_EQ(slow.count(), 1U);
}

// Submits itself again from its own callback.
struct Chain {
  void* context;
  int left;
  std::uintptr_t lowest = ~std::uintptr_t{0}, highest = 0;
  Gate done{};

  static void callback(int ret, const char*, std::size_t, void* user_data) {
    auto& chain = *static_cast<Chain*>(user_data);
    const char here = 0;
    chain.lowest = std::min(chain.lowest, reinterpret_cast<std::uintptr_t>(&here));
    chain.highest = std::max(chain.highest, reinterpret_cast<std::uintptr_t>(&here));
    if (ret != RET_OK || --chain.left == 0) return chain.done.open();
    static const std::string request = map({});
    probe::empty_cbor(chain.context, callback, user_data, bytes(request), request.size());
  }
};

TEST(Requests, AHundredThousandSubmissionsFromCallbacksDoNotGrowTheStack) {
  const TestContext context;
  Chain chain{context.handle, 100'000};
  const std::string request = map({});
  probe::empty_cbor(context.handle, Chain::callback, &chain, bytes(request), request.size());
  chain.done.wait();
  EXPECT_EQ(chain.left, 0);
  EXPECT_LT(chain.highest - chain.lowest, 64'000U);
}

}  // namespace
}  // namespace ffi_cts::testing
