// Driver and worker together, on the probe: what a program does is what the trace shows.
#include <gtest/gtest.h>
#include <rapidcheck/Random.h>
#include <rapidcheck/Shrinkable.h>

#include <deque>
#include <set>

#include "harness/generate/generate.hpp"
#include "harness/program/text.hpp"
#include "harness/worker/worker.hpp"

namespace ffi_cts {
namespace {

#ifdef FFI_CTS_SANITIZER
constexpr double slower = 5;
#else
constexpr double slower = 1;
#endif

const Interface& probe() {
  static const Interface interface = load_interface(FFI_CTS_PROBE_TOML);
  return interface;
}

WorkerSetup setup_for(const std::string& library) {
  WorkerSetup setup;
  setup.program = FFI_CTS_WORKER;
  setup.library = library;
  setup.interface_file = FFI_CTS_PROBE_TOML;
  setup.backstop_s *= slower;
  setup.give_up_s *= slower;
  return setup;
}

// A worker with that library, given one program at a time.
class AWorker {
 public:
  explicit AWorker(const std::string& library) : worker_(setup_for(library)) {}
  Trace run(std::string_view text, bool stacks = false) {
    // Traces point into the program that they are of.
    programs_.push_back(parse_program(text));
    worker_.submit(++sequence_, programs_.back(), 20);
    Finished finished = worker_.next(stacks);
    EXPECT_EQ(finished.sequence, sequence_);
    return index(std::move(finished.log), programs_.back(), probe());
  }
  Worker* operator->() { return &worker_; }

