// Which request made which host call, and what a completion brings, as far as bytes tell.
#include <gtest/gtest.h>

#include "harness/trace/recording.hpp"

namespace ffi_cts {
namespace {

struct HostCalls : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();
  Recording::HostFunctionId h = t.reg(c);

  // The name of the request that made each host call; "-" where it cannot be told.
  std::string makers() const {
    const Trace trace = t.trace();
    std::string out;
    for (const HostCall& call : trace.host_calls) out += call.request ? call.request->name : "-";
    return out;
  }
};

TEST_F(HostCalls, BelongToTheRequestWhoseBytesTheyBring) {
  const auto first = t.request(c, RoleName::call_host), second = t.request(c, RoleName::call_host);
  t.call_host(h, second);
  t.call_host(h, first);
  t.call_host(h, {.text = "another's"});
  EXPECT_EQ(makers(), "r2r1-");
}

TEST_F(HostCalls, OfOneRequestMayBeSeveral) {
  const auto r = t.request(c, RoleName::call_host);
  t.call_host(h, r);
  t.call_host(h, r);
  EXPECT_EQ(makers(), "r1r1");
  const Trace trace = t.trace();
  EXPECT_EQ(trace.requests[0].host_calls.size(), 2u);
}

TEST_F(HostCalls, BelongToNoRequestThatWasAnsweredOrOfAnotherRoleOrContext) {
  const auto answered = t.request(c, RoleName::call_host);
  t.call_host(h, answered);
  t.reply(answered);
  t.call_host(h, answered);
  t.call_host(h, t.request(c, RoleName::echo));
  const auto other = t.create();
  t.call_host(h, t.request(other, RoleName::call_host));
  EXPECT_EQ(makers(), "r1---");
}

TEST_F(HostCalls, OfRequestsThatAreAlikeCannotBeTold) {
  const auto first = t.request(c, RoleName::call_host, {.payload = Payload{}});
  t.request(c, RoleName::call_host, {.payload = Payload{}});
  t.call_host(h, first);
  EXPECT_EQ(makers(), "-");
  t.reply(first);
  t.call_host(h, first);
  EXPECT_EQ(makers(), "-r2") << "one is left";
}

TEST_F(HostCalls, AreFoundByTheMarkOfTheirTextWithoutAPattern) {
  t.interface.roles.at(RoleName::call_host).payload.reset();
  const auto first = t.request(c, RoleName::call_host);
  const auto brief = t.request(c, RoleName::call_host, {.payload = Payload{4, 1}});
  t.call_host(h, first, {.text = "<" + make_text({16, 2}, first.instance) + ">"});
  t.call_host(h, brief);
  EXPECT_EQ(makers(), "r1-");
}

TEST_F(HostCalls, OfACborEncodingAreComparedAsItems) {
  t.interface.hosts[0].encoding = HostEncoding::cbor;
  t.interface.roles.at(RoleName::call_host).payload = Map{{"key", "$text"}};
  const auto r = t.request(c, RoleName::call_host, {.payload = Payload{3, 1}});
  const std::string text = make_text({3, 1}, r.instance);
  t.call_host(h, r, {.value = Value(Map{{"key", Value(text)}, {"more", Value(1)}})});
  t.call_host(h, r, {.value = Value(Map{{"key", Value(text + "!")}})});
  EXPECT_EQ(makers(), "r1-");
}

TEST_F(HostCalls, KnowWhatTheirCompletionsBring) {
  const auto r = t.request(c, RoleName::call_host);
  const auto call = t.call_host(h, r);
  const auto good = t.complete(call);
  const auto bad = t.complete(call, {.code = 1});
  t.complete(call, {.id = 4711});
  const Trace trace = t.trace();
  const Call& first = *trace.host_calls[0].completions.at(0);
  const Call& second = *trace.host_calls[0].completions.at(1);
  EXPECT_EQ(trace.host_calls[0].completions.size(), 2u);
  ASSERT_TRUE(first.brings_reply && second.brings_error);
  EXPECT_EQ(*first.brings_reply, Value(t.answer(good)));
  EXPECT_EQ(*second.brings_error, t.answer(bad));
  EXPECT_FALSE(first.brings_error || second.brings_reply);
}

TEST_F(HostCalls, AreKnownToTheirHostFunctionsRun) {
  const auto r = t.request(c, RoleName::call_host);
  const auto running = t.enter_host_call(h, r);
  t.complete(t.host_call_of(running));
  t.leave(running);
  const Trace trace = t.trace();
  const HostCall& call = trace.host_calls[0];
  EXPECT_EQ(call.callback->host_call, &call);
  EXPECT_EQ(call.completions.at(0)->inside, call.callback);
}

TEST_F(HostCalls, HaveTheNameThatTheirFunctionWasRegisteredUnder) {
  t.reg(c, {.name = NameKind::extended});
  t.reg(c, {.name = NameKind::null});
  const Trace trace = t.trace();
  EXPECT_EQ(trace.host_functions[0].function, "fetch");
  EXPECT_EQ(trace.host_functions[1].function, "fetchx");
  EXPECT_EQ(trace.host_functions[2].function, "");
  EXPECT_EQ(trace.host_functions[2].name_kind, NameKind::null);
}

}  // namespace
}  // namespace ffi_cts
