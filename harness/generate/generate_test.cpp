// The generator: programs are valid whatever the dice say, and use what their swarm allows.
#include "harness/generate/generate.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/Random.h>
#include <rapidcheck/Shrinkable.h>

#include <map>

#include "harness/program/text.hpp"

namespace ffi_cts {
namespace {

const Interface& probe() {
  static const Interface interface = load_interface(FFI_CTS_SOURCE_DIR "/reference/libraries/probe/probe.toml");
  return interface;
}

Program generated(const Features& features, std::uint64_t seed, Tuning tuning = {}) { return programs(probe(), features, tuning)(rc::Random(seed), 100).value(); }

Features of(std::initializer_list<Feature> features) {
  Features out;
  for (Feature feature : features) set(out, feature);
  return out;
}

// What a program may show although its swarm does not say so: the generator cannot build the one without the other.
Features with_implied(Features swarm) {
  using F = Feature;
  const std::pair<F, Features> implied[] = {
      {F::create_slow, of({F::several_contexts})},
      {F::fresh_process, of({F::several_contexts})},   // each thread begins with one
      {F::create_fail, of({F::several_contexts})},
      {F::create_misuse, of({F::several_contexts, F::null_callback, F::null_payload, F::empty_payload, F::malformed, F::lenient, F::hostile})},
      {F::nested_create, of({F::several_contexts})},
      {F::nested_listen, of({F::listen})},
      {F::nested_complete, of({F::in_host_function, F::unknown_id})},  // where there is no host function yet
      {F::call_host, of({F::unknown_id})},
      {F::chain, of({F::in_reply, F::in_host_function, F::nested_complete})},
      {F::remove, of({F::unknown_id})},               // where there is no listener yet
      {F::huge_payload, of({F::big_payload})},         // a misuse makes a huge one smaller
      {F::dead_handle, of({F::destroy, F::several_contexts, F::listen, F::remove})},
  };
  const Features before = swarm;
  for (const auto& [feature, also] : implied)
    if (has(before, feature)) swarm |= also;
  set(swarm, F::echo);  // a library's first request must be something
  return swarm;
}

TEST(Generate, EveryProgramIsValidAndNormalized) {
  const Features all = applicable_features(probe());
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    rc::Random random(seed);
    const Features features = swarm(random.split(), all);
    Program program = programs(probe(), features, {})(random.split(), 100).value();
    ASSERT_FALSE(program.steps.empty());
    ASSERT_EQ(program.steps[0].verb, Verb::create) << seed;
    ASSERT_NO_THROW(parse_program(to_text(program))) << to_text(program);
    Program again = program;
    normalize(again);
    ASSERT_TRUE(again == program) << to_text(program);
  }
}

TEST(Generate, ProgramsUseWhatTheirSwarmAllowsAndWhatThatImplies) {
  const Features all = applicable_features(probe());
  Features seen;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    rc::Random random(seed);
    const Features features = swarm(random.split(), all);
    const Program program = programs(probe(), features, {})(random.split(), 100).value();
    const Features used = features_of(program);
    seen |= used;
    const Features beyond = used & ~with_implied(features);
    ASSERT_TRUE(beyond.none()) << "seed " << seed << " uses " << to_string(beyond) << "\n" << to_text(program);
  }
  const Features never = all & ~seen;
  EXPECT_TRUE(never.none()) << "never generated: " << to_string(never);
}

TEST(Generate, WithNothingAllowedOnlyCreatesEchoesAndWaitsAreMade) {
  for (std::uint64_t seed = 0; seed < 300; ++seed)
    for (const Step& step : generated({}, seed).steps) {
      ASSERT_TRUE(step.verb == Verb::create || step.verb == Verb::wait || (step.verb == Verb::request && step.role == RoleName::echo)) << to_text(step);
      ASSERT_TRUE(step.body.empty());
    }
}

