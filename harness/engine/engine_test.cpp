// The run: broken rules are found, shrunk and reported; the same seed finds the same.
#include "harness/engine/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>

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

// Toy judges: the harness's own tests need no more of the rules.
Verdict one_answer(const Trace& trace) {
  for (const Request& request : trace.requests)
    if (request.accepted() && request.terminal_callbacks().size() > 1) return breach("one", "more");
  return exercised_if(!trace.requests.empty());
}
Verdict right_codes(const Trace& trace) {
  for (const Callback& callback : trace.callbacks)
    if (callback.request && callback.code != ret_ok && callback.code != ret_err && callback.code != ret_stale_warn) return breach("0 or 1", "another");
  return exercised_if(!trace.callbacks.empty());
}
Verdict loads(const Trace& trace) {
  if (trace.calls.empty() && !trace.completed()) return breach_by_ending("it loads", "it does not");
  return exercised_if(true);
}
const std::vector<Judge> judges = {{rule::REQ_1, one_answer, {}}, {rule::REQ_2, right_codes, {}}};

RunOptions options_for(const std::string& library, std::uint64_t seed, std::uint64_t cases) {
  RunOptions options;
  options.setup.program = FFI_CTS_WORKER;
  options.setup.library = library;
  options.setup.interface_file = FFI_CTS_PROBE_TOML;
  options.setup.backstop_s *= slower;
  options.setup.give_up_s *= slower;
  options.seed = seed;
  options.cases = cases;
  options.seconds = 60 * slower;
  return options;
}
std::string faulty(const std::string& name) { return FFI_CTS_FAULTY "/" + name + ".so"; }

Result run(RunOptions options, std::span<const Judge> of = judges, std::span<const Scenario> scenarios = {}) {
  return Engine(std::move(options), probe(), of, scenarios).run();
}

TEST(Engine, ReportsTheBrokenRuleShrunkAndTheOtherAsPassed) {
  const Result result = run(options_for(faulty("REQ-1_twice"), 1, 100));
  ASSERT_EQ(result.rules.size(), 2u);
  const RuleResult& broken = result.rules[0];
  ASSERT_EQ(broken.rule, rule::REQ_1);
  ASSERT_EQ(broken.status, Status::fail);
  ASSERT_TRUE(broken.breach);
  EXPECT_GE(broken.first_case, 1u);
  EXPECT_GE(broken.breach->case_number, broken.first_case);  // a later one may have shown it shorter
  EXPECT_TRUE(broken.breach->example.reproduced);
  EXPECT_LE(count_steps(broken.breach->example.program), 3) << to_text(broken.breach->example.program);
  EXPECT_GE(broken.breach->original_steps, count_steps(broken.breach->example.program));
  EXPECT_GT(broken.breach->seen, 0);
  EXPECT_TRUE(broken.breach->with.empty());
  EXPECT_EQ(result.rules[1].status, Status::pass);
  EXPECT_FALSE(result.rules[1].breach);
  EXPECT_EQ(result.cases, 100u);
  EXPECT_EQ(result.lost_workers, 0u);
}

// A plant that is as sure as the program: no thread or teardown decides whether it shows.
TEST(Engine, FindsTheSameFirstCaseWithTheSameSeed) {
  const std::vector<Judge> of = {{rule::REQ_3,
                                  [](const Trace& trace) {
                                    for (const Context& context : trace.contexts)
                                      if (context.create->misuse == Misuse::null_callback && !context.create->inside && context.handle) return breach("NULL", "a handle");
                                    return exercised_if(!trace.contexts.empty());
                                  },
                                  {}}};
  std::vector<std::uint64_t> first;
  for (int i = 0; i < 2; ++i) {
    for (std::uint64_t seed : {3u, 4u, 5u, 6u}) {
      RunOptions options = options_for(faulty("REQ-3_creates"), seed, 2000);
      options.until = rule::REQ_3;
      const Result result = run(options, of);
      ASSERT_TRUE(result.rules[0].breach) << seed;
      first.push_back(result.rules[0].first_case);
    }
  }
  EXPECT_TRUE(std::equal(first.begin(), first.begin() + 4, first.begin() + 4));
  EXPECT_FALSE(first[0] == first[1] && first[1] == first[2] && first[2] == first[3]) << "seeds make no difference";
}

TEST(Engine, ShowsARuleAfterTheOneThatItYieldsTo) {
  const std::vector<Judge> of = {{rule::REQ_2, one_answer, {}, {rule::REQ_22}}, {rule::REQ_22, one_answer}};
  const Result result = run(options_for(faulty("REQ-1_twice"), 1, 60), of);
  ASSERT_TRUE(result.rules[0].breach && result.rules[1].breach);
  EXPECT_TRUE(result.rules[0].breach->beside);
  EXPECT_FALSE(result.rules[1].breach->beside);
}

TEST(Engine, PassesTheProbeAndCountsWhatItRan) {
  RunOptions options = options_for(FFI_CTS_PROBE, 1, 60);
  int shown = 0;
  options.progress = [&](const Result&) { ++shown; };
  const Result result = run(options);
  for (const RuleResult& rule : result.rules) {
    EXPECT_EQ(rule.status, Status::pass);
    EXPECT_GT(rule.exercised, 30u);
    EXPECT_EQ(rule.broken, 0u);
  }
  EXPECT_EQ(result.cases, 60u);
  EXPECT_TRUE(result.stopped.empty());
}

