// Judges of chapter 8 on hand-written traces: handles, and how many contexts there may be.
#include <gtest/gtest.h>

#include "conformance/rules/common.hpp"
#include "harness/trace/recording.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;

Outcome outcome(spec::RuleId id, const Recording& t) {
  return judge(id, t.trace()).outcome;
}

struct Open : testing::Test {
  Recording t;
  Recording::ContextId c = t.create();
};

// ---- Handles --------------------------------------------------------------------------------------------------------

using Handles = Open;

TEST_F(Handles, destroying_null_is_refused_or_a_breach) {
  EXPECT_EQ(outcome(rule::END_4, t), Outcome::not_exercised);
  t.destroy(c, {.result = 1, .handle = HandleKind::null});
  EXPECT_EQ(outcome(rule::END_4, t), Outcome::pass);
  t.destroy(c, {.handle = HandleKind::null});
  EXPECT_EQ(outcome(rule::END_4, t), Outcome::breach);
}

TEST_F(Handles, a_crash_while_destroying_null_is_its_breach) {
  t.begin_destroy(c, {.handle = HandleKind::null});
  t.crash();
  EXPECT_TRUE(judge(rule::END_4, t.trace()).owns_ending);
}

TEST_F(Handles, a_destroyed_one_that_every_export_refuses_passes) {
  const auto l = t.listen(c);
  const auto h = t.call_host(t.reg(c));
  t.destroy(c);
  EXPECT_EQ(outcome(rule::END_5, t), Outcome::not_exercised);
  t.destroy(c, {.result = 1});
  t.request(c, RoleName::echo, {.result = 1});
  t.listen(c, {.result = 0});
  t.remove(l, {.result = 1});
  t.reg(c, {.result = 1});
  t.complete(h, {.result = 0});
  EXPECT_EQ(outcome(rule::END_5, t), Outcome::pass) << "a late completion may be dropped";
}

TEST_F(Handles, a_destroyed_one_that_an_export_takes_is_a_breach) {
  const auto l = t.listen(c);
  t.destroy(c);
  Recording destroy = t, request = t, listen = t, remove = t, reg = t;
  destroy.destroy(c);
  request.request(c, RoleName::echo);
  listen.listen(c);
  remove.remove(l);
  reg.reg(c);
  for (const Recording* each : {&destroy, &request, &listen, &remove, &reg})
    EXPECT_EQ(outcome(rule::END_5, *each), Outcome::breach);
}

TEST_F(Handles, a_destroyed_one_whose_place_may_be_taken_breaks_only_the_should) {
  t.destroy(c);
  t.create();
  t.request(c, RoleName::echo);
  EXPECT_EQ(outcome(rule::END_5, t), Outcome::not_exercised);
  EXPECT_EQ(outcome(rule::END_6, t), Outcome::breach);
}

TEST_F(Handles, a_replaced_one_that_is_refused_passes) {
  t.destroy(c);
  t.create();
  t.request(c, RoleName::echo, {.result = 1});
  EXPECT_EQ(outcome(rule::END_6, t), Outcome::pass);
}

TEST_F(Handles, a_crash_with_a_destroyed_one_belongs_to_it) {
  t.destroy(c);
  Recording replaced = t;
  t.begin_request(c, RoleName::echo);
  t.crash();
  replaced.create();
  replaced.begin_request(c, RoleName::echo);
  replaced.crash();
  EXPECT_TRUE(judge(rule::END_5, t.trace()).owns_ending);
  EXPECT_TRUE(judge(rule::END_6, replaced.trace()).owns_ending);
}

TEST_F(Handles, garbage_is_refused_or_a_breach) {
  EXPECT_EQ(outcome(rule::END_7, t), Outcome::not_exercised);
  t.request(c, RoleName::echo, {.result = 1, .handle = HandleKind::noise});
  t.destroy(c, {.result = 1, .handle = HandleKind::odd});
  EXPECT_EQ(outcome(rule::END_7, t), Outcome::pass);
  t.listen(c, {.handle = HandleKind::zeros});
  EXPECT_EQ(outcome(rule::END_7, t), Outcome::breach);
}

TEST_F(Handles, a_crash_with_garbage_belongs_to_it) {
  t.begin_destroy(c, {.handle = HandleKind::unmapped});
  t.crash();
  EXPECT_TRUE(judge(rule::END_7, t.trace()).owns_ending);
  EXPECT_EQ(outcome(rule::END_4, t), Outcome::not_exercised);
}

// ---- END-13 ---------------------------------------------------------------------------------------------------------

struct Limit : testing::Test {
  Recording t;
  Limit() { t.interface.contract.max_contexts = 2; }
};

TEST_F(Limit, reached_cleanly_and_left_again_passes) {
  const auto first = t.create();
  t.create();
  EXPECT_EQ(outcome(rule::END_13, t), Outcome::not_exercised);
  t.create_only(RoleName::create, {.result = 0});
  t.destroy(first);
  t.create();
  EXPECT_EQ(outcome(rule::END_13, t), Outcome::pass);
}

TEST_F(Limit, passed_is_a_breach) {
  for (int i = 0; i < 3; ++i) t.create();
  EXPECT_EQ(outcome(rule::END_13, t), Outcome::breach);
}

TEST_F(Limit, reached_without_an_error_is_a_breach) {
  t.create();
  t.create();
  t.create_only(RoleName::create, {.result = 0, .refusals = 0});
  EXPECT_EQ(outcome(rule::END_13, t), Outcome::breach);
}

TEST_F(Limit, that_stays_reached_after_a_destroy_is_a_breach) {
  const auto first = t.create();
  t.create();
  t.create_only(RoleName::create, {.result = 0});
  t.destroy(first);
  t.create_only(RoleName::create, {.result = 0});
  EXPECT_EQ(outcome(rule::END_13, t), Outcome::breach);
}

TEST_F(Limit, that_is_not_stated_is_not_judged) {
  t.interface.contract.max_contexts.reset();
  for (int i = 0; i < 3; ++i) t.create();
  EXPECT_EQ(outcome(rule::END_13, t), Outcome::not_exercised);
}

}  // namespace
}  // namespace ffi_cts::rules
