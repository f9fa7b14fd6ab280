// Confirming and shrinking, on libraries with one planted defect. The judges here are toys: the harness knows no rule.
#include "harness/shrink/shrink.hpp"

#include <gtest/gtest.h>

#include "harness/program/text.hpp"

namespace ffi_cts {
namespace {

namespace rule = spec::rule;

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
std::string faulty(const std::string& name) { return FFI_CTS_FAULTY "/" + name + ".so"; }

Clock::time_point in(double seconds) { return Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds * slower)); }

const Judge codes{rule::REQ_2, [](const Trace& trace) {
                    for (const Callback& callback : trace.callbacks)
                      if (callback.request && callback.code != ret_ok && callback.code != ret_err) return breach("0 or 1", "another code", {callback.entered});
                    return exercised_if(!trace.callbacks.empty());
                  }, {}};
const Judge one_answer{rule::REQ_1, [](const Trace& trace) {
                         for (const Request& request : trace.requests)
                           if (request.accepted() && request.terminal_callbacks().size() > 1) return breach("one", "more", {request.call->entered});
                         return exercised_if(!trace.requests.empty());
                       }, {}};
const Judge lives{rule::REQ_22, [](const Trace& trace) {
                    if (trace.ending.kind == EndKind::crashed) return breach_by_ending("it lives", "a crash");
                    return exercised_if(!trace.requests.empty());
                  }, {}};
// What a process's earlier programs left shows in the ids of its listeners, of which one run makes one only.
const Judge few_listeners{rule::EVT_1, [](const Trace& trace) {
                            for (const Listener& listener : trace.listeners)
                              if (listener.added() && listener.id > 3000 && trace.listeners.size() < 10) return breach("an id below 3000", "one above", {listener.add->entered});
                            return exercised_if(!trace.listeners.empty());
                          }, {}};

// A breach as the bulk of a run would have seen it.
Sighting first_sighting(Bench& bench, const Judge& judge, const Program& program, int runs) {
  bench.fresh();
  auto seen = bench.seek(judge, program, runs, in(30));
  EXPECT_TRUE(seen) << to_text(program);
  return seen ? *seen : Sighting{};
}

const char* const long_program =
    "program fresh_threads\n"
    "A  c1 = create text(4,1)\n"
    "B  c2 = create text(9,3)\n"
    "A  l1 = listen c1 event { r5 = request c1 echo text(12,1); remove l1 }\n"
    "C  r1 = request c2 echo text(300,3) x4\n"
    "A  r2 = request c1 emit text(16,4) #3\n"
    "B  r3 = request c1 empty text(20,5) x3 { r6 = request c2 echo text(12,2) }\n"
    "A  h1 = register c2 { complete h1.0 ok text(5,2) }\n"
    "A  r4 = request c2 call_host text(16,6)\n"
    "A  wait r3\n"
    "A  wait r4\n"
    "B  destroy c2\n"
    "A  destroy c1\n";

TEST(Confirm, ADeterministicBreachIsSeenAgainWithoutHistory) {
  Bench bench(setup_for(faulty("REQ-2_code_7")), probe());
  const Program program = parse_program(long_program);
  Counterexample example = confirm(bench, codes, program, first_sighting(bench, codes, program, 1), {parse_program("A  c1 = create\n")}, in(12));
  EXPECT_TRUE(example.reproduced);
  EXPECT_TRUE(example.history.empty());
  EXPECT_EQ(example.tries, 1);
  EXPECT_EQ(example.sighting.verdict.outcome, Outcome::breach);
  EXPECT_TRUE(example.program == program);
}

