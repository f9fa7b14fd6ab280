// A process of a program's own: what is noted while the library is loaded, used, unloaded and gone. And rounds, and what
// the trace says of threads and exceptions.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <csignal>
#include <deque>

#include "harness/program/text.hpp"
#include "harness/worker/facts.hpp"
#include "harness/worker/worker.hpp"

namespace ffi_cts {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
#ifdef FFI_CTS_SANITIZER
constexpr double slower = 5;
#else
constexpr double slower = 1;
#endif

const Interface& probe() {
  static const Interface interface = load_interface(FFI_CTS_PROBE_TOML);
  return interface;
}

struct Ran {
  Program program;
  Finished finished;
  Trace trace;
};

// One program in a new worker.
Ran run(const std::string& library, const std::string& text) {
  WorkerSetup setup;
  setup.program = FFI_CTS_WORKER;
  setup.library = library;
  setup.interface_file = FFI_CTS_PROBE_TOML;
  setup.backstop_s *= slower;
  setup.give_up_s *= slower;
  static std::deque<Program> programs;  // traces point into the program that they are of
  const Program& program = programs.emplace_back(parse_program(text));
  Worker worker(setup);
  worker.submit(1, program, 20);
  Ran ran{program, worker.next(false), {}};
  EXPECT_EQ(worker.lost(), program.fresh_process || ran.finished.worker_lost);
  ran.trace = index(std::move(ran.finished.log), program, probe());
  return ran;
}

std::string faulty(const std::string& name) { return std::string(FFI_CTS_FOREIGN "/../") + name + ".so"; }

TEST(AProcessOfItsOwn, IsLoadedUsedUnloadedAndEnds) {
  const Ran ran = run(FFI_CTS_PROBE, "program fresh_process\nA  c1 = create text(4,1)\nA  wait c1\n");
  EXPECT_TRUE(ran.finished.worker_ended);
  EXPECT_FALSE(ran.finished.worker_lost);
  EXPECT_TRUE(ran.trace.completed());
  ASSERT_TRUE(ran.trace.loading);
  const Loading& loading = *ran.trace.loading;
  EXPECT_THAT(loading.missing, IsEmpty());
  EXPECT_EQ(loading.before.settings.at("SIGPIPE"), "default");
  EXPECT_THAT(loading.before.settings.at("SIGSEGV"), HasSubstr("handler"));  // the worker's own
  EXPECT_EQ(loading.before.settings, loading.loaded.settings);
  ASSERT_TRUE(loading.creating && loading.created && loading.used);
  EXPECT_EQ(loading.creating->settings, loading.created->settings);
  EXPECT_EQ(loading.before.descriptors.size(), loading.loaded.descriptors.size());
  EXPECT_EQ(loading.before.threads.size(), loading.loaded.threads.size());
  EXPECT_THAT(loading.used->threads, SizeIs(loading.before.threads.size() + 1));  // the loop
  EXPECT_TRUE(loading.used->threads.back().blocked & (1u << (SIGTERM - 1)));
  ASSERT_TRUE(loading.unloading);
  EXPECT_TRUE(loading.unloading->closed);
  EXPECT_FALSE(loading.unloading->mapped);
  EXPECT_THAT(loading.unloading->left, SizeIs(loading.before.threads.size()));
  EXPECT_TRUE(loading.unloading->exited);
}

TEST(AProcessOfItsOwn, IsNotedOnlyWhereAProgramHasOne) {
  const Ran ran = run(FFI_CTS_PROBE, "A  c1 = create text(4,1)\nA  wait c1\n");
  EXPECT_FALSE(ran.finished.worker_ended);
  EXPECT_FALSE(ran.trace.loading);
  EXPECT_THAT(ran.trace.censuses, IsEmpty());
}

TEST(AProcessOfItsOwn, ShowsALibraryThatStaysMappedWithItsThread) {
  const Ran ran = run(FFI_CTS_FOREIGN "/polls.so", "program fresh_process\nA  c1 = create\nA  wait c1\n");
  ASSERT_TRUE(ran.trace.loading && ran.trace.loading->unloading);
  EXPECT_TRUE(ran.trace.loading->unloading->mapped);
  EXPECT_THAT(ran.trace.loading->unloading->left, SizeIs(ran.trace.loading->before.threads.size() + 1));
  EXPECT_TRUE(ran.trace.loading->unloading->exited);
}

TEST(AProcessOfItsOwn, ThatCrashesAfterUnloadingSaysSoAndTheProgramIsComplete) {
  const Ran ran = run(faulty("LOAD-4_thread_outlives_destroy"), "program fresh_process\nA  c1 = create\n");
  EXPECT_TRUE(ran.trace.completed());
  ASSERT_TRUE(ran.trace.loading && ran.trace.loading->unloading);
  const Unloading& seen = *ran.trace.loading->unloading;
  EXPECT_TRUE(seen.closed);
  EXPECT_FALSE(seen.exited);
  EXPECT_EQ(seen.ending.kind, EndKind::crashed);
  EXPECT_EQ(seen.ending.signal, SIGSEGV);
}

TEST(AProcessOfItsOwn, NamesWhatIsMissing) {
  const Ran ran = run(faulty("LOAD-1_missing_export"), "program fresh_process\nA  c1 = create\nA  l1 = listen c1 event\nA  remove l1\n");
  ASSERT_TRUE(ran.trace.loading);
  EXPECT_THAT(ran.trace.loading->missing, testing::ElementsAre("probe_remove_event_listener"));
  EXPECT_THAT(ran.trace.listeners.at(0).removes, IsEmpty());  // the step was skipped
}

TEST(AProcessOfItsOwn, ShowsWhichCallsAreTheFirst) {
  const Ran ran = run(FFI_CTS_PROBE, "program fresh_process\nA  c1 = create\nA  wait c1\nB  wait c1\nB  r1 = request c1 echo\nB  r2 = request c1 echo\n");
  const Call& create = *ran.trace.contexts.at(0).create;
  EXPECT_TRUE(create.first_of_process && create.first_of_thread);
  const Call& first = *ran.trace.requests.at(0).call;
  EXPECT_TRUE(!first.first_of_process && first.first_of_thread);
  const Call& second = *ran.trace.requests.at(1).call;
  EXPECT_FALSE(second.first_of_process || second.first_of_thread);
}

TEST(Facts, ComeThroughTheLinkAsTheyWere) {
  Loading loading;
  loading.missing = {"a_symbol", "another"};
  loading.before.settings = {{"SIGPIPE", "default"}, {"locale", "C"}};
  loading.before.descriptors = {{7, "socket:[1]", true}, {8, "/tmp/x", false}};
  loading.loaded.threads = {{50, "loop", ~std::uint64_t{0}}};
  loading.created.emplace().settings = {{"locale", "de"}};
  loading.used.emplace().threads = {{51, "a b", 3}};
  loading.unloading.emplace();
  loading.unloading->mapped = true;
  loading.unloading->left = {{52, "pool", 1}};
  const Value travelled = to_value(loading);
  const auto again = decode(encode(travelled));
  ASSERT_TRUE(again);
  EXPECT_EQ(to_value(loading_from(*again.value)), travelled);
}

TEST(Rounds, AreCountedOneByOne) {
  const Ran ran = run(FFI_CTS_PROBE, "program rounds(12)\nA  c1 = create\nA  r1 = request c1 echo\nA  wait r1\n");
  EXPECT_TRUE(ran.trace.completed());
  ASSERT_EQ(ran.trace.contexts.size(), 12u);
  ASSERT_EQ(ran.trace.requests.size(), 12u);
  EXPECT_EQ(ran.trace.contexts.back().name, "c1.12");
  for (const Context& context : ran.trace.contexts) EXPECT_TRUE(context.destroyed());
  for (const Request& request : ran.trace.requests) EXPECT_EQ(request.terminal_callbacks().size(), 1u);
  ASSERT_EQ(ran.trace.censuses.size(), 12u);
  for (const Census& census : ran.trace.censuses) EXPECT_EQ(census.descriptors, ran.trace.censuses.front().descriptors);
}

TEST(AnException, ThatNobodyCatchesIsNamedWithTheCallThatItLeft) {
  std::string text = "A  c1 = create\nA  wait c1\n";
  for (int i = 1; i <= 12; ++i) text += fmt::format("A  r{0} = request c1 echo text(0,{0}) !malformed\n", i);
  const Ran ran = run(faulty("THR-9_throws_from_an_export"), text);
  EXPECT_EQ(ran.trace.ending.kind, EndKind::crashed);
  EXPECT_EQ(ran.trace.ending.signal, SIGABRT);
  EXPECT_EQ(ran.trace.ending.uncaught, "std::invalid_argument: a request is a map");
  EXPECT_EQ(ran.trace.ending.thread, 0);
  EXPECT_THAT(ran.trace.running_calls(), SizeIs(1));
}

TEST(AnException, OnTheLoopIsNamedToo) {
  const Ran ran = run(faulty("THR-9_throws_from_a_handler"), "A  c1 = create\nA  wait c1\nA  r1 = request c1 fail text(16,1)\nA  wait r1\n");
  EXPECT_EQ(ran.trace.ending.kind, EndKind::crashed);
  EXPECT_THAT(ran.trace.ending.uncaught, HasSubstr("std::runtime_error: "));
  EXPECT_GE(ran.trace.ending.thread, max_threads);
}

TEST(AStandstill, IsStampedBeforeWhatItLetsGo) {
  const Ran ran = run(faulty("THR-4_dispatches_under_the_lock"),
                      "A  c1 = create\nA  l1 = listen c1 event { park }\nA  r1 = request c1 emit text(16,1)\nA  wait l1\nA  l2 = listen c1 event\n");
  const Callback& parked = *ran.trace.listeners.at(0).callbacks.at(0);
  const Call& add = *ran.trace.listeners.at(1).add;
  ASSERT_TRUE(parked.stalled);
  EXPECT_LT(add.entered, parked.stalled_at);
  EXPECT_LE(parked.stalled_at, parked.left);
  EXPECT_LT(parked.left, add.returned);
}

TEST(TheTeardown, TriesTheThreadThatCreatedWhatAnotherCannotDestroy) {
  const Ran ran = run(faulty("THR-6_destroys_only_on_the_creator"), "B  c1 = create\n");
  const Context& context = ran.trace.contexts.at(0);
  ASSERT_TRUE(context.destroyed());
  EXPECT_EQ(context.destroyed()->thread, 1u);
  EXPECT_GT(context.destroys.size(), 1u);
}

}  // namespace
}  // namespace ffi_cts