 private:
  Worker worker_;
  std::deque<Program> programs_;
  std::uint64_t sequence_ = 0;
};

struct ProbeWorker : AWorker {
  ProbeWorker() : AWorker(FFI_CTS_PROBE) {}
};

TEST(WorkerOnTheProbe, APlainProgramShowsEveryCrossing) {
  ProbeWorker worker;
  const Trace trace = worker.run(
      "A  c1 = create text(4,1)\n"
      "B  l1 = listen c1 event\n"
      "B  r1 = request c1 emit text(16,1) #2\n"
      "A  wait r1\n"
      "A  remove l1\n"
      "A  destroy c1\n");
  ASSERT_TRUE(trace.completed());
  ASSERT_EQ(trace.contexts.size(), 1u);
  ASSERT_EQ(trace.requests.size(), 1u);
  ASSERT_EQ(trace.listeners.size(), 1u);
  ASSERT_EQ(trace.calls.size(), 5u);
  const Context& context = trace.contexts[0];
  const Request& request = trace.requests[0];
  const Listener& listener = trace.listeners[0];
  ASSERT_TRUE(context.constructor());
  EXPECT_EQ(context.constructor()->code, ret_ok);
  EXPECT_EQ(*context.constructor()->value->text(), std::to_string(context.handle));
  EXPECT_TRUE(request.accepted());
  EXPECT_EQ(request.call->thread, 1u);
  ASSERT_EQ(request.callbacks.size(), 1u);
  EXPECT_EQ(request.callbacks[0]->code, ret_ok);
  EXPECT_EQ(request.callbacks[0]->user_data, request.user_data);
  EXPECT_FALSE(request.callbacks[0]->refusal);
  ASSERT_EQ(listener.callbacks.size(), 2u);
  for (const Callback* event : listener.callbacks) {
    EXPECT_TRUE(trace.carries(*event, request));
    EXPECT_EQ(event->user_data, listener.user_data);
    EXPECT_GE(event->thread, static_cast<std::uint32_t>(max_threads));
    EXPECT_LT(event->left, request.callbacks[0]->entered);
    EXPECT_FALSE(event->changed);
  }
  EXPECT_TRUE(listener.removed());
  EXPECT_EQ(context.destroyed(), &trace.calls.back());
  ASSERT_EQ(trace.waits.size(), 1u);
  EXPECT_FALSE(trace.waits[0].given_up);
  EXPECT_LT(request.callbacks[0]->entered, trace.waits[0].over);
  EXPECT_EQ(trace.callbacks.size(), 4u);
}

TEST(WorkerOnTheProbe, WhatAProgramLeavesIsTornDown) {
  ProbeWorker worker;
  const Trace trace = worker.run("A  c1 = create\nA  c2 = create x3\nA  r1 = request c1 delay 60000ms\n");
  ASSERT_EQ(trace.contexts.size(), 4u);
  for (const Context& context : trace.contexts) {
    ASSERT_TRUE(context.destroyed());
    EXPECT_EQ(context.destroyed()->step, 0);
  }
  ASSERT_TRUE(trace.requests.at(0).reply());
  EXPECT_EQ(trace.requests[0].reply()->code, ret_err);
}

TEST(WorkerOnTheProbe, ARemoveLetsAParkedListenerGoOnAndWaitsForIt) {
  ProbeWorker worker;
  const Trace trace = worker.run(
      "A  c1 = create\nA  l1 = listen c1 event { park }\nA  r1 = request c1 emit text(16,1)\n"
      "A  wait l1\nA  r2 = request c1 echo text(16,2)\nA  remove l1\nA  destroy c1\n");
  ASSERT_TRUE(trace.completed());
  const Callback& parked = *trace.listeners.at(0).callbacks.at(0);
  const Call& remove = *trace.listeners[0].removes.at(0);
  EXPECT_LT(trace.requests.at(1).call->returned, parked.left);  // a submission is no reason to go on
  EXPECT_LT(parked.left, remove.returned);                      // the step that is about to wait for it is one
  EXPECT_FALSE(parked.stalled);
}

TEST(WorkerOnTheProbe, ADestroyLetsAParkedCallbackGoOn) {
  ProbeWorker worker;
  const Trace trace = worker.run("A  c1 = create\nA  r1 = request c1 echo text(16,1) { park }\nA  wait r1\nA  r2 = request c1 echo\nA  destroy c1\n");
  const Callback& parked = *trace.requests.at(0).reply();
  const Call* destroy = trace.contexts.at(0).destroyed();
  ASSERT_TRUE(destroy);
  EXPECT_LT(trace.requests.at(1).call->returned, parked.left);
  EXPECT_LT(parked.left, destroy->returned);
  EXPECT_FALSE(parked.stalled);
  EXPECT_EQ(trace.contexts[0].destroys.size(), 1u);
}

TEST(WorkerOnTheProbe, AWaitForSomethingElseLetsAParkedCallbackGoOn) {
  ProbeWorker worker;
  const Trace trace = worker.run("A  c1 = create\nA  r1 = request c1 echo text(16,1) { park }\nA  wait r1\nA  r2 = request c1 echo\nA  wait r2\n");
  const Callback& parked = *trace.requests.at(0).reply();
  ASSERT_EQ(trace.waits.size(), 2u);
  EXPECT_LT(trace.waits[0].over, parked.left);   // what it waited for was there
  EXPECT_LT(trace.waits[1].begun, parked.left);
  EXPECT_LT(parked.left, trace.waits[1].over);
  EXPECT_FALSE(trace.waits[1].given_up);
  EXPECT_FALSE(parked.stalled);
}

TEST(WorkerOnTheProbe, AParkOfOneContextDoesNotEndForAnotherOne) {
  ProbeWorker worker;
  const Trace trace = worker.run(
      "A  c1 = create\nA  c2 = create\nA  r1 = request c1 echo text(16,1) { park }\nA  wait r1\nA  l1 = listen c2 event\nA  remove l1\n"
      "A  r2 = request c2 echo\nA  wait r2\nA  destroy c2\nA  destroy c1\n");
  const Callback& parked = *trace.requests.at(0).reply();
  ASSERT_TRUE(trace.contexts.at(1).destroyed() && trace.contexts[0].destroyed());
  EXPECT_LT(trace.contexts[1].destroyed()->returned, parked.left);
  EXPECT_FALSE(parked.stalled);
}

TEST(WorkerOnTheProbe, AHoldMakesDestroyFailAndTheSecondOneSucceed) {
  ProbeWorker worker;
  const Trace trace = worker.run("A  c1 = create\nA  r1 = request c1 echo text(16,1) { hold }\nA  wait r1\nA  destroy c1\nA  destroy c1\n");
  ASSERT_TRUE(trace.completed());
  const Context& context = trace.contexts.at(0);
  ASSERT_EQ(context.destroys.size(), 2u);
  EXPECT_EQ(context.destroys[0]->result, ret_err);
  EXPECT_EQ(context.destroys[1]->result, ret_ok);
  EXPECT_GT(trace.requests.at(0).reply()->left, context.destroys[0]->returned);
}

TEST(WorkerOnTheProbe, AWaitForWhatNeverComesIsGivenUpAndTheRunGoesOn) {
  ProbeWorker worker;
  const Trace trace = worker.run("A  c1 = create\nA  l1 = listen c1 event\nA  wait l1\nA  r1 = request c1 echo text(16,1)\nA  wait r1\nA  destroy c1\n");
  ASSERT_TRUE(trace.completed());
  ASSERT_EQ(trace.waits.size(), 2u);
  EXPECT_TRUE(trace.waits[0].given_up);
  EXPECT_FALSE(trace.waits[1].given_up);
  EXPECT_EQ(trace.requests.at(0).reply()->code, ret_ok);
  EXPECT_TRUE(trace.contexts[0].destroyed());
}

TEST(WorkerOnTheProbe, ADestroyedHandleIsPassedOnlyAfterItsDestroyAndALiveOneOnlyBefore) {
  ProbeWorker worker;
  const Trace trace = worker.run(
      "A  c1 = create\nA  wait c1\nA  r1 = request @dead c1 echo text(16,1)\nA  destroy c1\nA  r2 = request @dead c1 echo text(16,2)\n"
      "A  r3 = request c1 echo text(16,3)\nA  destroy @dead c1\nA  destroy c1\n");
  ASSERT_TRUE(trace.completed());
  ASSERT_EQ(trace.requests.size(), 1u);
  const Request& request = trace.requests[0];
  EXPECT_EQ(request.name, "r2");
  EXPECT_TRUE(destroyed_before(trace.contexts[0], *request.call));
  EXPECT_TRUE(request.refused());
  EXPECT_EQ(request.callbacks.size(), 1u);
  EXPECT_EQ(trace.contexts[0].destroys.size(), 2u);
  EXPECT_NE(trace.contexts[0].destroys[1]->result, ret_ok);
}

TEST(WorkerOnTheProbe, ListenersThatShareAFunctionHaveTheirOwnUserData) {
  ProbeWorker worker;
  const Trace trace = worker.run(
      "A  c1 = create\nA  l1 = listen c1 event\nA  l2 = listen c1 event same_function\nA  l3 = listen c1 *\nA  r1 = request c1 emit text(16,1) #3\nA  wait r1\nA  destroy c1\n");
  ASSERT_EQ(trace.listeners.size(), 3u);
  EXPECT_TRUE(trace.listeners[0].shares_function && trace.listeners[1].shares_function);
  EXPECT_FALSE(trace.listeners[2].shares_function);
  EXPECT_NE(trace.listeners[0].user_data, trace.listeners[1].user_data);
  for (const Listener& listener : trace.listeners) {
    ASSERT_EQ(listener.callbacks.size(), 3u) << listener.name;
    for (const Callback* event : listener.callbacks) EXPECT_EQ(event->user_data, listener.user_data);
  }
}

TEST(WorkerOnTheProbe, CallbacksBehaveAsTheProgramSays) {
  ProbeWorker worker;
  const Trace trace = worker.run(
      "A  c1 = create\nA  h1 = register c1 { complete h1.0 ok text(14,5) }\n"
      "A  l1 = listen c1 event { remove l1; r2 = request c1 echo text(16,2) }\n"
      "A  r1 = request c1 emit text(16,1) #2\nA  r3 = request c1 call_host text(16,3)\nA  wait all\nA  destroy c1\n");
  ASSERT_TRUE(trace.completed());
  ASSERT_EQ(trace.listeners.at(0).callbacks.size(), 1u);
  const Callback* event = trace.listeners[0].callbacks[0];
  ASSERT_TRUE(trace.listeners[0].removed());
  EXPECT_EQ(trace.listeners[0].removed()->inside, event);
  ASSERT_EQ(trace.host_calls.size(), 1u);
  ASSERT_EQ(trace.host_calls[0].completions.size(), 1u);
  EXPECT_EQ(trace.host_calls[0].completions[0]->inside, trace.host_calls[0].callback);
  for (const Request& request : trace.requests) {
    ASSERT_TRUE(request.reply()) << request.name;
    EXPECT_EQ(request.reply()->code, ret_ok) << request.name;
    EXPECT_TRUE(request.name != "r2" || request.call->inside == event);
  }
  EXPECT_EQ(trace.requests.size(), 3u);
}

TEST(WorkerOnTheProbe, HostCallsThatNobodyCompletesAreCompletedByAWait) {
  ProbeWorker worker;
  const Trace trace = worker.run("A  c1 = create\nA  h1 = register c1\nA  r1 = request c1 call_host text(16,3)\nA  wait r1\nA  destroy c1\n");
  ASSERT_EQ(trace.host_calls.size(), 1u);
  EXPECT_EQ(trace.host_calls[0].completions.size(), 1u);
  EXPECT_EQ(trace.requests.at(0).reply()->code, ret_ok);
  EXPECT_FALSE(trace.waits.at(0).given_up);
}

TEST(WorkerOnTheProbe, WrongHandlesAreRefusedAndHarmNothing) {
  ProbeWorker worker;
  std::string text = "A  c1 = create\n";
  int n = 0;
  for (const char* handle : {"@null", "@small", "@odd", "@unmapped", "@zeros", "@noise"}) text += "A  r" + std::to_string(++n) + " = request " + handle + " echo text(16,1)\n";
  const Trace trace = worker.run(text + "A  r9 = request c1 echo text(16,9)\nA  wait r9\nA  destroy c1\n");
  ASSERT_TRUE(trace.completed());
  ASSERT_EQ(trace.requests.size(), 7u);
  for (const Request& request : trace.requests) EXPECT_EQ(request.refused(), request.name != "r9") << request.name;
  EXPECT_NE(trace.requests[1].call->handle_kind, HandleKind::own);
  EXPECT_FALSE(trace.requests[1].context);
}

TEST(WorkerOnTheProbe, HostThreadsRunBesideEachOtherAndFreshOnesEnd) {
  ProbeWorker worker;
  for (const char* first : {"", "program fresh_threads signal_storm\n"}) {
    const Trace trace = worker.run(std::string(first) +
                                   "A  c1 = create\nB  r1 = request c1 echo text(16,1) x20\nC  r2 = request c1 echo text(16,2) x20\nD  r3 = request c1 delay text(16,3) 3ms\nA  wait r1\nA  wait r2\nA  wait r3\nA  destroy c1\n");
    ASSERT_TRUE(trace.completed());
    std::set<std::uint32_t> threads;
    for (const Call& call : trace.calls) threads.insert(call.thread);
    EXPECT_EQ(threads, (std::set<std::uint32_t>{0, 1, 2, 3}));
    EXPECT_EQ(trace.fresh_threads, *first != 0);
    EXPECT_EQ(trace.requests.size(), 41u);
    for (const Request& request : trace.requests) EXPECT_EQ(request.terminal_callbacks().size(), 1u);
  }
}

TEST(WorkerOnTheProbe, SurvivesTwoHundredPrograms) {
  Features features = applicable_features(probe());
  for (Feature f : {Feature::fresh_process, Feature::dead_handle, Feature::garbage_handle, Feature::hold, Feature::huge_payload, Feature::many_contexts, Feature::block}) set(features, f, false);
  ProbeWorker worker;
  std::deque<Program> under_way;
  std::uint64_t next = 0;
  for (std::uint64_t done = 0; done < 200; ++done) {
    while (worker->room() && next < 200) {
      rc::Random random(++next);
      const Features of_this = swarm(random.split(), features);
      under_way.push_back(programs(probe(), of_this, {})(random.split(), 100).value());
      worker->submit(next, under_way.back(), 2);
    }
    Finished finished = worker->next(false);
    ASSERT_FALSE(finished.worker_lost) << to_text(under_way.front());
    ASSERT_EQ(finished.sequence, done + 1);
    const Trace trace = index(std::move(finished.log), under_way.front(), probe());
    ASSERT_TRUE(trace.completed());
    ASSERT_TRUE(trace.running_calls().empty()) << to_text(under_way.front());
    ASSERT_FALSE(trace.stray());
    for (const Request& request : trace.requests) ASSERT_TRUE(!request.accepted() || request.terminal_callbacks().size() == 1) << to_text(under_way.front());
    for (const Context& context : trace.contexts) ASSERT_TRUE(!context.handle || context.destroyed()) << to_text(under_way.front());
    under_way.pop_front();
  }
  EXPECT_FALSE(worker->lost());
}

TEST(WorkerOnTheProbe, LogsOfOneProgramHoldNothingOfTheOneBefore) {
  ProbeWorker worker;
  const Trace big = worker.run("A  c1 = create\nA  r1 = request c1 echo text(4096,1) x500\nA  wait r1\nA  destroy c1\n");
  EXPECT_EQ(big.requests.size(), 500u);
  for (int i = 0; i < 6; ++i) {
    const Trace small = worker.run("A  c1 = create\nA  wait c1\nA  destroy c1\n");
    ASSERT_EQ(small.calls.size(), 2u);
    ASSERT_EQ(small.callbacks.size(), 1u);
    ASSERT_LT(small.storage.at(0).size(), 4096u);
  }
}

}  // namespace
}  // namespace ffi_cts