TEST(Engine, CountsTheCallsOfItsProgramsAndKnowsWhichOnesAreDue) {
  const Result result = run(options_for(FFI_CTS_PROBE, 1, 60));
  std::uint64_t creates = 0;
  for_each_cell([&](const CoverageCell& cell) { creates += cell.kind == CallKind::create ? result.coverage[cell] : 0; });
  EXPECT_GE(creates, 60u);
  EXPECT_EQ(result.goals, coverage_goals(probe()));
  EXPECT_LT(unreached(result.coverage, result.goals).size(), result.goals.size());
}

TEST(Engine, SaysWhichRuleItLooksCloserAtAndHowLongThatTook) {
  RunOptions options = options_for(faulty("REQ-1_twice"), 1, 40);
  std::optional<spec::RuleId> looked_at;
  options.progress = [&](const Result& result) {
    if (result.looking_at) looked_at = result.looking_at;
  };
  const Result result = run(options);
  EXPECT_EQ(looked_at, rule::REQ_1);
  EXPECT_FALSE(result.looking_at);
  EXPECT_GT(result.rules[0].investigated_s, 0);
  EXPECT_EQ(result.rules[1].investigated_s, 0);
}

TEST(Engine, ARuleWhoseNeedsTheInterfaceLacksIsNotApplicable) {
  Interface poor = probe();
  for (spec::RuleId id : {rule::REQ_1, rule::REQ_2}) EXPECT_FALSE(not_applicable(id.rule(), poor)) << id.id();
  poor.roles.erase(RoleName::create);
  EXPECT_TRUE(not_applicable(rule::REQ_1.rule(), poor));
  poor = probe();
  poor.contract.max_contexts.reset();
  ASSERT_TRUE(not_applicable(rule::END_13.rule(), poor));
  poor.contract.max_contexts = 8;
  EXPECT_FALSE(not_applicable(rule::END_13.rule(), poor));
}

TEST(Engine, ARunThatIsAfterNoApplicableRuleEndsAtOnce) {
  const std::vector<Judge> of = {{rule::THR_7, loads, {}}};
  const Result result = run(options_for(FFI_CTS_PROBE, 1, 1'000'000), of);
  EXPECT_EQ(result.cases, 0u);
  EXPECT_EQ(result.rules[0].status, Status::not_applicable);
}

TEST(Engine, ALibraryThatDiesWhileLoadingIsJudgedByThat) {
  const std::vector<Judge> of = {{rule::REQ_22, loads, {}}, {rule::REQ_1, one_answer, {}}};
  const Result result = run(options_for(FFI_CTS_FAULTY "/foreign/crash_on_load.so", 1, 50), of);
  EXPECT_EQ(result.stopped, "the library did not load");
  EXPECT_EQ(result.rules[0].status, Status::fail);
  EXPECT_EQ(result.rules[1].status, Status::not_exercised);
  EXPECT_EQ(result.cases, 0u);
}

TEST(Engine, ALibraryThatAlwaysDiesIsGivenUpAndTheRunEnds) {
  const Result result = run(options_for(FFI_CTS_FAULTY "/foreign/hang_in_create.so", 1, 1000));
  EXPECT_FALSE(result.stopped.empty());
  EXPECT_LT(result.cases, 100u);
  EXPECT_GE(result.lost_workers + 10, result.cases);  // one that makes no context may live
}

TEST(Engine, ScenariosRunBesideGeneratedProgramsUnlessLeftOut) {
  static bool seen;
  const std::vector<Judge> of = {{rule::REQ_1,
                                  [](const Trace& trace) {
                                    for (const Request& request : trace.requests) seen = seen || request.name == "r777";
                                    return exercised_if(true);
                                  },
                                  {}}};
  const std::vector<Scenario> scenarios = {{"one", parse_program("A  c1 = create\nA  r777 = request c1 echo text(16,1)\nA  wait all\n")}};
  seen = false;
  run(options_for(FFI_CTS_PROBE, 1, 9), of, scenarios);
  EXPECT_TRUE(seen);
  seen = false;
  RunOptions options = options_for(FFI_CTS_PROBE, 1, 9);
  options.generated_only = true;
  run(options, of, scenarios);
  EXPECT_FALSE(seen);
}

TEST(Engine, EndsAsSoonAsTheRuleAskedForIsFound) {
  RunOptions options = options_for(faulty("REQ-1_twice"), 1, 10'000);
  options.until = rule::REQ_1;
  const Result result = run(options);
  EXPECT_TRUE(result.rules[0].breach);
  EXPECT_LT(result.cases, 100u);
}

TEST(Engine, ABreachThatFollowsFromAnotherIsShownAsThat) {
  const std::vector<Judge> of = {{rule::REQ_1, one_answer, {}}, {rule::REQ_2, one_answer, {rule::REQ_1}}};
  RunOptions options = options_for(faulty("REQ-1_twice"), 1, 30);
  options.shrink = {3, 1};
  const Result result = run(options, of);
  EXPECT_TRUE(result.rules[0].breach);
  EXPECT_FALSE(result.rules[1].breach);
  EXPECT_EQ(result.rules[1].status, Status::fail);
  ASSERT_TRUE(result.rules[1].follows_from);
  EXPECT_EQ(*result.rules[1].follows_from, rule::REQ_1);
}

}  // namespace
}  // namespace ffi_cts
