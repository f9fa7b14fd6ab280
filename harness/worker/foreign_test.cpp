// Libraries that misbehave: the worker may go down with them, what they did until then is not lost.
#include <gmock/gmock.h>
#include <signal.h>

#include <deque>

#include "harness/program/text.hpp"
#include "harness/worker/worker.hpp"

namespace ffi_cts {
namespace {

using testing::HasSubstr;
#ifdef FFI_CTS_SANITIZER
constexpr double slower = 5;
#else
constexpr double slower = 1;
#endif

const Interface& probe() {
  static const Interface interface = load_interface(FFI_CTS_PROBE_TOML);
  return interface;
}

WorkerSetup setup_for(const std::string& library) {
  WorkerSetup setup;
  setup.program = FFI_CTS_WORKER;
  setup.library = library;
  setup.interface_file = FFI_CTS_PROBE_TOML;
  setup.backstop_s *= slower;
  setup.give_up_s *= slower;
  return setup;
}

// A worker with that library, given one program at a time.
class AWorker {
 public:
  explicit AWorker(const std::string& library) : worker_(setup_for(library)) {}
  Trace run(std::string_view text, bool stacks = false) {
    // Traces point into the program that they are of.
    programs_.push_back(parse_program(text));
    worker_.submit(++sequence_, programs_.back(), 20);
    Finished finished = worker_.next(stacks);
    EXPECT_EQ(finished.sequence, sequence_);
    return index(std::move(finished.log), programs_.back(), probe());
  }
  Worker* operator->() { return &worker_; }

 private:
  Worker worker_;
  std::deque<Program> programs_;
  std::uint64_t sequence_ = 0;
};

struct ForeignWorker : AWorker {
  explicit ForeignWorker(const std::string& name) : AWorker(FFI_CTS_FOREIGN "/" + name + ".so") {}
};

TEST(ForeignLibrary, ThatCrashesOnLoadLeavesALostWorkerThatSaysHow) {
  Worker worker(setup_for(FFI_CTS_FOREIGN "/crash_on_load.so"));
  EXPECT_TRUE(worker.lost());
  EXPECT_EQ(worker.loading().kind, EndKind::crashed);
  EXPECT_EQ(worker.loading().signal, SIGABRT);
}

TEST(ForeignLibrary, ThatHangsInCreateIsHungForCertainAndItsStackNamesIt) {
  ForeignWorker worker("hang_in_create");
  const Trace trace = worker.run("A  c1 = create\nA  wait c1\n", true);
  ASSERT_EQ(trace.ending.kind, EndKind::hung);
  EXPECT_TRUE(trace.ending.certain);
  EXPECT_TRUE(worker->lost());
  ASSERT_EQ(trace.running_calls().size(), 1u);
  EXPECT_EQ(trace.running_calls()[0]->export_, Export::create);
  bool named = false;
  for (const Stack& stack : trace.ending.stacks)
    for (const Frame& frame : stack.frames)
      named = named || (stack.thread == "A" && frame.module == "hang_in_create.so" && frame.function.find("probe_create_cbor") != std::string::npos);
  EXPECT_TRUE(named) << trace.ending.stacks.size() << " stacks";
}

TEST(ForeignLibrary, ThatCallsExitIsReportedWithItsStatus) {
  ForeignWorker worker("calls_exit");
  const Trace trace = worker.run("A  c1 = create\nA  r1 = request c1 echo text(16,1)\nA  wait r1\nA  r2 = request c1 empty\nA  wait r2\n");
  EXPECT_EQ(trace.ending.kind, EndKind::exited);
  EXPECT_EQ(trace.ending.code, 7);
  ASSERT_EQ(trace.requests.size(), 2u);
  EXPECT_TRUE(trace.requests[0].reply());
  ASSERT_EQ(trace.running_calls().size(), 1u);
  EXPECT_EQ(trace.running_calls()[0]->request, &trace.requests[1]);
}

TEST(ForeignLibrary, ThatPrintsMegabytesCompletesAndTheLastOfItIsKept) {
  ForeignWorker worker("prints_megabytes");
  for (int i = 0; i < 3; ++i) {
    const Trace trace = worker.run("A  c1 = create\nA  r1 = request c1 echo text(16,1) x20\nA  wait r1\nA  destroy c1\n");
    ASSERT_TRUE(trace.completed());
    for (const Request& request : trace.requests) EXPECT_EQ(request.reply()->code, ret_ok);
  }
  EXPECT_THAT(worker->output(), HasSubstr("all is well"));
  EXPECT_LT(worker->output().size(), 1u << 20);
}

TEST(ForeignLibrary, ThatCrashesLeavesItsPartialLogWithTheCallThatRan) {
  ForeignWorker worker("crash_every_second_case");
  EXPECT_TRUE(worker.run("A  c1 = create\nA  wait c1\nA  destroy c1\n").completed());
  const Trace trace = worker.run("A  c1 = create\nA  wait c1\nA  destroy c1\n", true);
  ASSERT_EQ(trace.ending.kind, EndKind::crashed);
  EXPECT_EQ(trace.ending.signal, SIGSEGV);
  EXPECT_EQ(trace.ending.fault_address, 8u);
  EXPECT_TRUE(worker->lost());
  ASSERT_EQ(trace.running_calls().size(), 1u);
  EXPECT_EQ(trace.running_calls()[0]->export_, Export::create);
  ASSERT_EQ(trace.ending.stacks.size(), 1u);
  bool named = false;
  for (const Frame& frame : trace.ending.stacks[0].frames) named = named || frame.module == "crash_every_second_case.so";
  EXPECT_TRUE(named);
}

TEST(ForeignLibrary, ThatCrashesTakesWhatWasSubmittedBehindWithIt) {
  ForeignWorker worker("crash_every_second_case");
  const Program program = parse_program("A  c1 = create\nA  wait c1\nA  c2 = create\n");
  for (std::uint64_t i = 1; i <= 3; ++i) worker->submit(i, program, 2);
  Finished finished = worker->next(false);
  EXPECT_TRUE(finished.worker_lost);
  EXPECT_EQ(finished.sequence, 1u);
  EXPECT_EQ(worker->under_way(), 0u);
  const Trace trace = index(std::move(finished.log), program, probe());
  ASSERT_EQ(trace.contexts.size(), 2u);
  EXPECT_TRUE(trace.contexts[0].constructor());
}

TEST(ALibraryThatCannotBeUsed, IsALibraryErrorInOneLine) {
  for (const char* file : {"/no/such/file.so", FFI_CTS_PROBE_TOML}) {
    try {
      Worker worker(setup_for(file));
      ADD_FAILURE() << file << " was loaded";
    } catch (const LibraryError& error) {
      EXPECT_THAT(error.what(), HasSubstr(file));
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace ffi_cts
