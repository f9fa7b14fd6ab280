// The course of a program: its threads, the teardown, and the rounds of all that.
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <thread>

#include "harness/driver/driver.hpp"
#include "harness/driver/hardships.hpp"
#include "harness/driver/host_threads.hpp"
#include "harness/interpose/schedule.hpp"

namespace ffi_cts {
namespace {

constexpr int most_destroys = 3;                  // tries of the teardown
constexpr std::uint64_t rounds_ns = 3'000'000'000; // with slow contexts fewer rounds are done
constexpr int round_settle_ms = 2;
constexpr std::uint32_t many_rounds = 10;
constexpr std::uint64_t late_cleaning_ns = 1'500'000'000;  // for a library that has somebody clean up now and then

}  // namespace

Driver::End Driver::run(const Program& program, int settle_ms) {
  objects_.clear();
  trampolines_.begin_program();
  lent_.begin();
  noted_ = {};
  note_create_ = program.fresh_process && count_threads(program) == 1;
  note_memory_ = program.fresh_process && count_threads(program) == 1;
  const ManyDescriptors many(program.many_descriptors);
  if (program.rounds == 1) {
    if (program.many_descriptors) count();
    End end = run_round(program);
    if (end == End::completed) settle(settle_ms);
    return end;
  }
  for (std::uint64_t round = 0, begun = now_ns(); round < program.rounds && now_ns() - begun < rounds_ns; ++round) {
    if (End end = run_round(program); end != End::completed) return end;
    settle(std::min(settle_ms, round_settle_ms));
    const Counts counts = count();
    if (round <= program.rounds / many_rounds) early_ = counts;
  }
  if (program.rounds >= many_rounds) look_again();
  return End::completed;
}

Driver::End Driver::run_round(const Program& program) {
  std::array<std::size_t, 5> most{};
  std::function<void(const std::vector<Step>&)> number = [&](const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      auto kind = static_cast<std::size_t>(step.defines.kind);
      if (step.defines) most[kind] = std::max(most[kind], static_cast<std::size_t>(step.defines.number) + 1);
      number(step.body);
    }
  };
  number(program.steps);
  for (std::size_t kind = 0; kind < definitions_.size(); ++kind) definitions_[kind] = std::vector<Definition>(most[kind]);
  prepare(program.steps, false);
  open_all_ = false;
  calls_inside_ = 0;
  callbacks_running_ = 0;
  round_begun_ns_ = now_ns();
  impatient_ = false;
  SignalStorm storm(program.signal_storm);
  const schedule::Scope schedule(program.schedule);
  run_threads(program);
  set_this_thread(0);
  finish();
  if (noted_.resident) noted_.resident->most = resident_now().value_or(Resident()).most;
  if (program.fresh_process) noted_.used = surroundings();
  open_all_ = true;
  waits_.notify();
  // A loop that is stuck in a call of its own callback's can only be left alone.
  if (calls_inside_return() == WaitEnd::given_up_for_certain) return End::stuck;
  tear_down();
  WaitEnd end = calls_inside_return();
  if (end != WaitEnd::held) return end == WaitEnd::given_up_for_certain ? End::stuck : End::perhaps_stuck;
  return End::completed;
}

// What the kernel counts when a round is over, for whoever compares rounds.
Driver::Counts Driver::count(bool last_look) {
  const Memory memory = memory_now();
  const Counts counts{count_threads_now(), count_descriptors_now()};
  recorder_.add(RecordKind::census, 0, [&](Record& r) {
    r.result = last_look;
    r.id = counts.threads;
    r.size = counts.descriptors;
    r.pointer = memory.heap;
    r.handle = memory.mapped;
  });
  return counts;
}

// What grew over the rounds has some time to go.
void Driver::look_again() {
  const std::uint64_t until = now_ns() + late_cleaning_ns;
  while ((count_threads_now() > early_.threads || count_descriptors_now() > early_.descriptors) && now_ns() < until) {
    timespec pause = {0, 5'000'000};
    nanosleep(&pause, nullptr);
  }
  count(true);
}

WaitEnd Driver::calls_inside_return() {
  return waits_.until([&] { return calls_inside_ <= 0; });
}

void Driver::run_threads(const Program& program) {
  unsigned used = 0;
  for (const Step& step : program.steps) used |= 1u << step.thread;
  for (auto& tid : fresh_tids_) tid = 0;
  met_ = 0;
  auto run = [&](std::uint32_t thread) {
    if (program.fresh_threads) fresh_tids_[thread] = static_cast<int>(syscall(SYS_gettid));
    if (program.fresh_process) meet(static_cast<unsigned>(__builtin_popcount(used)));
    run_thread(program, thread);
  };
  if (program.fresh_threads) {
    std::vector<std::thread> threads;
    for (std::uint32_t thread = 0; thread < max_threads; ++thread)
      if (used & (1u << thread)) threads.emplace_back(run, thread);
    for (std::thread& thread : threads) thread.join();
  } else {
    host_threads_->run(used, run);
  }
}

// The first calls of a process are made at once. Spinning, since waking takes longer than a call does.
void Driver::meet(unsigned threads) {
  constexpr int spins = 100'000;  // before others get the processor
  met_++;
  for (int spun = 0; met_ < threads; ++spun)
    if (spun % spins == spins - 1) sched_yield();
}

void Driver::run_thread(const Program& program, std::uint32_t thread) {
  set_this_thread(thread);
  for (const Step& step : program.steps) {
    if (step.thread != thread) continue;
    execute(step, {.thread = thread});
    if (Definition* made = definition(step.defines)) made->settled = true;
    waits_.notify();
  }
}

// Destroys what the program left. The contract lets a destroy fail only while the loop is blocked, and no park is left.
void Driver::tear_down() {
  for (std::uint32_t i = 0; i < objects_.contexts.size(); ++i) {
    ContextState& context = objects_.contexts[static_cast<int>(i)];
    for (int tries = 0; tries < most_destroys && context.handle && !context.destroyed; ++tries) {
      // One that failed beside a callback is tried again when none runs.
      if (tries > 0) waits_.until([&] { return callbacks_running_ <= 0; });
      destroy_context(static_cast<int>(i), context.handle, 0, {.thread = 0});
    }
    if (!context.handle || context.destroyed || context.creator <= 1) continue;
    // Another thread may have better luck: then nothing is left behind, and the trace shows what it depends on.
    auto destroy = [&](std::uint32_t thread) {
      set_this_thread(thread);
      destroy_context(static_cast<int>(i), context.handle, 0, {.thread = thread});
    };
    host_threads_->run(1u << (context.creator - 1), destroy);
  }
}

// "Exactly once" counts what comes late, too: wait for the library's threads to leave. Some libraries keep theirs, so this
// is no condition of the contract, and what is still there after the limit is from then on taken as the library's habit.
void Driver::settle(int settle_ms) {
  std::uint64_t until = now_ns() + static_cast<std::uint64_t>(settle_ms) * 1'000'000u;
  std::uint64_t count = count_threads_now();
  while (count > thread_baseline_ && now_ns() < until) {
    timespec pause = {0, 20'000};
    nanosleep(&pause, nullptr);
    count = count_threads_now();
  }
  thread_baseline_ = count;
}

}  // namespace ffi_cts
