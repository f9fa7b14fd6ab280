// Shrinking proposals: simpler each time, valid each time, and enough of them to reach the minimum.
#include <gtest/gtest.h>
#include <rapidcheck/Random.h>
#include <rapidcheck/Shrinkable.h>

#include <functional>
#include <map>

#include "harness/generate/generate.hpp"
#include "harness/program/text.hpp"

namespace ffi_cts {
namespace {

const Interface& probe() {
  static const Interface interface = load_interface(FFI_CTS_SOURCE_DIR "/reference/libraries/probe/probe.toml");
  return interface;
}

using Wanted = std::function<bool(const Program&)>;

// Takes the first candidate that is wanted, over and over. Counts the candidates looked at.
Program shrunk(Program program, const Wanted& wanted, int& looked_at) {
  for (bool better = true; better;) {
    better = false;
    rc::Seq<Program> candidates = simpler(program);
    while (auto candidate = candidates.next()) {
      if (++looked_at > 20'000) return program;
      if (!wanted(*candidate)) continue;
      program = std::move(*candidate);
      better = true;
      break;
    }
  }
  return program;
}

bool any(const std::vector<Step>& steps, const std::function<bool(const Step&)>& is) {
  for (const Step& step : steps)
    if (is(step) || any(step.body, is)) return true;
  return false;
}

bool removes_inside_an_event(const Program& program) {
  return any(program.steps, [](const Step& step) {
    return step.verb == Verb::listen && any(step.body, [](const Step& inner) { return inner.verb == Verb::remove; });
  });
}

Features without_the_costly() {
  Features features = applicable_features(probe());
  for (Feature f : {Feature::many_listeners, Feature::many_events, Feature::huge_payload, Feature::native}) set(features, f, false);
  return features;
}

TEST(Simpler, NeverYieldsAnEqualOrAnInvalidProgram) {
  int looked_at = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Program program = programs(probe(), without_the_costly(), {})(rc::Random(seed), 100).value();
    rc::Seq<Program> candidates = simpler(program);
    int of_this = 0;
    while (auto candidate = candidates.next()) {
      ASSERT_LT(++of_this, 100'000);
      ASSERT_FALSE(*candidate == program) << to_text(program);
      ASSERT_NE(to_text(*candidate), to_text(program)) << "a step changed where its text shows nothing";
      ASSERT_LE(count_steps(*candidate), count_steps(program));
      if (++looked_at % 7) continue;
      ASSERT_NO_THROW(ASSERT_TRUE(parse_program(to_text(*candidate)) == *candidate)) << to_text(*candidate);
    }
  }
  EXPECT_GT(looked_at, 10'000);
}

TEST(Simpler, EndsAtNothingWhenEverythingIsWanted) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    int looked_at = 0;
    const Program least = shrunk(programs(probe(), without_the_costly(), {2, false})(rc::Random(seed), 100).value(), [](const Program&) { return true; }, looked_at);
    EXPECT_TRUE(least.steps.empty()) << to_text(least);
    EXPECT_TRUE(simpler(least).next() == rc::Maybe<Program>()) << "something simpler than nothing";
    EXPECT_LT(looked_at, 2000);
  }
}

// Also the slowest way down ends: only the last candidate is taken each time.
TEST(Simpler, EndsWhenTheLastCandidateIsTakenEachTime) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Features few;
    for (Feature f : {Feature::emit, Feature::listen, Feature::in_event, Feature::nested_remove, Feature::several_threads}) set(few, f);
    Program program = programs(probe(), few, {})(rc::Random(seed), 100).value();
    int taken = 0;
    for (bool better = true; better; ++taken) {
      ASSERT_LT(taken, 3000) << to_text(program);
      better = false;
      rc::Seq<Program> candidates = simpler(program);
      Program last;
      while (auto candidate = candidates.next()) {
        last = std::move(*candidate);
        better = true;
      }
      if (better) program = std::move(last);
    }
  }
}

TEST(Simpler, ARemoveInsideAnEventShrinksToThreeSteps) {
  std::string text = "program fresh_threads\nA  c1 = create text(4,1)\nB  c2 = create create_slow 5ms\n";
  for (int i = 1; i <= 12; ++i) text += "C  r" + std::to_string(i) + " = request c1 emit text(16,1) #3 { r" + std::to_string(100 + i) + " = request c2 echo }\n";
  text += "D  l1 = listen c2 * { park 100us; remove l1; destroy c2 }\nA  wait all\nA  destroy c1\n";
  const Program program = parse_program(text);
  ASSERT_GE(count_steps(program), 30);
  int looked_at = 0;
  const Program least = shrunk(program, removes_inside_an_event, looked_at);
  EXPECT_EQ(to_text(least), "A  c2 = create\nA  l1 = listen c2 event { remove l1 }\n");
  EXPECT_LT(looked_at, 300);  // the budget of a real shrink
}