TEST(Shrink, EndsAtTheFewestSteps) {
  Bench bench(setup_for(faulty("REQ-1_twice")), probe());
  const Program program = parse_program(long_program);
  Counterexample example = confirm(bench, one_answer, program, first_sighting(bench, one_answer, program, 1), {}, in(12));
  shrink(bench, one_answer, example, {300, 10 * slower});
  // A create and a request: whether it is answered or cancelled, it is twice.
  EXPECT_EQ(count_steps(example.program), 2) << to_text(example.program);
  EXPECT_LE(example.candidates, 301);
  // The sighting is of this very program.
  EXPECT_EQ(example.sighting.verdict.outcome, Outcome::breach);
  for (const Call& call : example.sighting.trace->calls) EXPECT_TRUE(call.step == 0 || find_step(example.program, call.step));
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(bench.seek(one_answer, example.program, 1, in(10)));
}

// With a judge that every run of a candidate either satisfies or not, the end is the minimum in all respects.
TEST(Shrink, EndsAtOneThreadAndTheSmallestNumbers) {
  const Judge submits_empty{rule::REQ_2, [](const Trace& trace) {
                              for (const Request& request : trace.requests)
                                if (request.role == RoleName::empty && request.accepted()) return breach("no empty", "one", {request.call->entered});
                              return exercised_if(!trace.requests.empty());
                            }, {}};
  Bench bench(setup_for(FFI_CTS_PROBE), probe());
  const Program program = parse_program(long_program);
  Counterexample example = confirm(bench, submits_empty, program, first_sighting(bench, submits_empty, program, 1), {}, in(12));
  ASSERT_TRUE(example.reproduced);
  EXPECT_EQ(example.tries, 1);
  shrink(bench, submits_empty, example, {300, 10 * slower});
  EXPECT_EQ(to_text(example.program), "A  c1 = create\nA  r3 = request c1 empty\n");
}

// A breach that comes every time must not shrink to one that comes by luck.
TEST(Shrink, WhatComesEveryTimeStillDoesWhenShrunk) {
  Bench bench(setup_for(faulty("REQ-2_code_7")), probe());
  const Program program = parse_program(long_program);
  Counterexample example = confirm(bench, codes, program, first_sighting(bench, codes, program, 1), {}, in(12));
  ASSERT_EQ(example.tries, 1);
  shrink(bench, codes, example, {300, 10 * slower});
  EXPECT_EQ(to_text(example.program), "A  c1 = create\nA  r3 = request c1 empty\n");
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(bench.seek(codes, example.program, 1, in(10))) << "run " << i << " of\n" << to_text(example.program);
}

TEST(Shrink, KeepsToItsBudgetOfCandidates) {
  Bench bench(setup_for(faulty("REQ-2_code_7")), probe());
  const Program program = parse_program(long_program);
  Counterexample example = confirm(bench, codes, program, first_sighting(bench, codes, program, 1), {}, in(12));
  const int before = bench.runs();
  shrink(bench, codes, example, {5, 10 * slower});
  // Of five candidates each may be accepted: then it is run 24 times more, and in 12 new processes.
  EXPECT_LE(bench.runs() - before, 5 * (example.tries + 24) + 6 * 12);
  EXPECT_LE(example.candidates, 6);
}

TEST(Shrink, DoesNothingToWhatWasNotReproduced) {
  Bench bench(setup_for(FFI_CTS_PROBE), probe());
  Counterexample example{parse_program(long_program), {}, {}, 1, false, 0};
  shrink(bench, codes, example, {});
  EXPECT_EQ(bench.runs(), 0);
  EXPECT_EQ(to_text(example.program), long_program);
}

TEST(Confirm, WhatTheProbeDoesNotDoIsNotReproduced) {
  Bench bench(setup_for(FFI_CTS_PROBE), probe());
  const Program program = parse_program("A  c1 = create\nA  r1 = request c1 empty\nA  wait r1\n");
  Counterexample example = confirm(bench, codes, program, {}, {program, program}, in(12));
  EXPECT_FALSE(example.reproduced);
  EXPECT_TRUE(example.history.empty());
}

