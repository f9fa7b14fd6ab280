#include <gtest/gtest.h>

#include "conformance/rules/talk.hpp"

namespace ffi_cts::peer {
namespace {

using namespace spec::rule;
constexpr auto pass = Outcome::pass, breach = Outcome::breach, not_exercised = Outcome::not_exercised;

// j1 asked who twice, with or without an exit between, and heard of these proxies.
Talk asked_twice(std::uint64_t first, std::uint64_t second, bool exit, std::uint64_t other = j1) {
  Talk talk("j1 who conformance\nj1 end \"boom\"\nj1 who conformance");
  talk.sends(1, to_name(j1, word("who"))).hears(to_id(the_actor, j1, words("proxy", first))).sees(Seen::settled);
  if (exit) talk.sends(2, exit_of(j1, "boom")).sees(Seen::settled);
  return talk.sends(3, to_name(other, word("who")))
      .hears(to_id(the_actor, other, words("proxy", second)))
      .sees(Seen::settled)
      .leaves();
}

TEST(Rmt1, OneProxyForEachRemoteId) {
  EXPECT_EQ(asked_twice(9, 9, false).by(RMT_1), pass);
  EXPECT_EQ(asked_twice(9, 10, false).by(RMT_1), breach);
  EXPECT_EQ(asked_twice(9, 10, true).by(RMT_1), pass);
  EXPECT_EQ(asked_twice(9, 9, false, j2).by(RMT_1), breach);
  EXPECT_EQ(Talk("wait").leaves().by(RMT_1), not_exercised);
}

TEST(Rmt7, AnExitRemovesTheRow) {
  EXPECT_EQ(asked_twice(9, 10, true).by(RMT_7), pass);
  EXPECT_EQ(asked_twice(9, 9, true).by(RMT_7), breach);
  EXPECT_EQ(asked_twice(9, 9, false).by(RMT_7), not_exercised);
}

TEST(Rmt7, AMessageAfterAnExitThatIsLostIsLostByTheStaleRow) {
  const Talk talk = Talk("j1 end \"boom\"\nj1 echo conformance item(1,1)")
                        .sends(1, exit_of(j1, "boom"))
                        .sees(Seen::settled)
                        .sends(2, to_name(j1, echo_of(2)))
                        .sees(Seen::stalled)
                        .leaves();
  EXPECT_EQ(talk.by(RMT_5), breach);  // by the order of the stream the exit comes first; a shorter conversation tells
  const Talk later = Talk("j1 end \"boom\"\nj2 echo conformance item(1,1)\nj1 echo conformance item(1,1)")
                         .sends(1, exit_of(j1, "boom"))
                         .sends(2, to_name(j2, echo_of(2)))
                         .hears(to_id(the_actor, j2, echo_of(2)))
                         .sends(3, to_name(j1, echo_of(3)))
                         .sees(Seen::stalled)
                         .leaves();
  EXPECT_EQ(later.by(RMT_7), breach);
  EXPECT_NE(later.by(RMT_3), breach);
}

TEST(Rmt2, ASendIsDeliveredOrDropped) {
  EXPECT_EQ(Talk("j1 echo nobody item(1,1)").sends(1, to_id(j1, 7, echo_of(1))).sees(Seen::settled).leaves().by(RMT_2),
            pass);
  EXPECT_EQ(Talk("j1 echo nobody item(1,1)")
                .sends(1, to_id(j1, 7, echo_of(1)))
                .hears(error_of("no such actor"))
                .sees(Seen::ended)
                .by(RMT_2),
            breach);
  EXPECT_EQ(Talk("j1 hail \"x\"").sends(1, to_name(j1, word("who"))).leaves().by(RMT_2), not_exercised);
}

TEST(Rmt3, ANameIsFoundOrNothingHappens) {
  const Talk good = Talk("j1 hail \"x\"")
                        .sends(1, {MessageKind::send_named, j1, 0, "x", word("who")})
                        .sends(0, to_name(id_of_asker, echo_of(0)))
                        .hears(to_id(the_actor, id_of_asker, echo_of(0)))
                        .sees(Seen::settled)
                        .leaves();
  EXPECT_EQ(good.by(RMT_3), pass);
  EXPECT_EQ(
      Talk("j1 hail \"x\"").sends(1, {MessageKind::send_named, j1, 0, "x", word("who")}).sees(Seen::ended).by(RMT_3),
      breach);
  EXPECT_EQ(
      Talk("j1 echo conformance item(1,1)").sends(1, to_name(j1, echo_of(1))).sees(Seen::stalled).leaves().by(RMT_3),
      breach);
  EXPECT_EQ(Talk("wait").leaves().by(RMT_3), not_exercised);
}

TEST(Rmt4, AnAnswerCarriesBothIds) {
  const auto answered = [](std::uint64_t from, std::uint64_t to) {
    return Talk("j1 echo a1 item(1,1)")
        .sends(1, to_id(j1, a1, echo_of(1)))
        .hears(to_id(from, to, echo_of(1)))
        .sees(Seen::settled)
        .leaves()
        .by(RMT_4);
  };
  EXPECT_EQ(answered(a1, j1), pass);
  EXPECT_EQ(answered(the_actor, j1), breach);
  EXPECT_EQ(answered(a1, j2), breach);
  EXPECT_EQ(Talk("wait").leaves().by(RMT_4), not_exercised);
}

// conformance is linked to j1, which ends.
Talk ends_linked() {
  return Talk("j1 link_me conformance\nj1 end \"boom\"")
      .sends(1, to_name(j1, words("link", id_of_asker)))
      .hears(link_of(the_actor, j1))
      .sends(0, to_name(id_of_asker, echo_of(0)))
      .hears(to_id(the_actor, id_of_asker, echo_of(0)))
      .sees(Seen::settled)
      .sends(2, exit_of(j1, "boom"));
}

TEST(Rmt5, ARemoteExitIsHeardOnceWithItsReason) {
  const Message heard = to_id(the_actor, id_of_asker, words("exited", "boom"));
  EXPECT_EQ(ends_linked().hears(heard).sees(Seen::settled).leaves().by(RMT_5), pass);
  EXPECT_EQ(ends_linked().sees(Seen::stalled).leaves().by(RMT_5), breach);
  EXPECT_EQ(ends_linked()
                .hears(to_id(the_actor, id_of_asker, words("exited", "error")))
                .sees(Seen::settled)
                .leaves()
                .by(RMT_5),
            breach);
  EXPECT_EQ(ends_linked().hears(heard).hears(heard).sees(Seen::settled).leaves().by(RMT_5), breach);
  EXPECT_EQ(ends_linked().hears(heard).sees(Seen::settled).hears(heard).leaves().by(RMT_5), breach);  // a little later
  EXPECT_EQ(ends_linked().sees(Seen::stalled).hears(heard).leaves().by(RMT_5), breach);
  EXPECT_EQ(ends_linked().leaves().by(RMT_5), not_exercised);  // the judge left before it could be heard
}

// j1 linked itself to a1, which ends.
Talk actor_ends() {
  return Talk("j1 link a1\nj2 exit a1 \"boom\"")
      .sends(1, link_of(j1, a1))
      .sees(Seen::settled)
      .sends(2, to_id(j2, a1, words("exit", "boom")));
}

TEST(Rmt5, ALocalExitIsSentOnceWithItsReason) {
  EXPECT_EQ(actor_ends().hears(exit_of(a1, "boom")).sees(Seen::settled).leaves().by(RMT_5), pass);
  EXPECT_EQ(actor_ends().sees(Seen::stalled).leaves().by(RMT_5), breach);
  EXPECT_EQ(actor_ends().hears(exit_of(a1, "error")).sees(Seen::settled).leaves().by(RMT_5), breach);
  EXPECT_EQ(actor_ends().hears(exit_of(a1, "boom")).hears(exit_of(a1, "boom")).sees(Seen::settled).leaves().by(RMT_5),
            breach);
  // An exit that nobody asked to hear of is no breach.
  EXPECT_EQ(Talk("j2 exit a1 \"boom\"")
                .sends(1, to_id(j2, a1, words("exit", "boom")))
                .hears(exit_of(a1, "boom"))
                .sees(Seen::settled)
                .leaves()
                .by(RMT_5),
            not_exercised);
}

// A link ends with whoever made it.
TEST(Rmt5, ALocalExitIsDueToThoseWhoLiveStill) {
  const auto talk = [](int again) {
    Talk out =
        Talk("j1 link a1\nj3 link a1\nj1 end \"boom\"\nj1 link a1\nj2 exit a1 \"boom\"").sends(1, link_of(j1, a1));
    if (again == 3) out.sends(2, link_of(3, a1));
    out.sends(3, exit_of(j1, "boom"));
    if (again == 1) out.sends(4, link_of(j1, a1));
    return out.sees(Seen::settled)
        .sends(5, to_id(j2, a1, words("exit", "boom")))
        .sees(Seen::stalled)
        .leaves()
        .by(RMT_5);
  };
  EXPECT_EQ(talk(0), not_exercised);
  EXPECT_EQ(talk(1), breach);  // linked anew
  EXPECT_EQ(talk(3), breach);  // another is linked still
}

TEST(Rmt6, LinkingToTheDeadIsAnswered) {
  const auto talk = [] {
    return Talk("j2 exit a1 \"boom\"\nj1 link a1")
        .sends(1, to_id(j2, a1, words("exit", "boom")))
        .sees(Seen::settled)
        .sends(2, link_of(j1, a1));
  };
  EXPECT_EQ(talk().hears(exit_of(a1, "noproc")).sees(Seen::settled).leaves().by(RMT_6), pass);
  EXPECT_EQ(talk().sees(Seen::stalled).leaves().by(RMT_6), breach);
  EXPECT_EQ(actor_ends().sees(Seen::stalled).leaves().by(RMT_6), not_exercised);
}

// conformance is linked to j1 when the judge leaves.
Talk lost_linked() {
  return Talk("j1 link_me conformance")
      .sends(1, to_name(j1, words("link", id_of_asker)))
      .hears(link_of(the_actor, j1))
      .sees(Seen::settled)
      .sees(Seen::closed);
}
Outcome after(Talk talk, int lines, std::string_view line = "exited 1 transport_closed") {
  for (int i = 0; i < lines; ++i) talk.sees(Seen::line, std::string(line));
  talk.sees(Seen::ended).sees(Seen::exited);
  talk.trace.exited = true;
  return talk.by(RMT_8);
}

TEST(Rmt8, EachLinkedActorHearsOnce) {
  // Its id is told by the question at the end, as it is in every conversation.
  Talk talk = Talk("j1 link_me conformance")
                  .sends(1, to_name(j1, words("link", id_of_asker)))
                  .hears(link_of(the_actor, j1))
                  .sees(Seen::settled)
                  .sees(Seen::closed);
  EXPECT_EQ(after(talk, 1), pass);
  EXPECT_EQ(after(talk, 0), breach);
  EXPECT_EQ(after(talk, 2), breach);
  EXPECT_EQ(after(talk, 1, "exited 1 error"), breach);
  EXPECT_EQ(after(Talk("wait").sees(Seen::closed), 0), not_exercised);
  EXPECT_EQ(after(Talk("wait").sees(Seen::closed), 1), breach);  // nobody was linked to it
}

TEST(Rmt8, WhoIsNotSurelyLinkedMayHear) {
  const Talk talk =
      Talk("j1 link_me conformance\nclose").sends(1, to_name(j1, words("link", id_of_asker))).sees(Seen::closed);
  EXPECT_EQ(after(talk, 0), not_exercised);
  EXPECT_EQ(after(talk, 1), not_exercised);
}

TEST(Rmt8, ALinkThatIsSaidAgainAfterTheExitIsNoNewOne) {
  const Talk talk = Talk("j1 link_me conformance\nj1 link_me conformance\nj1 end \"boom\"")
                        .sends(1, to_name(j1, words("link", id_of_asker)))
                        .sends(2, to_name(j1, words("link", id_of_asker)))
                        .hears(link_of(the_actor, j1))
                        .sees(Seen::settled)
                        .sends(3, exit_of(j1, "boom"))
                        .hears(link_of(the_actor, j1))  // the answer to the second one
                        .hears(to_id(the_actor, id_of_asker, words("exited", "boom")))
                        .sees(Seen::settled)
                        .sees(Seen::closed);
  EXPECT_EQ(after(talk, 0), not_exercised);
}

TEST(Rmt8, TheProcessEndsWithStatus0) {
  Talk talk = lost_linked();
  talk.trace.status = 1;
  EXPECT_EQ(after(talk, 1), breach);
  talk = lost_linked();
  talk.trace.signal = 13;
  EXPECT_EQ(after(talk, 1), breach);
  talk = lost_linked();
  talk.trace.killed = true;
  EXPECT_EQ(after(talk, 1), breach);
}

TEST(Rmt9, AnswersKeepTheOrderOfQuestions) {
  const auto talk = [](std::uint64_t first, std::uint64_t second) {
    return Talk("j1 echo a1 item(1,1)\nj1 echo a1 item(1,1)")
        .sends(1, to_id(j1, a1, echo_of(1)))
        .sends(2, to_id(j1, a1, echo_of(2)))
        .hears(to_id(a1, j1, echo_of(first)))
        .hears(to_id(a1, j1, echo_of(second)))
        .sees(Seen::settled)
        .leaves()
        .by(RMT_9);
  };
  EXPECT_EQ(talk(1, 2), pass);
  EXPECT_EQ(talk(2, 1), breach);
  EXPECT_EQ(Talk("wait").leaves().by(RMT_9), not_exercised);
}

TEST(Rmt10, StderrIsPassedOnAndNoFrames) {
  const auto talk = [] { return Talk("noise \"a line\"", true).sees(Seen::noise, "a line"); };
  EXPECT_EQ(talk().sees(Seen::line, "a line").leaves().by(RMT_10), pass);
  EXPECT_EQ(talk().sees(Seen::line, "child 42: a line (its stderr)").leaves().by(RMT_10), pass);
  EXPECT_EQ(talk().leaves().by(RMT_10), breach);
  EXPECT_EQ(talk().hears(error_of("no frame")).sees(Seen::ended).by(RMT_10), breach);
  EXPECT_EQ(talk()
                .sees(Seen::line, "a line")
                .hears(to_id(the_actor, id_of_asker, {0x82, 0x64, 'e', 'c', 'h', 'o', 0x82, 0x20, 0x01}))
                .leaves()
                .by(RMT_10),
            breach);
  EXPECT_EQ(Talk("wait", true).leaves().by(RMT_10), not_exercised);
}

TEST(Rmt11, ClosingIsGentleFirstAndLeavesNothing) {
  const auto talk = [](auto change) {
    Talk out = Talk("j1 shut", true).sends(1, to_name(j1, word("close"))).sees(Seen::ended).sees(Seen::exited);
    out.trace.exited = true;
    change(out.trace);
    return out.by(RMT_11);
  };
  EXPECT_EQ(talk([](Trace& t) { t.child.let_go = true; }), pass);
  EXPECT_EQ(talk([](Trace& t) { t.child.stubborn = t.child.told_to_end = t.child.killed = true; }), pass);
  EXPECT_EQ(talk([](Trace& t) { t.child.killed = true; }), breach);
  EXPECT_EQ(talk([](Trace& t) { t.child.pressed_early = true; }), breach);
  EXPECT_EQ(talk([](Trace& t) { t.child.left = true; }), breach);
  EXPECT_EQ(talk([](Trace& t) { t.killed = true; }), breach);
  EXPECT_EQ(talk([](Trace& t) { t.child.begun = false; }), not_exercised);
}

TEST(Rmt12, MemoryStaysBoundedWhileNobodyReads) {
  const auto talk = [](std::uint64_t sent, std::uint64_t grown, bool held_back, Seen end = Seen::settled) {
    Talk out = Talk("j1 flood 1000").sees(Seen::sent, "a flood").sees(end).leaves();
    out.trace.flood = Flood{0, sent, grown, held_back};
    return out.by(RMT_12);
  };
  constexpr std::uint64_t much = 24u << 20;
  EXPECT_EQ(talk(much, much, false), breach);
  EXPECT_EQ(talk(100'000, 0, true), pass);
  EXPECT_EQ(talk(much, 1u << 20, false), pass);  // it threw away what it read
  EXPECT_EQ(talk(100'000, 0, true, Seen::stalled), breach);
  EXPECT_EQ(talk(100'000, 0, false), Outcome::unknown);
  EXPECT_EQ(Talk("wait").leaves().by(RMT_12), not_exercised);
}

}  // namespace
}  // namespace ffi_cts::peer
