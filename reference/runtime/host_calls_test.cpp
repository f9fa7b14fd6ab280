#include "reference/runtime/test_host.hpp"

#include <algorithm>

namespace ffi_cts::testing {
namespace {

// A host function that leaves its calls open, for the test to answer.
class OpenCalls {
 public:
  struct Call {
    std::uint64_t id;
    std::string request;
  };
  static void fn(std::uint64_t id, const char* req, std::size_t len, void* user_data) {
    ASSERT_NE(req, nullptr);
    auto& self = *static_cast<OpenCalls*>(user_data);
    const std::lock_guard lock(self.mutex_);
    self.calls_.push_back({id, std::string(req, len)});
    self.changed_.notify_all();
  }
  std::vector<Call> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, backstop, [&] { return calls_.size() >= count; })) throw std::runtime_error("no call");
    return calls_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Call> calls_;
};

int complete(const TestContext& context, std::uint64_t id, const std::string& text, int ret = RET_OK) {
  return probe::host_complete(context.handle, id, ret, text.data(), text.size());
}
std::string key(std::string text) { return map({{"key", std::move(text)}}); }
std::string answer(std::string text) { return map({{"answer", std::move(text)}}); }

TEST(HostCalls, CompletionsInAnyOrderFromAnyThreadResolveTheirOwnCalls) {
  const TestContext context;
  OpenCalls calls;
  ASSERT_EQ(probe::register_host_fn(context.handle, "fetch", OpenCalls::fn, &calls), RET_OK);
  std::vector<std::unique_ptr<Recorder>> replies;
  for (int i = 0; i < 50; ++i) {
    replies.push_back(std::make_unique<Recorder>());
    context.submit(probe::call_host_cbor, key(std::to_string(i)), *replies.back());
  }
  auto open = calls.wait_for(50);
  EXPECT_TRUE(std::ranges::is_sorted(open, {}, &OpenCalls::Call::id));
  EXPECT_NE(open.front().id, 0U);
  EXPECT_EQ(context.ask(probe::echo_cbor, echo("meanwhile")).text, echoed("meanwhile"));
  std::ranges::reverse(open);
  std::thread([&] {
    for (const auto& call : open) EXPECT_EQ(complete(context, call.id, "for " + call.request), RET_OK);
  }).join();
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(replies[static_cast<std::size_t>(i)]->wait().text, answer("for " + std::to_string(i)));
  }
}

TEST(HostCalls, ErrorsOfTheHostArriveAsErrorsWithTheirText) {
  const TestContext context;
  OpenCalls calls;
  probe::register_host_fn(context.handle, "fetch", OpenCalls::fn, &calls);
  std::size_t count = 0;
  const auto outcome = [&](int ret, const std::string& text) {
    Recorder reply;
    context.submit(probe::call_host_cbor, key(""), reply);
    const auto call = calls.wait_for(++count).back();
    EXPECT_EQ(call.request, "");
    complete(context, call.id, text, ret);
    return reply.wait();
  };
  EXPECT_EQ(outcome(RET_ERR, "no token").text, "no token");
  EXPECT_EQ(outcome(RET_MISSING_CALLBACK, "two").ret, RET_ERR);
  EXPECT_EQ(outcome(RET_STALE_WARN, "three").ret, RET_ERR);
  EXPECT_FALSE(outcome(RET_ERR, "").text.empty());
  EXPECT_EQ(outcome(RET_OK, "").text, answer(""));
}

TEST(HostCalls, WhatIsNotRegisteredIsNamedInTheError) {
  const TestContext context;
  OpenCalls calls;
  const Heard never = context.ask(probe::call_host_cbor, key("x"));
  EXPECT_EQ(never.ret, RET_ERR);
  EXPECT_NE(never.text.find("fetch"), std::string::npos);
  EXPECT_EQ(probe::register_host_fn(context.handle, "fetch", OpenCalls::fn, &calls), RET_OK);
  EXPECT_EQ(probe::register_host_fn(context.handle, "fetch", nullptr, nullptr), 1);
  EXPECT_EQ(context.ask(probe::call_host_cbor, key("x")).ret, RET_ERR);
  EXPECT_NE(probe::register_host_fn(context.handle, nullptr, OpenCalls::fn, &calls), RET_OK);
  EXPECT_NE(probe::register_host_fn(context.handle, "", OpenCalls::fn, &calls), RET_OK);
  EXPECT_EQ(probe::register_host_fn(context.handle, std::string(65536, '\xff').c_str(), OpenCalls::fn, &calls), RET_OK);
}

