// Host calls on the probe: what a program says of them is what the driver does.
#include <gtest/gtest.h>

#include <deque>

#include "harness/program/payload.hpp"
#include "harness/program/text.hpp"
#include "harness/worker/worker.hpp"

namespace ffi_cts {
namespace {

const Interface& probe() {
  static const Interface interface = load_interface(FFI_CTS_PROBE_TOML);
  return interface;
}

struct HostCalls : testing::Test {
  Trace run(std::string_view text) {
    // Traces point into the program that they are of.
    programs.push_back(parse_program(text));
    worker.submit(programs.size(), programs.back(), 20);
    return index(worker.next(false).log, programs.back(), probe());
  }

  static std::vector<const Call*> completions(const Trace& trace) {
    std::vector<const Call*> out;
    for (const Call& call : trace.calls)
      if (call.export_ == Export::host_complete) out.push_back(&call);
    return out;
  }

  std::deque<Program> programs;
  Worker worker{WorkerSetup{FFI_CTS_WORKER, FFI_CTS_PROBE, FFI_CTS_PROBE_TOML}};
};

TEST_F(HostCalls, AreToldApartAndAnsweredInTheOrderThatTheProgramSays) {
  const Trace trace =
      run("A  c1 = create\nA  h1 = register c1\nA  r1 = request c1 call_host text(16,1) x3\n"
          "A  complete h1.2 ok text(16,1)\nA  complete h1.0 err text(16,2)\nA  complete h1.1 ret(5) text(16,3)\nA  "
          "wait all\n");
  ASSERT_EQ(trace.host_calls.size(), 3u);
  const auto answers = completions(trace);
  ASSERT_EQ(answers.size(), 3u);
  const int order[] = {2, 0, 1}, codes[] = {0, 1, 5};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(answers[i]->host_call, &trace.host_calls[static_cast<std::size_t>(order[i])]);
    EXPECT_EQ(answers[i]->code, codes[i]);
  }
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(trace.host_calls[i].request, &trace.requests[i]);
}

TEST_F(HostCalls, AreAnsweredInsideTheirFunctionAndOthersFromThere) {
  const Trace trace =
      run("A  c1 = create\nA  h1 = register c1\nA  r1 = request c1 call_host text(16,1)\nA  wait h1\n"
          "A  h2 = register c1 { complete h2.0 ok text(16,2); complete h1.0 ok text(16,3) }\n"
          "A  r2 = request c1 call_host text(16,4)\nA  wait h2\nA  r3 = request c1 echo\nA  wait r3\nA  wait all\n");
  ASSERT_EQ(trace.host_calls.size(), 2u);
  const auto answers = completions(trace);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0]->host_call, &trace.host_calls[1]);
  EXPECT_EQ(answers[1]->host_call, &trace.host_calls[0]);
  for (const Call* answer : answers) EXPECT_EQ(answer->inside, trace.host_calls[1].callback);
}

TEST_F(HostCalls, StayOpenWhileSomethingElseIsAwaited) {
  const Trace trace =
      run("A  c1 = create\nA  h1 = register c1\nA  r1 = request c1 call_host text(16,1) x2\nA  wait h1 #2\n"
          "A  r2 = request c1 echo text(16,2)\nA  wait r2\nA  wait all\n");
  ASSERT_EQ(trace.host_calls.size(), 2u);
  const Callback* echo = trace.requests.at(2).reply();
  ASSERT_TRUE(echo);
  for (const HostCall& call : trace.host_calls) {
    ASSERT_EQ(call.completions.size(), 1u);
    EXPECT_GT(call.completions[0]->entered, echo->entered);
    EXPECT_GE(call.completions[0]->payload.size(), identifiable_size) << "it can be told whose answer it is";
  }
}

TEST_F(HostCalls, ThatAreLeftOpenInVainAreAnsweredAndThatIsNoSilence) {
  const Trace trace =
      run("A  c1 = create\nA  h1 = register c1\nA  r1 = request c1 call_host text(16,1)\nA  wait h1 #2\n");
  ASSERT_GE(trace.waits.size(), 2u);
  EXPECT_TRUE(trace.waits[0].starved);
  EXPECT_FALSE(trace.waits[0].given_up);
  EXPECT_TRUE(trace.waits[1].given_up) << "a second call never comes";
  EXPECT_EQ(trace.requests.at(0).reply()->code, ret_ok);
}

TEST_F(HostCalls, CanBeCompletedWithTheHandleOfAnotherContextAndWithADeadOne) {
  const Trace trace =
      run("A  c1 = create\nA  c2 = create\nA  h1 = register c1\nA  r1 = request c1 call_host text(16,1)\nA  wait h1\n"
          "A  complete @other c1 h1.0 ok text(16,2)\nA  destroy c1\nA  complete @dead c1 h1.0 ok text(16,3)\n");
  const auto answers = completions(trace);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0]->context, &trace.contexts[1]);
  EXPECT_EQ(answers[0]->id, trace.host_calls.at(0).id);
  EXPECT_EQ(answers[0]->host_call, nullptr) << "that context gave out no such id";
  EXPECT_EQ(answers[1]->context, &trace.contexts[0]);
  EXPECT_TRUE(destroyed_before(*answers[1]->context, *answers[1]));
  EXPECT_EQ(trace.host_calls[0].completions.size(), 1u);
}

TEST_F(HostCalls, AreMadeToFunctionsOfTheVeryName) {
  const Trace trace =
      run("A  c1 = create\nA  h1 = register c1 prefix\nA  h2 = register c1 extended\nA  h3 = register c1 null\nA  h4 = "
          "register c1 *\n"
          "A  r1 = request c1 call_host text(16,1)\nA  wait r1\nA  h5 = register c1 { complete h5.0 ok }\n"
          "A  r2 = request c1 call_host text(16,2)\nA  wait r2\nA  unregister c1 other\nA  unregister c1\n"
          "A  r3 = request c1 call_host text(16,3)\nA  wait r3\n");
  ASSERT_EQ(trace.host_calls.size(), 1u);
  EXPECT_EQ(trace.host_calls[0].function->name, "h5");
  EXPECT_EQ(trace.requests.at(0).reply()->code, ret_err);
  EXPECT_EQ(trace.requests.at(1).reply()->code, ret_ok);
  EXPECT_EQ(trace.requests.at(2).reply()->code, ret_err);
  EXPECT_EQ(trace.host_functions.at(0).function, "fetc");
}

TEST_F(HostCalls, MakeAChainWhoseRequestsComeOneInTheCallbackOfTheOther) {
  const Trace trace =
      run("A  c1 = create\nA  h1 = register c1 { complete h1.0 ok text(16,1) }\n"
          "A  r1 = request c1 call_host text(16,2) { again #500 }\nA  wait r1\n");
  ASSERT_EQ(trace.requests.size(), 500u);
  for (std::size_t i = 0; i < trace.requests.size(); ++i) {
    const Request& request = trace.requests[i];
    ASSERT_TRUE(request.reply()) << request.name;
    EXPECT_EQ(request.reply()->code, ret_ok) << request.name << ": the wait was for the whole chain";
    EXPECT_EQ(request.call->inside, i ? trace.requests[i - 1].reply() : nullptr);
    EXPECT_GT(request.reply()->stack_used, 0u);
  }
}

TEST_F(HostCalls, EndAChainWhereOneFails) {
  const Trace trace = run("A  c1 = create\nA  r1 = request c1 fail text(16,2) { again #500 }\nA  wait r1\n");
  EXPECT_EQ(trace.requests.size(), 1u);
}

}  // namespace
}  // namespace ffi_cts
