// A legal library, played at random: no judge of chapters 5 and 8 may blame it, and each plays its part.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "conformance/rules/common.hpp"
#include "harness/trace/recording.hpp"

namespace ffi_cts::rules {
namespace {

// One context with three host threads, whose calls overlap, and a loop that dispatches each event to a snapshot.
class LegalLibrary {
 public:
  explicit LegalLibrary(unsigned seed) : random_(seed) {}

  Trace play() {
    for (int i = 0; i < 60; ++i) die(2) ? loop() : host(static_cast<std::uint32_t>(die(3)));
    while (!queue_.empty() || turn_) loop();
    for (std::uint32_t thread = 0; thread < 3; ++thread) finish(thread);
    if (die(2)) t_.wait(c_, ObjectKind::context, true);
    for (int i = die(3); i > 0; --i) queue_.push_back(t_.request(c_, RoleName::emit, {.thread = 0}));
    const auto destroy = t_.begin_destroy(c_, {.thread = 0});
    for (const auto r : queue_) t_.reply(r, {.code = ret_err});
    t_.leave(destroy);
    return t_.trace();
  }

 private:
  struct Ear {
    Recording::ListenerId id;
    bool removed = false;
  };
  struct Turn {  // an event being dispatched
    Recording::RequestId request;
    std::vector<std::size_t> snapshot;
    std::uint64_t left;  // events of the request
  };
  struct Running {
    std::optional<Recording::ListenerId> adding;
    std::optional<Recording::RequestId> submitting;
    std::optional<Recording::CallId> removing;
    int result = 0;
  };
  static constexpr std::uint32_t loop_thread = 4;

  int die(int sides) { return static_cast<int>(random_() % static_cast<unsigned>(sides)); }
  With with(std::uint32_t thread) { return {.thread = thread, .name = die(3) ? NameKind::event : NameKind::null}; }

  // Its effect: the id is gone. Outside callbacks it is taken out of the dispatch too.
  int take_out(std::size_t at, bool outside) {
    if (ears_[at].removed) return ret_err;
    ears_[at].removed = true;
    if (outside && turn_) std::erase(turn_->snapshot, at);
    return ret_ok;
  }

  void finish(std::uint32_t thread) {
    Running& running = calls_[thread];
    if (running.adding) {
      t_.leave(*running.adding);
      ears_.push_back({*running.adding});
    }
    if (running.submitting) t_.leave(*running.submitting);
    if (running.removing) t_.leave(*running.removing, running.result);
    running = {};
  }

  void host(std::uint32_t thread) {
    Running& running = calls_[thread];
    if (running.adding || running.submitting || running.removing) return finish(thread);
    switch (die(4)) {
      case 0:
        running.adding = t_.begin_listen(c_, with(thread));
        return;
      case 1:
        if (ears_.empty()) return;
        if (const auto at = static_cast<std::size_t>(die(static_cast<int>(ears_.size()))); true) {
          running.removing = t_.begin_remove(ears_[at].id, {.thread = thread});
          running.result = take_out(at, true);
        }
        return;
      default:
        running.submitting = t_.begin_request(c_, RoleName::emit, {.thread = thread, .count = die(4) ? 1u : 2u});
        queue_.push_back(*running.submitting);
    }
  }

  void loop() {
    if (!turn_) {
      if (queue_.empty()) return;
      turn_ = Turn{queue_.front(), {}, emits(queue_.front())};
      queue_.erase(queue_.begin());
      return take_snapshot();
    }
    if (!turn_->snapshot.empty()) return call_next();
    if (--turn_->left > 0) return take_snapshot();
    t_.reply(turn_->request);
    turn_.reset();
  }

  std::uint64_t emits(Recording::RequestId request) const {
    return t_.trace().requests[static_cast<std::size_t>(request.instance)].emits;
  }

  void take_snapshot() {
    const Trace trace = t_.trace();
    for (const bool wildcard : {false, true})
      for (std::size_t at = 0; at < ears_.size(); ++at) {
        const auto& listener = trace.listeners[static_cast<std::size_t>(ears_[at].id.instance)];
        if (!ears_[at].removed && listener.wildcard() == wildcard) turn_->snapshot.push_back(at);
      }
  }

  void call_next() {
    const std::size_t at = turn_->snapshot.front();
    turn_->snapshot.erase(turn_->snapshot.begin());
    const auto callback = t_.enter_hear(ears_[at].id, turn_->request);
    if (!die(4)) ears_.push_back({t_.listen(c_, with(loop_thread))});
    if (!die(4)) {
      const auto victim = static_cast<std::size_t>(die(static_cast<int>(ears_.size())));
      const auto removal = t_.begin_remove(ears_[victim].id, {.thread = loop_thread});
      t_.leave(removal, take_out(victim, false));
    }
    if (!die(6)) t_.destroy(c_, {.thread = loop_thread, .result = ret_err});
    t_.leave(callback);
  }

  std::mt19937 random_;
  Recording t_;
  Recording::ContextId c_ = t_.create();
  std::vector<Ear> ears_;
  std::vector<Recording::RequestId> queue_;
  std::optional<Turn> turn_;
  Running calls_[3];
};

TEST(ALegalLibrary, is_blamed_for_nothing_whatever_is_done_to_it) {
  std::set<std::string_view> passed;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    const Trace trace = LegalLibrary(seed).play();
    for (const auto& judges : {events(), teardown()}) {
      for (const Judge& each : judges) {
        const Verdict verdict = each.judge(trace);
        ASSERT_NE(verdict.outcome, Outcome::breach)
            << each.rule.id() << ", seed " << seed << ": " << verdict.expected << " / " << verdict.seen;
        if (verdict.outcome == Outcome::pass) passed.insert(each.rule.id());
      }
    }
  }
  for (const auto rule : {"EVT-1", "EVT-4", "EVT-6", "EVT-7", "EVT-8", "EVT-9", "EVT-10", "EVT-14", "EVT-16", "EVT-20",
                          "END-1", "END-2", "END-8", "END-16"})
    EXPECT_TRUE(passed.contains(rule)) << rule << " was never exercised";
}

TEST(FollowsFrom, never_goes_in_a_circle) {
  std::vector<Judge> all(events().begin(), events().end());
  all.insert(all.end(), teardown().begin(), teardown().end());
  for (std::size_t round = 0, before = 0; before != all.size() && round < 100; ++round) {
    before = all.size();
    std::erase_if(all, [&](const Judge& judge) {  // those that follow from nothing that is left
      return std::ranges::none_of(all, [&](const Judge& other) {
        return std::ranges::find(judge.follows_from, other.rule) != judge.follows_from.end();
      });
    });
  }
  EXPECT_TRUE(all.empty()) << all.size() << " rules follow from one another";
}

}  // namespace
}  // namespace ffi_cts::rules
