// Judges of chapter 5 on hand-written traces: ids and registrations.
#include <gtest/gtest.h>

#include "conformance/rules/common.hpp"
#include "harness/trace/recording.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;

Outcome outcome(spec::RuleId id, const Recording& t) {
  const Verdict verdict = judge(id, t.trace());
  const bool told = !verdict.expected.empty() && !verdict.seen.empty() && !verdict.proof.empty();
  EXPECT_EQ(verdict.outcome == Outcome::breach, told);
  return verdict.outcome;
}

// ---- Ids ------------------------------------------------------------------------------------------------------------

TEST(Ids, new_growing_ones_pass) {
  Recording t;
  const auto c = t.create();
  t.listen(c);
  t.listen(c);
  EXPECT_EQ(outcome(rule::EVT_1, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::EVT_2, t), Outcome::pass);
}

TEST(Ids, one_given_out_again_is_a_breach) {
  Recording t;
  const auto c = t.create();
  const auto l = t.listen(c);
  t.remove(l);
  t.listen(c, {.id = l.id});
  EXPECT_EQ(outcome(rule::EVT_1, t), Outcome::breach);
}

TEST(Ids, zero_on_an_open_context_is_a_breach) {
  Recording t;
  const auto c = t.create();
  t.listen(c, {.result = 0});
  EXPECT_EQ(outcome(rule::EVT_1, t), Outcome::breach);
}

TEST(Ids, a_closing_context_may_refuse) {
  Recording t;
  const auto c = t.create();
  const auto destroy = t.begin_destroy(c, {.thread = 1});
  t.listen(c, {.thread = 0, .result = 0});
  t.leave(destroy);
  EXPECT_EQ(outcome(rule::EVT_1, t), Outcome::not_exercised);
}

TEST(Ids, a_context_that_counts_from_one_again_breaks_only_the_should) {
  Recording t;
  t.listen(t.create(), {.id = 1});
  t.listen(t.create(), {.id = 1});
  EXPECT_EQ(outcome(rule::EVT_1, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::EVT_2, t), Outcome::breach);
}

TEST(Ids, that_shrink_break_only_the_should) {
  Recording t;
  const auto c = t.create();
  t.listen(c, {.id = 7});
  t.listen(c, {.id = 5});
  EXPECT_EQ(outcome(rule::EVT_1, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::EVT_2, t), Outcome::breach);
}

TEST(Ids, of_additions_that_overlap_have_no_order) {
  Recording t;
  const auto c = t.create();
  const auto first = t.begin_listen(c, {.thread = 0, .id = 7}), second = t.begin_listen(c, {.thread = 1, .id = 5});
  t.leave(first);
  t.leave(second);
  EXPECT_EQ(outcome(rule::EVT_2, t), Outcome::pass);
}

TEST(NullCallback, refused_passes_and_accepted_is_a_breach) {
  Recording refused, accepted;
  refused.listen(refused.create(), {.result = 0, .misuse = Misuse::null_callback});
  accepted.listen(accepted.create(), {.misuse = Misuse::null_callback});
  EXPECT_EQ(outcome(rule::EVT_3, refused), Outcome::pass);
  EXPECT_EQ(outcome(rule::EVT_3, accepted), Outcome::breach);
  EXPECT_EQ(outcome(rule::EVT_1, refused), Outcome::not_exercised);
}

TEST(NullCallback, a_crash_inside_is_its_breach_and_a_crash_elsewhere_is_not) {
  Recording inside, elsewhere;
  inside.begin_listen(inside.create(), {.misuse = Misuse::null_callback});
  inside.crash();
  elsewhere.begin_listen(elsewhere.create());
  elsewhere.crash();
  EXPECT_TRUE(judge(rule::EVT_3, inside.trace()).owns_ending);
  EXPECT_EQ(outcome(rule::EVT_3, elsewhere), Outcome::not_exercised);
}

struct SharedFunction : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();
  Recording::ListenerId one = t.listen(c), two = t.listen(c, {.same_function = true});
};

TEST_F(SharedFunction, both_hear_passes) {
  const auto r = t.request(c, RoleName::emit);
  t.hear(one, r);
  t.hear(two, r);
  t.reply(r);
  EXPECT_EQ(outcome(rule::EVT_13, t), Outcome::pass);
  EXPECT_EQ(outcome(rule::EVT_4, t), Outcome::pass);
}

TEST_F(SharedFunction, one_that_never_hears_is_a_breach) {
  const auto r = t.request(c, RoleName::emit);
  t.hear(one, r);
  t.reply(r);
  t.wait(two, ObjectKind::listener, true);
  EXPECT_EQ(outcome(rule::EVT_13, t), Outcome::breach);
}

TEST_F(SharedFunction, one_that_hears_for_the_other_too_is_a_breach) {
  const auto r = t.request(c, RoleName::emit);
  const auto user_data = t.trace().listeners[0].user_data;
  t.hear(one, r);
  t.hear(two, r, {.user_data = user_data});
  t.reply(r);
  t.wait(two, ObjectKind::listener, true);
  EXPECT_EQ(outcome(rule::EVT_13, t), Outcome::breach);
  EXPECT_EQ(outcome(rule::EVT_15, t), Outcome::pass) << "whose function it is cannot be told";
}

TEST(SharedFunctions, the_same_id_is_a_breach) {
  Recording t;
  const auto c = t.create();
  const auto one = t.listen(c);
  t.listen(c, {.id = one.id, .same_function = true});
  EXPECT_EQ(outcome(rule::EVT_13, t), Outcome::breach);
}

TEST(UserData, as_given_passes_and_another_is_a_breach) {
  Recording t;
  const auto c = t.create();
  const auto l = t.listen(c);
  EXPECT_EQ(outcome(rule::EVT_15, t), Outcome::not_exercised);
  const auto r = t.request(c, RoleName::emit);
  t.hear(l, r);
  EXPECT_EQ(outcome(rule::EVT_15, t), Outcome::pass);
  t.hear(l, r, {.user_data = 99});
  EXPECT_EQ(outcome(rule::EVT_15, t), Outcome::breach);
}

}  // namespace
}  // namespace ffi_cts::rules
