#include "harness/shrink/trial.hpp"

namespace ffi_cts {

Worker& Bench::worker() {
  if (!worker_ || worker_->lost()) worker_ = std::make_unique<Worker>(setup_);
  return *worker_;
}

std::shared_ptr<const Trace> Bench::finish(bool stacks, const Program& program) {
  Finished finished = worker_->next(stacks);
  ++runs_;
  output_ = worker_->output();
  return std::make_shared<const Trace>(index(std::move(finished.log), program, interface_));
}

std::shared_ptr<const Trace> Bench::once(const Program& program, bool stacks) {
  if (program.fresh_process) fresh();
  Worker& w = worker();
  if (w.lost()) {  // it dies while it loads the library
    Log log;
    log.ending = w.loading();
    return std::make_shared<const Trace>(index(std::move(log), program, interface_));
  }
  w.submit(++sequence_, program, patient_settle_ms);
  return finish(stacks, program);
}

std::optional<Sighting> Bench::seek(const Judge& judge, const Program& program, int runs, Clock::time_point until, bool stacks) {
  if (runs == 1) {
    Sighting sighting{once(program, stacks), {}, 1};
    sighting.verdict = judge.judge(*sighting.trace);
    if (sighting.verdict.outcome == Outcome::breach) return sighting;
    return std::nullopt;
  }
  std::optional<Sighting> found;
  repeat(program, runs, until, stacks, [&](std::shared_ptr<const Trace> trace, int run) {
    Verdict verdict = judge.judge(*trace);
    if (verdict.outcome == Outcome::breach) found = Sighting{std::move(trace), std::move(verdict), run};
    return found.has_value();
  });
  return found;
}

bool Bench::always(const Judge& judge, const Program& program, int runs, Clock::time_point until) {
  constexpr int fewest = 2;
  int seen = 0;
  bool missed = false;
  repeat(program, runs, Clock::time_point::max(), false, [&](const std::shared_ptr<const Trace>& trace, int) {
    missed = judge.judge(*trace).outcome != Outcome::breach;
    seen += !missed;
    return missed || (seen >= fewest && Clock::now() >= until);
  });
  return !missed && seen >= std::min(fewest, runs);
}

void Bench::repeat(const Program& program, int runs, Clock::time_point until, bool stacks,
                   const std::function<bool(std::shared_ptr<const Trace>, int run)>& look) {
  constexpr auto slow = std::chrono::milliseconds(50);  // such runs are submitted one by one: none is run in vain
  int submitted = 0;
  bool enough = false, quick = false, alone = program.fresh_process;
  if (alone) fresh();
  for (int done = 0; done < runs && !enough && Clock::now() < until;) {
    Worker& w = worker();
    if (w.lost()) break;
    auto begun = Clock::now();
    while (w.room() && submitted < runs && ((quick && !alone) || submitted == done)) {
      w.submit(++sequence_, program, patient_settle_ms);
      ++submitted;
    }
    auto trace = finish(stacks, program);
    ++done;
    quick = Clock::now() - begun < slow;
    if (worker_->lost()) submitted = done;  // those behind it never began
    enough = look(std::move(trace), done);
  }
  while (worker_ && !worker_->lost() && worker_->under_way()) finish(false, program);
}

std::optional<Sighting> Bench::seek_after(const History& history, const Judge& judge, const Program& program, int runs, Clock::time_point until, bool stacks) {
  if (!history.empty()) {
    fresh();
    for (const auto& [before, times] : history) {
      for (int i = 0; i < times; ++i) {
        if (Clock::now() >= until || worker().lost()) return std::nullopt;
        worker_->submit(++sequence_, before, bulk_settle_ms);
        finish(false, before);
        if (worker_->lost()) return std::nullopt;
      }
    }
  }
  return seek(judge, program, runs, until, stacks);
}

}  // namespace ffi_cts
