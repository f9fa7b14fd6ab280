// Legal libraries are slow, busy and odd; no judge of chapters 2 and 3 may blame them.
#include <gmock/gmock.h>

#include <set>

#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

using enum RoleName;

std::vector<Judge> judges() {
  std::vector<Judge> out(requests().begin(), requests().end());
  out.insert(out.end(), payloads().begin(), payloads().end());
  return out;
}

std::vector<std::string> blamed(const Recording& t) {
  std::vector<std::string> out;
  const Trace trace = t.trace();
  for (const Judge& each : judges())
    if (each.judge(trace).outcome == Outcome::breach) out.emplace_back(each.rule.id());
  return out;
}

using testing::IsEmpty;

TEST(Judges, EveryRuleHasATraceThatPassesOneThatBreaksAndOneThatDoesNotDecide) {
  for (const Judge& each : judges()) {
    std::set<Outcome> seen;
    for (const RuleCase& one : rule_cases())
      if (one.rule == each.rule) seen.insert(one.outcome == Outcome::unknown ? Outcome::not_exercised : one.outcome);
    EXPECT_EQ(seen.size(), 3u) << each.rule.id();
  }
}

TEST(Judges, EveryJudgedRuleOfTheChaptersHasOneJudge) {
  for (const spec::Rule& rule : spec::rules) {
    if (rule.chapter != "REQ" && rule.chapter != "PAY") continue;
    const auto all = judges();
    const auto count =
        std::count_if(all.begin(), all.end(), [&](const Judge& each) { return each.rule.id() == rule.id; });
    EXPECT_EQ(count, rule.judged ? 1 : 0) << rule.id;
  }
}

TEST(LegalLibrary, AnswersOnAThreadOfItsOwnBeforeTheSubmissionReturned) {
  Recording t;
  auto c = t.begin_create();
  t.construct(c);
  t.leave(c);
  auto r = t.begin_request(c, echo);
  t.reply(r);
  t.leave(r);
  t.destroy(c);
  EXPECT_THAT(blamed(t), IsEmpty());
}

TEST(LegalLibrary, CancelsEverythingAtDestroy) {
  Recording t;
  auto c = t.create_only(create_slow, {.ms = 500});
  std::vector<Recording::RequestId> pending;
  for (const auto role : {echo, delay, fail, empty, emit, call_host, block, progress})
    pending.push_back(t.request(c, role));
  auto d = t.begin_destroy(c);
  t.construct(c, {.code = ret_err, .text = "the context is closing"});
  for (const auto r : pending) t.reply(r, {.code = ret_err, .text = "the context is closing"});
  t.leave(d);
  EXPECT_THAT(blamed(t), IsEmpty());
}

TEST(LegalLibrary, RefusesWhileItIsClosing) {
  Recording t;
  auto c = t.create();
  auto r = t.request(c, delay, {.ms = 1000});
  auto d = t.begin_destroy(c);
  t.request(c, echo, {.thread = 1, .result = ret_err});
  t.request(c, echo, {.thread = 2, .result = ret_err, .refusals = 1, .misuse = Misuse::malformed});
  t.reply(r, {.code = ret_err});
  t.leave(d);
  EXPECT_THAT(blamed(t), IsEmpty());
}

TEST(LegalLibrary, DestroyGivesUpBesideABlockAndFinishesLater) {
  Recording t;
  auto c = t.create();
  auto blocking = t.request(c, block, {.ms = 3000});
  auto waiting = t.request(c, echo);
  auto d = t.begin_destroy(c);
  t.advance_ms(1500);
  t.leave(d, ret_err);
  t.reply(blocking);
  t.reply(waiting, {.code = ret_err});
  t.destroy(c);
  EXPECT_THAT(blamed(t), IsEmpty());
}

TEST(LegalLibrary, WakesUpEvery100MsAndAnswersInBatches) {
  Recording t;
  auto c = t.create();
  auto alone = t.request(c, echo);
  t.advance_ms(100);
  t.reply(alone);
  auto slow = t.request(c, delay, {.ms = 50});
  auto quick = t.request(c, echo);
  t.advance_ms(100);
  t.reply(slow);  // both at the next tick
  t.reply(quick);
  t.destroy(c);
  EXPECT_THAT(blamed(t), IsEmpty());
}

TEST(LegalLibrary, HasAQueueOfAHundredPlaces) {
  Recording t;
  auto c = t.create();
  auto parked = t.enter_reply(t.request(c, echo));
  std::vector<Recording::RequestId> accepted;
  for (int i = 0; i < 100; ++i) accepted.push_back(t.request(c, echo));
  t.request(c, echo, {.result = ret_err});
  t.leave(parked);
  for (const auto r : accepted) t.reply(r);
  t.destroy(c);
  EXPECT_THAT(blamed(t), IsEmpty());
}

TEST(LegalLibrary, CallsBackOnTwoThreads) {
  Recording t;
  t.interface.contract.callbacks = CallbackThreads::replies_and_events;
  auto c = t.create();
  auto l = t.listen(c);
  auto a = t.request(c, emit), b = t.request(c, echo);
  auto heard = t.enter_hear(l, a, {.thread = 9});
  t.reply(a);
  t.reply(b);
  t.leave(heard);
  t.destroy(c);
  EXPECT_THAT(blamed(t), IsEmpty());
}

TEST(LegalLibrary, RunsOutOfPlacesForContextsThatLive) {
  Recording t;
  for (int i = 0; i < 4; ++i) t.create();
  t.create_only(create, {.result = 0});
  t.create_only(create, {.result = 0, .misuse = Misuse::malformed});
  t.create_only(create, {.result = 0});
  EXPECT_THAT(blamed(t), IsEmpty());
}

TEST(LegalLibrary, RefusesWhateverLacksAHandle) {
  Recording t;
  auto c = t.create();
  t.request(c, echo, {.result = 9, .handle = HandleKind::null});
  t.request(c, echo, {.result = 9, .misuse = Misuse::null_callback, .handle = HandleKind::null});
  t.destroy(c, {.result = ret_err, .handle = HandleKind::null});
  t.destroy(c);
  EXPECT_THAT(blamed(t), IsEmpty());
}

TEST(LegalLibrary, MayCrashWhenTheHostPassesGarbage) {
  Recording t;
  auto c = t.create();
  t.destroy(c);
  t.create();
  t.begin_request(c, echo, {.misuse = Misuse::malformed});  // a destroyed handle whose place was taken
  t.crash();
  EXPECT_THAT(blamed(t), IsEmpty());
}

}  // namespace
}  // namespace ffi_cts::rules