TEST(Confirm, RunsThatPileUpAreAHistory) {
  Bench bench(setup_for(faulty("REQ-22_aborts_on_the_50th_of_the_process")), probe());
  const Program program = parse_program("A  c1 = create\nA  r1 = request c1 echo text(16,1) x2\nA  wait all\nA  destroy c1\n");
  Counterexample example = confirm(bench, lives, program, first_sighting(bench, lives, program, 100), {}, in(12));
  ASSERT_TRUE(example.reproduced);
  ASSERT_EQ(example.history.size(), 1u);
  EXPECT_TRUE(example.history[0].first == program);
  EXPECT_EQ(example.history[0].second, 24);  // and the twenty-fifth has the 50th request
  EXPECT_FALSE(example.sighting.trace->completed());
  // The history is enough, and needed.
  EXPECT_TRUE(bench.seek_after(example.history, lives, example.program, 1, in(20)));
  bench.fresh();
  EXPECT_FALSE(bench.seek(lives, example.program, 1, in(20)));
}

TEST(Shrink, KeepsTheHistoryOfRunsThatPileUpInStep) {
  Bench bench(setup_for(faulty("REQ-22_aborts_on_the_50th_of_the_process")), probe());
  const Program program =
      parse_program("A  c1 = create text(4,1)\nA  l1 = listen c1 event\nA  r1 = request c1 echo text(16,1)\nA  r2 = request c1 emit text(16,2)\nA  wait all\nA  destroy c1\n");
  Counterexample example = confirm(bench, lives, program, first_sighting(bench, lives, program, 100), {}, in(12));
  ASSERT_TRUE(example.reproduced);
  shrink(bench, lives, example, {300, 20 * slower});
  EXPECT_EQ(count_steps(example.program), 2) << to_text(example.program);
  ASSERT_EQ(example.history.size(), 1u);
  EXPECT_EQ(example.history[0].second, 49);
  EXPECT_TRUE(bench.seek_after(example.history, lives, example.program, 1, in(20)));
}

TEST(Confirm, AHistoryOfOtherProgramsIsBisectedToTheOnesThatAreNeeded) {
  Bench bench(setup_for(FFI_CTS_PROBE), probe());
  const Program program = parse_program("A  c1 = create\nA  l1 = listen c1 event\nA  destroy c1\n");
  const Program harmless = parse_program("A  c1 = create\nA  r1 = request c1 echo text(16,1)\nA  wait r1\nA  destroy c1\n");
  const Program culprit = parse_program("A  c1 = create\nA  l1 = listen c1 event x4000\nA  destroy c1\n");
  std::vector<Program> earlier(9, harmless);
  earlier.insert(earlier.begin() + 4, culprit);
  Counterexample example = confirm(bench, few_listeners, program, {}, earlier, in(20));
  ASSERT_TRUE(example.reproduced);
  ASSERT_EQ(example.history.size(), 1u);
  EXPECT_TRUE(example.history[0].first == culprit);
  EXPECT_TRUE(bench.seek_after(example.history, few_listeners, program, 1, in(10)));
}

TEST(Bench, ReplacesAWorkerThatDiesAndGoesOn) {
  Bench bench(setup_for(faulty("REQ-22_aborts_on_the_50th_of_the_process")), probe());
  const Program fatal = parse_program("A  c1 = create\nA  r1 = request c1 echo x60\nA  wait all\n"), good = parse_program("A  c1 = create\nA  r1 = request c1 echo\nA  wait all\n");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(bench.once(fatal, false)->ending.kind, EndKind::crashed);
    EXPECT_TRUE(bench.once(good, false)->completed());
  }
  EXPECT_EQ(bench.runs(), 6);
}

TEST(Bench, SaysInWhichRunABreachCame) {
  Bench bench(setup_for(faulty("REQ-22_aborts_on_the_50th_of_the_process")), probe());
  const Program program = parse_program("A  c1 = create\nA  r1 = request c1 echo x10\nA  wait all\n");
  auto seen = bench.seek(lives, program, 20, in(20));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->run, 5);
  bench.fresh();
  EXPECT_FALSE(bench.seek(lives, program, 4, in(20)));
}

}  // namespace
}  // namespace ffi_cts