// Where the remove is of another listener than its own, or stands on another context, greed may end above the minimum.
TEST(Simpler, MostGeneratedProgramsShrinkToTheMinimumAndAllComeNear) {
  std::map<int, int> sizes;
  int tried = 0;
  for (std::uint64_t seed = 0; tried < 40; ++seed) {
    ASSERT_LT(seed, 5000u);
    const Program program = programs(probe(), without_the_costly(), {2.5, false})(rc::Random(seed), 100).value();
    if (count_steps(program) < 30 || !removes_inside_an_event(program)) continue;
    ++tried;
    int looked_at = 0;
    const Program least = shrunk(program, removes_inside_an_event, looked_at);
    ++sizes[count_steps(least)];
    EXPECT_LE(count_steps(least), 8) << to_text(least);
    EXPECT_EQ(count_threads(least), 1);
    EXPECT_FALSE(least.fresh_process || least.fresh_threads || least.signal_storm || least.many_descriptors || least.schedule);
    EXPECT_LT(looked_at, 1500) << to_text(least);
  }
  EXPECT_EQ(sizes.begin()->first, 3);
  EXPECT_GE(sizes[3], 20);
}

TEST(Simpler, WhatACallbackDoesIsDoneOutsideWhereThatServes) {
  const Program program = parse_program("A  c1 = create\nB  r1 = request c1 echo { r2 = request c1 empty { unregister c1 null } }\n");
  int looked_at = 0;
  const auto unregisters = [](const Program& p) { return any(p.steps, [](const Step& s) { return s.verb == Verb::unregister; }); };
  EXPECT_EQ(to_text(shrunk(program, unregisters, looked_at)), "A  c1 = create\nA  unregister c1\n");
}

TEST(Simpler, ACompletionBecomesOneOfNoCallWhereThatServes) {
  const Program program = parse_program(
      "A  c1 = create\nA  c2 = create\nA  h1 = register c1 prefix\nA  complete @dead c1 h1.2 err text(4,1)\n");
  int looked_at = 0;
  const auto completes = [](const Program& p) { return any(p.steps, [](const Step& s) { return s.verb == Verb::complete; }); };
  EXPECT_EQ(to_text(shrunk(program, completes, looked_at)), "A  c1 = create\nA  complete @dead c1 id(0) ok\n");
  const auto of_a_call = [](const Program& p) { return any(p.steps, [](const Step& s) { return s.verb == Verb::complete && s.object; }); };
  EXPECT_EQ(to_text(shrunk(program, of_a_call, looked_at)), "A  c1 = create\nA  h1 = register c1\nA  complete @dead c1 h1.0 ok\n");
}

TEST(Simpler, OneOfManyRequestsOverRoundsTakesTheirPlace) {
  const Program program = parse_program(
      "program rounds(14)\nA  c1 = create\nA  l1 = listen c1 event\nA  r1 = request c1 fail x100\nA  r2 = request c1 echo text(4,1) x300\nA  r3 = request c1 empty x100\n");
  int looked_at = 0;
  const auto grows = [](const Program& p) {
    std::uint32_t requests = 0, echoes = 0;
    for (const Step& step : p.steps) {
      requests += step.verb == Verb::request ? step.repeat : 0;
      echoes += step.verb == Verb::request && step.role == RoleName::echo;
    }
    return p.rounds * requests >= 14 * 500 && echoes > 0;
  };
  EXPECT_EQ(to_text(shrunk(program, grows, looked_at)), "program rounds(14)\nA  c1 = create\nA  r2 = request c1 echo x500\n");
}

TEST(Simpler, NumbersAndNamesBecomeTheirLeast) {
  const Program program = parse_program(
      "program fresh_process fresh_threads signal_storm many_descriptors schedule(7) rounds(9)\n"
      "B  c1 = create create_slow text(40,9) 5ms x20\n"
      "C  r1 = request c1 emit text(4096,77) 3ms #500 !lenient x33 { park 200us }\n"
      "D  l1 = listen c1 huge same_function\n");
  int looked_at = 0;
  const Program least = shrunk(program, [](const Program& p) { return p.steps.size() == 3; }, looked_at);
  // Role and name become the plainest, numbers the least.
  EXPECT_EQ(to_text(least), "A  c1 = create\nA  r1 = request c1 echo\nA  l1 = listen c1 event\n");
}

TEST(Simpler, ANumberThatMattersIsFound) {
  const Program program = parse_program("A  c1 = create\nA  r1 = request c1 emit text(4096,77) #500 x33\n");
  int looked_at = 0;
  const Program least = shrunk(
      program,
      [](const Program& p) { return any(p.steps, [](const Step& s) { return s.verb == Verb::request && s.payload.size >= 1021 && s.repeat >= 7; }); }, looked_at);
  EXPECT_EQ(least.steps.at(1).repeat, 7u);
  EXPECT_EQ(least.steps.at(1).payload.size, 1021u);
  EXPECT_EQ(least.steps.at(1).count, 1u);
}

}  // namespace
}  // namespace ffi_cts
