// A library that plays no role but create, with thirty types never seen before: programs reach each of its procs by the types alone.
#include <gmock/gmock.h>
#include <rapidcheck/Random.h>
#include <rapidcheck/Shrinkable.h>

#include <map>

#include "conformance/rules/judge.hpp"
#include "harness/generate/generate.hpp"
#include "harness/program/payload.hpp"
#include "harness/program/text.hpp"
#include "harness/worker/worker.hpp"

namespace ffi_cts::tests {
namespace {

// How often a proc was called with what, and how that was answered.
struct Answers {
  int items = 0, near_misses = 0, others = 0;  // an item that got RET_OK, a near miss that got RET_ERR, anything else
};

TEST(Typed, A_library_without_roles_is_reached_by_its_types_alone_and_breaks_no_rule) {
  const Interface interface = load_interface(FFI_CTS_TYPED_TOML);
  ASSERT_EQ(interface.procs.size(), 30u);
  Features allowed = applicable_features(interface);
  for (Feature other_process : {Feature::fresh_process, Feature::dead_handle, Feature::garbage_handle}) set(allowed, other_process, false);
  Worker worker(WorkerSetup{FFI_CTS_WORKER, FFI_CTS_TYPED, FFI_CTS_TYPED_TOML});
  std::map<std::string, Answers> answers;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    rc::Random random(seed);
    const Features features = swarm(random.split(), allowed);
    const Program program = programs(interface, features, {})(random.split(), 100).value();
    worker.submit(seed, program, 20);
    const Trace trace = index(worker.next(false).log, program, interface);
    ASSERT_TRUE(trace.completed()) << to_text(program);
    for (const Judge& judge : rules::all()) {
      const Verdict verdict = judge.judge(trace);
      ASSERT_NE(verdict.outcome, Outcome::breach) << judge.rule.id() << ": " << verdict.seen << '\n' << to_text(program);
    }
    for (const Request& request : trace.requests) {
      const Callback* reply = request.reply();
      if (!drawn(request.misuse) || !request.accepted() || !reply || destroy_begun_before(*request.context, reply->entered)) continue;
      Answers& of = answers[called_proc(interface, *find_step(program, request.call->step))->name];
      if (request.misuse == Misuse::item && reply->code == ret_ok) ++of.items;
      else if (request.misuse == Misuse::near_miss && reply->code == ret_err) ++of.near_misses;
      else ++of.others;
    }
  }
  EXPECT_EQ(answers.size(), 30u);
  for (const auto& [proc, of] : answers) {
    EXPECT_GT(of.items, 0) << proc;
    EXPECT_GT(of.near_misses, 0) << proc;
    EXPECT_EQ(of.others, 0) << proc;
  }
}

}  // namespace
}  // namespace ffi_cts::tests
