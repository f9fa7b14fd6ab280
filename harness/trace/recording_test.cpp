#include "harness/trace/recording.hpp"

#include <gtest/gtest.h>

#include "harness/interface/template.hpp"

namespace ffi_cts {
namespace {

TEST(Recording, APlainProgramBecomesAPlainTrace) {
  Recording t;
  auto c = t.create();
  auto r = t.request(c, RoleName::echo);
  t.reply(r);
  t.destroy(c);
  const Trace trace = t.trace();

  ASSERT_EQ(trace.contexts.size(), 1u);
  const Context& context = trace.contexts[0];
  EXPECT_EQ(context.name, "c1");
  EXPECT_EQ(context.handle, t.handle(c));
  ASSERT_TRUE(context.constructor());
  EXPECT_EQ(*context.constructor()->value->text(), std::to_string(context.handle));
  ASSERT_TRUE(context.destroyed());

  ASSERT_EQ(trace.requests.size(), 1u);
  const Request& request = trace.requests[0];
  EXPECT_EQ(request.name, "r1");
  EXPECT_TRUE(request.accepted());
  EXPECT_TRUE(request.identifiable);
  ASSERT_TRUE(request.reply());
  EXPECT_EQ(request.reply()->code, ret_ok);
  EXPECT_EQ(request.reply()->user_data, request.user_data);
  EXPECT_EQ(request.reply()->context, &context);
  EXPECT_FALSE(mismatch(*request.expected_reply, *request.reply()->value));
  EXPECT_TRUE(trace.completed());
}

TEST(Recording, ARefusalCallsBackInsideTheCall) {
  Recording t;
  t.request(t.create(), RoleName::echo, {.result = ret_err});
  const Trace trace = t.trace();
  const Request& request = trace.requests[0];
  EXPECT_TRUE(request.refused());
  ASSERT_EQ(request.callbacks.size(), 1u);
  EXPECT_TRUE(request.callbacks[0]->refusal);
  EXPECT_EQ(request.callbacks[0]->within, request.call);
  EXPECT_LT(request.callbacks[0]->entered, request.call->returned);
}

TEST(Recording, CallsInsideACallbackRunOnItsThreadAndAreStepsOfItsBody) {
  Recording t;
  auto c = t.create();
  auto r = t.request(c, RoleName::echo);
  auto reply = t.enter_reply(r);
  auto nested = t.request(c, RoleName::echo);
  t.leave(reply);
  t.reply(nested);
  auto after = t.request(c, RoleName::echo);
  t.reply(after);
  const Trace trace = t.trace();
  const Call& inner = *trace.requests[1].call;
  EXPECT_EQ(inner.inside, trace.requests[0].reply());
  EXPECT_EQ(inner.thread, trace.requests[0].reply()->thread);
  EXPECT_EQ(inner.step, trace.requests[0].call->step + 1);
  EXPECT_FALSE(trace.requests[2].call->inside);
  EXPECT_EQ(trace.requests[2].call->thread, 0u);
  EXPECT_EQ(trace.requests[2].reply()->request, &trace.requests[2]);
}

TEST(Recording, CrossingsOfSeveralThreadsInterleave) {
  Recording t;
  auto c = t.create();
  auto l = t.listen(c);
  auto r = t.request(c, RoleName::emit);
  auto heard = t.enter_hear(l, r);
  auto remove = t.begin_remove(l, {.thread = 1});
  t.leave(heard);
  t.leave(remove);
  t.reply(r);
  const Trace trace = t.trace();
  const Listener& listener = trace.listeners[0];
  ASSERT_EQ(listener.callbacks.size(), 1u);
  EXPECT_TRUE(trace.carries(*listener.callbacks[0], trace.requests[0]));
  ASSERT_TRUE(listener.removed());
  EXPECT_LT(listener.removed()->entered, listener.callbacks[0]->left);
  EXPECT_FALSE(listener.removed()->inside);
}

TEST(Recording, HostCallsAreCompletedByTheirId) {
  Recording t;
  auto c = t.create();
  auto h = t.reg(c);
  auto r = t.request(c, RoleName::call_host);
  auto k = t.call_host(h);
  t.complete(k);
  t.reply(r);
  const Trace trace = t.trace();
  ASSERT_EQ(trace.host_calls.size(), 1u);
  EXPECT_EQ(trace.host_calls[0].id, k.id);
  ASSERT_EQ(trace.host_calls[0].completions.size(), 1u);
  EXPECT_EQ(trace.host_calls[0].completions[0]->result, 0);
}

TEST(Recording, WhatDidNotReturnIsRunningAtTheEnd) {
  Recording t;
  auto c = t.create();
  t.begin_destroy(c);
  t.hang();
  const Trace trace = t.trace();
  EXPECT_EQ(trace.ending.kind, EndKind::hung);
  ASSERT_EQ(trace.running_calls().size(), 1u);
  EXPECT_EQ(trace.running_calls()[0]->export_, Export::destroy);
}

TEST(Recording, ChangedAndTruncatedPayloadsShow) {
  Recording t;
  auto c = t.create();
  t.reply(t.request(c, RoleName::echo), {.changed = true});
  t.reply(t.request(c, RoleName::echo), {.kept = 3});
  const Trace trace = t.trace();
  EXPECT_TRUE(trace.requests[0].reply()->changed);
  EXPECT_FALSE(trace.requests[1].reply()->whole);
  EXPECT_FALSE(trace.requests[1].reply()->value);
}

}  // namespace
}  // namespace ffi_cts
