// Judges of chapter 5 on hand-written traces: events under load.
#include <gtest/gtest.h>

#include "conformance/rules/common.hpp"
#include "harness/trace/recording.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;

Outcome outcome(spec::RuleId id, const Recording& t) {
  return judge(id, t.trace()).outcome;
}

struct Crowd : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();
  Recording::ListenerId l = t.listen(c);
  Recording::ListenerId other = t.listen(c);

  Recording::RequestId emit(std::initializer_list<Recording::ListenerId> audience) {
    const auto r = t.request(c, RoleName::emit);
    for (const auto& listener : audience) t.hear(listener, r);
    t.reply(r);
    return r;
  }
};

// ---- EVT-16, EVT-17, EVT-19 -----------------------------------------------------------------------------------------

using Churn = Crowd;

TEST_F(Churn, that_costs_a_listener_the_event_is_a_breach) {
  const auto r = t.request(c, RoleName::emit, {.thread = 0});
  const auto removal = t.begin_remove(other, {.thread = 1});
  t.reply(r);
  t.leave(removal);
  t.wait(l, ObjectKind::listener, true);
  EXPECT_EQ(outcome(rule::EVT_16, t), Outcome::breach);
}

TEST_F(Churn, that_costs_nothing_passes) {
  const auto r = t.request(c, RoleName::emit, {.thread = 0});
  const auto adding = t.begin_listen(c, {.thread = 1});
  t.hear(l, r);
  t.hear(other, r);
  t.leave(adding);
  t.reply(r);
  EXPECT_EQ(outcome(rule::EVT_16, t), Outcome::pass);
}

TEST_F(Churn, before_the_emission_is_none) {
  t.listen(c, {.thread = 1});
  emit({});
  t.wait(l, ObjectKind::listener, true);
  EXPECT_EQ(outcome(rule::EVT_16, t), Outcome::not_exercised);
}

struct Burst : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();
  Recording::ListenerId l = t.listen(c);
  Recording::RequestId burst = t.request(c, RoleName::emit, {.count = 1200});
  void hear(int count) {
    for (int i = 0; i < count; ++i) t.hear(l, burst);
  }
};

TEST_F(Burst, delivered_whole_passes) {
  hear(1200);
  t.reply(burst);
  t.reply(t.request(c, RoleName::echo));
  EXPECT_EQ(outcome(rule::EVT_17, t), Outcome::pass);
}

TEST_F(Burst, of_which_some_are_lost_silently_is_a_breach) {
  hear(1024);
  t.reply(burst);
  EXPECT_EQ(outcome(rule::EVT_17, t), Outcome::not_exercised) << "the rest may still come";
  t.wait(l, ObjectKind::listener, true);
  EXPECT_EQ(outcome(rule::EVT_17, t), Outcome::breach);
}

TEST_F(Burst, whose_loss_is_told_passes) {
  hear(1024);
  t.reply(burst, {.code = ret_err});
  t.wait(l, ObjectKind::listener, true);
  EXPECT_EQ(outcome(rule::EVT_17, t), Outcome::pass);
}

TEST_F(Burst, after_which_the_context_refuses_is_a_breach) {
  hear(1024);
  t.reply(burst, {.code = ret_err});
  t.wait(l, ObjectKind::listener, true);
  t.request(c, RoleName::echo, {.result = 1});
  EXPECT_EQ(outcome(rule::EVT_17, t), Outcome::breach);
}

TEST_F(Burst, that_is_still_going_on_excuses_a_refusal) {
  t.request(c, RoleName::echo, {.result = 1});
  hear(1200);
  t.reply(burst);
  EXPECT_EQ(outcome(rule::EVT_17, t), Outcome::pass);
}

TEST(ManyListeners, that_are_all_added_and_hear_pass) {
  Recording t;
  const auto c = t.create();
  std::vector<Recording::ListenerId> all;
  for (int i = 0; i < 1100; ++i) all.push_back(t.listen(c));
  const auto r = t.request(c, RoleName::emit);
  for (const auto& l : all) t.hear(l, r);
  t.reply(r);
  t.wait(c, ObjectKind::context, true);
  EXPECT_EQ(outcome(rule::EVT_19, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::EVT_4, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::EVT_20, t), Outcome::pass);
}

TEST(ManyListeners, of_which_the_thousand_and_first_is_refused_are_a_breach) {
  Recording t;
  const auto c = t.create();
  for (int i = 0; i < 1000; ++i) t.listen(c);
  EXPECT_EQ(outcome(rule::EVT_19, t), Outcome::not_exercised);
  t.listen(c, {.result = 0});
  EXPECT_EQ(outcome(rule::EVT_19, t), Outcome::breach);
}

TEST(ManyListeners, whose_additions_grow_dearer_than_their_number_are_a_breach_of_times) {
  const auto run = [](std::uint64_t last_ms) {
    Recording t;
    const auto c = t.create();
    for (int i = 0; i < 10'000; ++i) {
      const auto l = t.begin_listen(c);
      if (i >= 9'000) t.advance_ms(last_ms);
      t.leave(l);
    }
    return judge(rule::EVT_19, t.trace());
  };
  EXPECT_EQ(run(0).outcome, Outcome::pass);
  EXPECT_EQ(run(2).outcome, Outcome::breach);
  EXPECT_TRUE(run(2).timing);
}

}  // namespace
}  // namespace ffi_cts::rules