TEST(Generate, ASwarmIsASubsetOfWhatIsAllowedAndSwarmsDiffer) {
  const Features all = applicable_features(probe());
  Features allowed = all;
  for (Feature f : {Feature::remove, Feature::in_event, Feature::hold, Feature::echo}) set(allowed, f, false);
  std::map<std::string, int> swarms;
  Features seen;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Features features = swarm(rc::Random(seed), allowed);
    ASSERT_TRUE((features & ~allowed).none());
    ++swarms[features.to_string()];
    seen |= features;
  }
  EXPECT_GT(swarms.size(), 1900u);
  EXPECT_TRUE(seen == allowed) << "never: " << to_string(allowed & ~seen);
  EXPECT_TRUE(swarm(rc::Random(1), {}).none());
}

TEST(Generate, TheSameRandomnessMakesTheSameProgram) {
  const Features all = applicable_features(probe());
  int differ = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    ASSERT_TRUE(generated(all, seed) == generated(all, seed));
    differ += !(generated(all, seed) == generated(all, seed + 1));
  }
  EXPECT_EQ(differ, 200);
}

TEST(Generate, WhatALibraryLacksIsNotApplicable) {
  Interface poor = probe();
  poor.roles.erase(RoleName::progress);
  poor.roles.erase(RoleName::create_fail);
  poor.contract.wildcard = false;
  const Features features = applicable_features(poor);
  for (Feature f : {Feature::progress, Feature::create_fail, Feature::wildcard, Feature::null_name}) EXPECT_FALSE(has(features, f));
  for (Feature f : {Feature::echo, Feature::create_slow, Feature::other_name}) EXPECT_TRUE(has(features, f));
}

TEST(Generate, ProgramsForALibraryWithFewRolesAskForNoOther) {
  Interface poor = probe();
  for (RoleName role : {RoleName::emit, RoleName::emit_fail, RoleName::call_host, RoleName::progress, RoleName::block, RoleName::create_slow, RoleName::create_fail})
    poor.roles.erase(role);
  const Features features = applicable_features(poor);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Program program = programs(poor, features, {})(rc::Random(seed), 100).value();
    const Features used = features_of(program);
    for (Feature f : {Feature::emit, Feature::emit_fail, Feature::call_host, Feature::progress, Feature::block, Feature::create_slow, Feature::create_fail})
      ASSERT_FALSE(has(used, f)) << to_text(program);
  }
}

TEST(Generate, TuningMakesLongerProgramsWithFewContexts) {
  Features all = applicable_features(probe());
  set(all, Feature::dead_handle, false);
  set(all, Feature::many_contexts, false);
  double plain = 0, longer = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    plain += static_cast<double>(generated(all, seed).steps.size());
    const Program program = generated(all, seed, {3, true});
    longer += static_cast<double>(program.steps.size());
    int contexts = 0;
    for (const Step& step : program.steps) contexts += step.verb == Verb::create;
    ASSERT_LE(contexts, 2) << to_text(program);
    ASSERT_FALSE(has(features_of(program), Feature::nested_create));
  }
  EXPECT_GT(longer, 2 * plain);
}

TEST(Features, AreReadFromTheProgram) {
  auto features = [](const char* text) { return to_string(features_of(parse_program(text))); };
  EXPECT_EQ(features("A  c1 = create\nA  wait c1\n"), "");
  EXPECT_EQ(features("A  c1 = create\nA  l1 = listen c1 * { remove l1 }\nB  destroy c1\n"), "listen, destroy, several threads, wildcard, in an event's callback, remove");
  EXPECT_EQ(features("A  c1 = create\nA  r1 = request c1 echo text(256,1) { park; destroy c1 }\n"), "echo, big payloads, in a reply's callback, destroy, park");
  EXPECT_EQ(features("A  c1 = create\nA  c2 = create\nA  h1 = register c1 null\nA  complete @other h1.0 ok\nA  r1 = request c1 empty { again #9; unregister c1 }\n"),
            "empty, several contexts, odd host function name, another context's handle, in a reply's callback, unregister, chain");
  EXPECT_EQ(features("A  c1 = create\nA  c2 = create !malformed\nA  remove @null id(3)\n"), "remove, several contexts, malformed request, misused create, unknown id, NULL handle");
}

}  // namespace
}  // namespace ffi_cts
