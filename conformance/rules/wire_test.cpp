#include <gtest/gtest.h>

#include "conformance/rules/talk.hpp"

namespace ffi_cts::peer {
namespace {

using namespace spec::rule;
constexpr auto pass = Outcome::pass, breach = Outcome::breach, unknown = Outcome::unknown,
               not_exercised = Outcome::not_exercised;

// One echo, asked and answered.
Talk echoed(std::string_view step = "j1 echo conformance item(1,1)") {
  return Talk(step).sends(1, to_name(j1, echo_of(1))).hears(to_id(the_actor, j1, echo_of(1))).sees(Seen::settled);
}
// … and not answered.
Talk unanswered(std::string_view step) {
  return Talk(step).sends(1, to_name(j1, echo_of(1))).sees(Seen::stalled).leaves();
}

TEST(Wire1, FramesHaveTheHeadOfSendersAndOneItem) {
  EXPECT_EQ(echoed().leaves().by(WIRE_1), pass);
  EXPECT_EQ(Talk("wait").leaves().by(WIRE_1), not_exercised);
  EXPECT_EQ(Talk("wait").hears_content({0x41}, {0x80}, "no message").leaves().by(WIRE_1), breach);
  EXPECT_EQ(Talk("wait").hears_content({0x5a, 0, 0, 0, 2}, {0x80, 0x80}, "two items").leaves().by(WIRE_1), breach);
  EXPECT_EQ(Talk("wait").hears_content({0x7a, 0, 0, 0, 1}, {0x80}, "a text").leaves().by(WIRE_1), breach);
  EXPECT_EQ(Talk("wait").sees(Seen::unreadable, "begins no string").leaves().by(WIRE_1), breach);
}

TEST(Wire1, TheOutputOfAPeerThatWasKilledMayEndAnywhere) {
  Talk talk = echoed().sees(Seen::unreadable, "ends inside a frame").leaves();
  EXPECT_EQ(talk.by(WIRE_1), breach);
  talk.trace.killed = true;
  EXPECT_EQ(talk.by(WIRE_1), pass);
}

TEST(Wire1, AConnectionThatEndsBecauseNobodyReadMayEndAnywhere) {
  Talk talk =
      echoed("j1 flood 1000").sees(Seen::sent, "a flood").sees(Seen::unreadable, "ends inside a frame").leaves();
  talk.trace.flood = Flood{.event = 3, .held_back = true};
  EXPECT_EQ(talk.by(WIRE_1), pass);
  talk.trace.flood->event = 5;  // before the flood it may not
  EXPECT_EQ(talk.by(WIRE_1), breach);
}

TEST(Wire2, AnOddFrameIsTakenLikeAnyOther) {
  for (const char* step : {"j1 echo conformance item(1,1) cut(3)", "j1 echo conformance item(1,1) bytewise",
                           "j1 echo conformance item(1,1) head(t2)"}) {
    EXPECT_EQ(echoed(step).leaves().by(WIRE_2), pass);
    EXPECT_EQ(unanswered(step).by(WIRE_2), breach);
    EXPECT_EQ(unanswered(step).by(RMT_3), unknown);
  }
  EXPECT_EQ(echoed().leaves().by(WIRE_2), not_exercised);
  EXPECT_EQ(unanswered("j1 echo conformance item(1,1)").by(WIRE_2), unknown);
}

TEST(Wire2, TheSecondOfTwoFramesThatAreWrittenTogetherIsOddToo) {
  const Talk talk = Talk("j1 echo conformance item(1,1) +\nj1 echo conformance item(1,2)")
                        .sends(1, to_name(j1, echo_of(1)))
                        .sends(2, to_name(j1, echo_of(2)))
                        .hears(to_id(the_actor, j1, echo_of(1)))
                        .sees(Seen::stalled)
                        .leaves();
  EXPECT_EQ(talk.by(WIRE_2), breach);
  EXPECT_EQ(talk.judged(WIRE_2).proof, std::vector<Stamp>{1});
}

TEST(Wire2, WhatTheJudgeBrokeOffHimselfProvesNothing) {
  const Talk talk = Talk("j1 echo conformance item(1,1) cut(3)\nclose").sends(1, to_name(j1, echo_of(1))).leaves();
  EXPECT_EQ(talk.by(WIRE_2), not_exercised);
}

TEST(Wire345, WhatCannotBeTakenEndsTheConnectionWithAReason) {
  const std::pair<FaultClass, spec::RuleId> classes[] = {
      {FaultClass::frame, WIRE_3}, {FaultClass::shape, WIRE_4}, {FaultClass::message, WIRE_5}};
  for (const auto& [fault, rule] : classes) {
    const auto talk = [bad = fault] { return Talk("bad \"x\"").spoils(1, bad); };
    EXPECT_EQ(talk().hears(error_of("why")).sees(Seen::ended).sees(Seen::exited).by(rule), pass);
    EXPECT_EQ(talk().sees(Seen::ended).sees(Seen::exited).by(rule), breach);
    EXPECT_EQ(talk().sees(Seen::stalled).leaves().by(rule), breach);
    EXPECT_EQ(talk().hears(error_of("")).sees(Seen::ended).sees(Seen::exited).by(rule), breach);
    EXPECT_EQ(talk().hears(error_of("why")).sees(Seen::stalled).leaves().by(rule), breach);
    for (const auto& [other, other_rule] : classes)
      EXPECT_EQ(talk().sees(Seen::stalled).leaves().by(other_rule) == breach, other == fault);
  }
  EXPECT_EQ(echoed().leaves().by(WIRE_5), not_exercised);
}

TEST(Wire3, AFrameOfTheLimitIsTaken) {
  const Bytes large = [] {
    Bytes item;
    write_head(item, 2, 30'000);
    item.resize(item.size() + 30'000);
    return echo_of(1, item);
  }();
  const auto talk = [&] { return Talk("j1 echo conformance item(full,1)").sends(1, to_name(j1, large)); };
  EXPECT_EQ(talk().hears(to_id(the_actor, j1, large)).sees(Seen::settled).leaves().by(WIRE_3), pass);
  EXPECT_EQ(talk().hears(error_of("too long")).sees(Seen::ended).by(WIRE_3), breach);
  EXPECT_EQ(echoed().leaves().by(WIRE_3), not_exercised);
}

TEST(Wire4, WhatIsReceivedHasItsShape) {
  EXPECT_EQ(echoed().leaves().by(WIRE_4), pass);
  EXPECT_EQ(Talk("wait").leaves().by(WIRE_4), not_exercised);
  EXPECT_EQ(Talk("wait").hears_content({0x5a, 0, 0, 0, 1}, {0x80}, "an empty array").leaves().by(WIRE_4), breach);
  EXPECT_EQ(Talk("j1 proxy_id nobody")
                .sends(1, {MessageKind::proxy_id, j1, 7})
                .hears(error_of("unknown"))
                .sees(Seen::ended)
                .by(WIRE_4),
            breach);
}

TEST(Wire6, AnEchoIsTheSameBytes) {
  EXPECT_EQ(echoed().leaves().by(WIRE_6), pass);
  EXPECT_EQ(Talk("wait").leaves().by(WIRE_6), not_exercised);
  const Talk talk = Talk("j1 echo conformance item(1,1)")
                        .sends(1, to_name(j1, echo_of(1, {0x18, 0x01})))
                        .hears(to_id(the_actor, j1, echo_of(1, {0x01})))
                        .sees(Seen::settled)
                        .leaves();
  EXPECT_EQ(talk.by(WIRE_6), breach);
}

}  // namespace
}  // namespace ffi_cts::peer
