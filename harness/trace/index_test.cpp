// The index: records become calls and callbacks that belong together.
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "harness/trace/index_logs.hpp"

namespace ffi_cts {
namespace {

TEST(Index, CallsAreAsTheyEnteredAndReturned) {
  const Trace trace = index(whole_run(), program(), toy());
  ASSERT_EQ(trace.calls.size(), 10u);
  for (const Call& call : trace.calls) {
    EXPECT_TRUE(call.finished());
    EXPECT_LT(call.entered, call.returned);
    EXPECT_EQ(call.context, &trace.contexts[0]);
  }
  EXPECT_EQ(trace.contexts[0].handle, 0x100u);
  EXPECT_TRUE(trace.contexts[0].constructor());
  EXPECT_TRUE(trace.contexts[0].destroyed());
  EXPECT_EQ(trace.listeners[0].id, 77u);
  EXPECT_EQ(trace.listeners[0].removed(), trace.listeners[0].removes.at(0));
  EXPECT_EQ(trace.host_calls.at(0).completions.at(0)->id, 55u);
  EXPECT_EQ(trace.host_calls[0].name, "h1.0");
  EXPECT_TRUE(trace.running_calls().empty());
  EXPECT_FALSE(trace.stray());
  ASSERT_EQ(trace.waits.size(), 1u);
  EXPECT_FALSE(trace.waits[0].given_up);
  EXPECT_NE(trace.waits[0].over, never);
}

TEST(Index, CallsInsideCallbacksKnowThemAndOthersDoNot) {
  const Trace trace = index(whole_run(), program(), toy());
  const Callback* event = trace.listeners[0].callbacks.at(0);
  const Call* nested = trace.requests[1].call;
  EXPECT_EQ(nested->inside, event);
  EXPECT_EQ(trace.listeners[0].removes[0]->inside, event);
  EXPECT_FALSE(trace.requests[0].call->inside);  // it ran meanwhile, on another thread
  EXPECT_FALSE(event->within);                   // entered while r1's call ran, but on another thread
  EXPECT_EQ(trace.host_calls[0].completions[0]->inside, trace.host_calls[0].callback);
}

TEST(Index, OnlyTheInlineErrorOfARefusedSubmissionIsARefusal) {
  Log log = whole_run();
  const Trace trace = index(log, program(), toy());
  const Request& refused = trace.requests[3];
  EXPECT_TRUE(refused.refused());
  EXPECT_TRUE(refused.callbacks.at(0)->refusal);
  EXPECT_EQ(refused.callbacks[0]->within, refused.call);
  EXPECT_EQ(refused.call->callbacks.size(), 1u);
  for (const Callback& callback : trace.callbacks) EXPECT_EQ(callback.refusal, &callback == refused.callbacks[0]);
  // The same callback of a submission that was accepted is its answer, and so it is when the call never returned.
  log.records.back().result = 0;
  EXPECT_FALSE(index(log, program(), toy()).requests[3].callbacks[0]->refusal);
  log.records.pop_back();
  EXPECT_FALSE(index(log, program(), toy()).requests[3].callbacks[0]->refusal);
}

TEST(Index, ACallInsideARefusalIsNotInsideACallback) {
  Writer w;
  w.call(Export::create, 0, 1, 0, -1, 0x100);
  const Stamp refused = w.enter(Export::request, 0, 7, 0, 0);
  const Stamp error = w.callback(Entry::terminal, 0, 7, 0, 0, ret_err, "no");
  w.call(Export::request, 0, 8, 0, 1);
  w.left(error, 0);
  w.ret(refused, 1);
  const Trace trace = index(w.log, program(), toy());
  EXPECT_TRUE(trace.requests[0].callbacks[0]->refusal);
  EXPECT_FALSE(trace.requests[1].call->inside);
}

TEST(Index, CallbacksNestOnTheirOwnThread) {
  Writer w;
  w.call(Export::create, 0, 1, 0, -1, 0x100);
  w.call(Export::add_listener, 0, 2, 0, 0, 77);
  w.call(Export::request, 0, 7, 0, 0);
  const Stamp outer = w.callback(Entry::listener, 4, 2, 0, 0);
  const Stamp call = w.enter(Export::request, 4, 3, 0, 1);
  const Stamp inner = w.callback(Entry::terminal, 4, 7, 0, 0);
  const Stamp innermost = w.callback(Entry::listener, 4, 2, 0, 0);
  const Stamp beside = w.callback(Entry::listener, 5, 2, 0, 0);
  const Trace trace = index(w.log, program(), toy());
  auto at = [&](Stamp stamp) -> const Callback& {
    for (const Callback& callback : trace.callbacks)
      if (callback.entered == stamp) return callback;
    throw std::runtime_error("no such callback");
  };
  EXPECT_FALSE(at(outer).inside);
  EXPECT_EQ(at(inner).inside, &at(outer));
  EXPECT_EQ(at(inner).within->entered, call);
  EXPECT_EQ(at(innermost).inside, &at(inner));
  EXPECT_FALSE(at(beside).inside);
  EXPECT_FALSE(at(beside).within);
  EXPECT_EQ(at(innermost).left, never);
}

TEST(Index, WhatNeverReturnedIsRunningAndWhatWasNeverWrittenIsNothing) {
  Log log = whole_run();
  const Stamp destroy = log.records.size() - 6;
  ASSERT_EQ(log.records[destroy].export_, Export::destroy);
  log.records[destroy + 1].written = 0;
  const Trace trace = index(log, program(), toy());
  ASSERT_EQ(trace.running_calls().size(), 1u);
  EXPECT_EQ(trace.running_calls()[0]->entered, destroy);
  EXPECT_FALSE(trace.contexts[0].destroyed());
  EXPECT_EQ(trace.end, log.records.size());
}

TEST(Index, AChangedPayloadAGivenUpParkAndAGivenUpWaitShow) {
  Log log = whole_run();
  for (Record& r : log.records) {
    if (r.kind == RecordKind::wait_over) r.result = 1;
    if (r.kind == RecordKind::callback_left && log.records[r.partner].entry == Entry::listener) {
      r.hash += 1;
      r.result = 1;
      r.id = 3;
    }
  }
  const Trace trace = index(log, program(), toy());
  EXPECT_TRUE(trace.waits[0].given_up);
  for (const Callback& callback : trace.callbacks) {
    EXPECT_EQ(callback.changed, callback.listener != nullptr);
    EXPECT_EQ(callback.stalled, callback.listener != nullptr);
    EXPECT_EQ(callback.stalled_at, callback.listener ? 3 : never);
  }
}

// ---- What nobody knows of -------------------------------------------------------------------------------------------

TEST(Index, RequestsAfterOneThatNoRolePlaysHaveNoRole) {
  Recording t;
  const auto c = t.create(), other = t.create();
  const auto before = t.request(c, RoleName::echo);
  t.reply(before);
  const auto beside = t.request(c, RoleName::echo);
  t.request(c, RoleName::echo, {.misuse = Misuse::item});
  t.reply(beside);
  t.reply(t.request(c, RoleName::echo));
  t.reply(t.request(other, RoleName::echo));
  const Trace trace = t.trace();
  EXPECT_TRUE(trace.requests[0].role && trace.requests[0].expected_reply);
  for (std::size_t i : {1u, 2u, 3u}) EXPECT_FALSE(trace.requests[i].role || trace.requests[i].expected_reply) << i;
  EXPECT_TRUE(trace.requests[4].role);
}

TEST(Index, ARefusedRequestThatNoRolePlaysChangesNothing) {
  Recording t;
  const auto c = t.create();
  t.request(c, RoleName::echo, {.result = ret_err, .misuse = Misuse::near_miss});
  t.reply(t.request(c, RoleName::echo));
  EXPECT_TRUE(t.trace().requests[1].role);
}

TEST(Index, NothingIsKnownOfAContextThatWasMadeOfDrawnArguments) {
  Recording t;
  t.reply(t.request(t.create(RoleName::create, {.misuse = Misuse::item}), RoleName::echo));
  EXPECT_FALSE(t.trace().requests[0].role);
}

}  // namespace
}  // namespace ffi_cts
