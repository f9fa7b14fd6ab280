// What a schedule is for: a library whose defect shows only in a gap between two of its locks shows it more often.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <iostream>

#include "conformance/rules/judge.hpp"
#include "harness/program/text.hpp"
#include "harness/trace/trace.hpp"
#include "harness/worker/worker.hpp"

namespace ffi_cts {
namespace {

constexpr std::uint32_t seeds = 50;

// A listener is removed while it hears many events, eight times over.
Program program(std::uint32_t schedule) {
  std::string text = "A  c1 = create\nA  wait c1\n";
  for (int i = 1; i <= 8; ++i)
    text += fmt::format("A  l{0} = listen c1 event\nA  r{0} = request c1 emit text(16,1) #50\nA  wait l{0}\nA  remove l{0}\nA  wait r{0}\n", i);
  Program out = parse_program(text);
  out.schedule = schedule;
  return out;
}

// With so many of the seeds EVT-8 was broken in one of four runs; nothing else may have been wrong with them.
std::uint32_t caught(bool with_schedules) {
  constexpr std::uint32_t runs = 4;
  const Interface interface = load_interface(FFI_CTS_RACING_TOML);
  const Judge* evt_8 = nullptr;
  for (const Judge& judge : rules::all())
    if (judge.rule == spec::rule::EVT_8) evt_8 = &judge;
  Worker worker(WorkerSetup{FFI_CTS_WORKER, FFI_CTS_RACING, FFI_CTS_RACING_TOML});
  std::uint32_t out = 0;
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    bool broken = false;
    for (std::uint32_t i = 0; i < runs; ++i) {
      const Program run = program(with_schedules ? seed * runs + i : 0);
      worker.submit(seed * runs + i, run, 20);
      const Trace trace = index(worker.next(false).log, run, interface);
      EXPECT_TRUE(trace.completed());
      broken = broken || evt_8->judge(trace).outcome == Outcome::breach;
    }
    out += broken;
  }
  return out;
}

TEST(Schedules, show_more_often_what_happens_in_a_gap_between_two_locks) {
  const std::uint32_t plain = caught(false), scheduled = caught(true);
  RecordProperty("plain", static_cast<int>(plain));
  RecordProperty("scheduled", static_cast<int>(scheduled));
  std::cout << "of " << seeds << " seeds: " << plain << " without, " << scheduled << " with a schedule\n";
  EXPECT_GT(scheduled, 2 * plain);
  EXPECT_GE(scheduled, seeds / 10);
}

}  // namespace
}  // namespace ffi_cts
