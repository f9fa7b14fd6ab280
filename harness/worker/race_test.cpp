// Under ThreadSanitizer: a library's race is found although every crossing is recorded, and the harness has none.
#include <gmock/gmock.h>

#include "harness/program/text.hpp"
#include "harness/worker/worker.hpp"

namespace ffi_cts {
namespace {

// The host waits for each answer before it submits again, so nothing but bad luck in the recording could order the two.
const Program& program() {
  static const Program made = parse_program(
      "A  c1 = create\nA  r1 = request c1 echo text(16,1)\nA  wait r1\nA  r2 = request c1 echo text(16,2)\nA  wait r2\n"
      "B  r3 = request c1 echo text(16,3)\nB  wait r3\nA  destroy c1\n");
  return made;
}

WorkerSetup setup_for(const std::string& library) {
  WorkerSetup setup;
  setup.program = FFI_CTS_WORKER;
  setup.library = library;
  setup.interface_file = FFI_CTS_PROBE_TOML;
  setup.backstop_s = 60;
  setup.sanitizer = Sanitizer::thread;
  setup.instrumented = true;
  return setup;
}

TEST(UnderTSan, ARacyLibraryIsFoundInEveryOfTenRuns) {
  const Interface interface = load_interface(FFI_CTS_PROBE_TOML);
  for (int i = 0; i < 10; ++i) {
    Worker worker(setup_for(FFI_CTS_RACY));
    worker.submit(1, program(), 20);
    Finished finished = worker.next(false);
    EXPECT_TRUE(finished.worker_lost);
    const Trace trace = index(std::move(finished.log), program(), interface);
    EXPECT_EQ(trace.ending.kind, EndKind::reported);
    ASSERT_TRUE(trace.ending.report);
    EXPECT_EQ(trace.ending.report->kind, "data race");
    EXPECT_TRUE(trace.ending.report->names("racy.so") || trace.ending.report->names("libracy.so"));
    EXPECT_GE(trace.requests.size(), 1u);
  }
}

TEST(UnderTSan, TheProbeAndTheHarnessHaveNoRace) {
  Worker worker(setup_for(FFI_CTS_PROBE));
  for (std::uint64_t i = 1; i <= 50; ++i) {
    worker.submit(i, program(), 20);
    ASSERT_FALSE(worker.next(false).worker_lost) << worker.output();
  }
}

}  // namespace
}  // namespace ffi_cts