TEST(HostCalls, RefusedUnknownAndRepeatedCompletionsChangeNothing) {
  const TestContext context;
  OpenCalls calls, replacement;
  probe::register_host_fn(context.handle, "fetch", OpenCalls::fn, &calls);
  Recorder reply;
  context.submit(probe::call_host_cbor, key("x"), reply);
  const auto id = calls.wait_for(1).front().id;
  probe::register_host_fn(context.handle, "fetch", OpenCalls::fn, &replacement);
  EXPECT_NE(probe::host_complete(context.handle, id, RET_OK, nullptr, 1), RET_OK);
  EXPECT_EQ(complete(context, id + 1000, "unknown"), RET_OK);
  EXPECT_EQ(complete(context, 0, "zero"), RET_OK);
  EXPECT_EQ(complete(context, id, "right"), RET_OK);
  EXPECT_EQ(complete(context, id, "late"), RET_OK);
  EXPECT_EQ(reply.wait().text, answer("right"));
  context.ask(probe::echo_cbor, echo("x"));
  EXPECT_EQ(reply.count(), 1U);
}

TEST(HostCalls, TheItemVariantTravelsAsCbor) {
  const TestContext context;
  OpenCalls calls;
  probe::register_host_fn(context.handle, "fetch_item", OpenCalls::fn, &calls);
  Recorder good, bad;
  context.submit(probe::call_host_item_cbor, key("k"), good);
  context.submit(probe::call_host_item_cbor, key("k"), bad);
  const auto open = calls.wait_for(2);
  EXPECT_EQ(open[0].request, key("k"));
  complete(context, open[0].id, cbor_of("v"));
  complete(context, open[1].id, "no CBOR text");
  EXPECT_EQ(good.wait().text, answer("v"));
  EXPECT_EQ(bad.wait().ret, RET_ERR);
}

// Asks the host again from each reply; the host answers inside its function.
struct InlineChain {
  const TestContext& context;
  int left;
  std::uintptr_t lowest = ~std::uintptr_t{0}, highest = 0;
  Gate done{};

  static void fn(std::uint64_t id, const char* req, std::size_t len, void* user_data) {
    auto& self = *static_cast<InlineChain*>(user_data);
    const char here = 0;
    self.lowest = std::min(self.lowest, reinterpret_cast<std::uintptr_t>(&here));
    self.highest = std::max(self.highest, reinterpret_cast<std::uintptr_t>(&here));
    probe::host_complete(self.context.handle, id, RET_OK, req, len);
  }
  void ask() {
    static const std::string request = key("x");
    probe::call_host_cbor(context.handle, replied, this, bytes(request), request.size());
  }
  static void replied(int ret, const char*, std::size_t, void* user_data) {
    auto& self = *static_cast<InlineChain*>(user_data);
    ret == RET_OK && --self.left > 0 ? self.ask() : self.done.open();
  }
};

TEST(HostCalls, AHundredThousandInlineCompletionsDoNotGrowTheStack) {
  const TestContext context;
  InlineChain chain{context, 100'000};
  probe::register_host_fn(context.handle, "fetch", InlineChain::fn, &chain);
  chain.ask();
  chain.done.wait();
  EXPECT_EQ(chain.left, 0);
  EXPECT_LT(chain.highest - chain.lowest, 64'000U);
}

TEST(HostCalls, TeardownFailsWhatIsOpenAndALateAnswerHitsNobody) {
  OpenCalls calls, other_calls;
  Recorder reply, other_reply;
  TestContext context;
  probe::register_host_fn(context.handle, "fetch", OpenCalls::fn, &calls);
  context.submit(probe::call_host_cbor, key("x"), reply);
  const auto id = calls.wait_for(1).front().id;
  void* const dead = context.handle;
  EXPECT_EQ(context.destroy(), RET_OK);
  ASSERT_EQ(reply.count(), 1U);
  EXPECT_EQ(reply.wait().ret, RET_ERR);

  const TestContext next;
  probe::register_host_fn(next.handle, "fetch", OpenCalls::fn, &other_calls);
  next.submit(probe::call_host_cbor, key("y"), other_reply);
  const auto other_id = other_calls.wait_for(1).front().id;
  EXPECT_GT(other_id, id);
  EXPECT_NE(probe::host_complete(dead, other_id, RET_OK, "late", 4), RET_OK);
  EXPECT_EQ(complete(next, id, "late"), RET_OK);
  EXPECT_EQ(complete(next, other_id, "right"), RET_OK);
  EXPECT_EQ(other_reply.wait().text, answer("right"));
}

}  // namespace
}  // namespace ffi_cts::testing
