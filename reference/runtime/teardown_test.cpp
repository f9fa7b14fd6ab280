#include "reference/runtime/test_host.hpp"

#include <fcntl.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <set>

namespace ffi_cts::testing {
namespace {

using std::chrono::steady_clock;

TEST(Teardown, DestroyGivesEveryRequestInFlightItsOneError) {
  TestContext context;
  Recorder delayed;
  for (int i = 0; i < 100; ++i) context.submit(probe::echo_cbor, echo("x", 1'000'000), delayed);
  context.ask(probe::echo_cbor, echo("x"));  // so they are under way
  EXPECT_EQ(context.destroy(), RET_OK);
  ASSERT_EQ(delayed.count(), 100U);
  for (const auto& reply : delayed.heard()) EXPECT_EQ(reply.ret, RET_ERR);
}

TEST(Teardown, DestroyRightAfterCreateCallsTheConstructorsCallbackOnce) {
  for (int i = 0; i < 200; ++i) {
    Recorder constructed;
    void* const handle = create(constructed, {{"name", "short"}, {"delayMs", i % 2 == 0 ? 0 : 1'000'000}});
    EXPECT_EQ(probe::destroy(handle), RET_OK);
    ASSERT_EQ(constructed.count(), 1U);
  }
}

TEST(Teardown, WhileACallbackParksTheLoopDestroyGivesUpInTimeAndALaterOneFinishes) {
  TestContext context;
  Gate entered, go;
  Recorder parked([&](const Heard&) {
    entered.open();
    go.wait();
  });
  Recorder queued;
  context.submit(probe::echo_cbor, echo("x"), parked);
  entered.wait();
  context.submit(probe::echo_cbor, echo("x"), queued);
  const auto begin = steady_clock::now();
  EXPECT_EQ(probe::destroy(context.handle), RET_ERR);
  EXPECT_GE(steady_clock::now() - begin, std::chrono::milliseconds(1400));
  Recorder refused;
  EXPECT_NE(context.submit(probe::echo_cbor, echo("x"), refused), RET_OK);
  EXPECT_EQ(refused.count(), 1U);
  EXPECT_EQ(context.listen("tick", refused), 0U);
  EXPECT_EQ(probe::host_complete(context.handle, 1, RET_OK, "", 0), RET_OK);
  go.open();
  EXPECT_EQ(context.destroy(), RET_OK);
  EXPECT_EQ(queued.count(), 1U);
  EXPECT_EQ(queued.wait().ret, RET_ERR);
}

TEST(Teardown, DestroyInsideACallbackIsRefusedAndChangesNothing) {
  const TestContext context, other;
  std::vector<int> answers;
  Recorder destroyer([&](const Heard&) { answers = {probe::destroy(context.handle), probe::destroy(other.handle)}; });
  context.submit(probe::echo_cbor, echo("x"), destroyer);
  destroyer.wait();
  EXPECT_EQ(answers, (std::vector<int>{RET_ERR, RET_ERR}));
  EXPECT_EQ(context.ask(probe::echo_cbor, echo("x")).ret, RET_OK);
  EXPECT_EQ(other.ask(probe::echo_cbor, echo("x")).ret, RET_OK);
}

TEST(Teardown, TheInlineRefusalIsNoCallbackSoDestroyWorksThere) {
  TestContext context;
  int answer = -1;
  Recorder refused([&](const Heard&) { answer = context.destroy(); });
  probe::echo_cbor(context.handle, Recorder::callback, &refused, nullptr, 1);
  EXPECT_EQ(answer, RET_OK);
}

TEST(Teardown, OfConcurrentDestroysExactlyOneSucceeds) {
  for (int round = 0; round < 50; ++round) {
    TestContext context;
    void* const handle = std::exchange(context.handle, nullptr);
    std::atomic<int> succeeded{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] { succeeded += probe::destroy(handle) == RET_OK ? 1 : 0; });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(succeeded, 1);
  }
}

std::size_t entries_of(const char* directory) {
  const std::filesystem::directory_iterator begin(directory), end;
  return static_cast<std::size_t>(std::distance(begin, end));
}

TEST(Teardown, CyclesLeakNeitherThreadsNorDescriptors) {
  const auto cycle = [] {
    const TestContext context;
    context.ask(probe::echo_cbor, echo("x", 1));  // the timer makes Asio open its descriptors
  };
  cycle();
  const std::size_t descriptors = entries_of("/proc/self/fd"), threads = entries_of("/proc/self/task");
  for (int i = 0; i < 100; ++i) cycle();
  EXPECT_EQ(entries_of("/proc/self/fd"), descriptors);
  const auto limit = steady_clock::now() + backstop;  // a joined thread can linger in the kernel's list
  while (entries_of("/proc/self/task") > threads && steady_clock::now() < limit) std::this_thread::yield();
  EXPECT_LE(entries_of("/proc/self/task"), threads);
}

TEST(Teardown, TheDescriptorsOfATimerAreCloseOnExec) {
  const auto descriptors = [] {
    std::set<int> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      const int fd = std::stoi(entry.path().filename());
      if (fcntl(fd, F_GETFD) >= 0) found.insert(fd);
    }
    return found;
  };
  const auto before = descriptors();
  const TestContext context;
  context.ask(probe::echo_cbor, echo("x", 1));
  std::size_t opened = 0;
  for (const int fd : descriptors()) {
    const int flags = fcntl(fd, F_GETFD);
    if (before.contains(fd) || flags < 0) continue;
    ++opened;
    EXPECT_NE(flags & FD_CLOEXEC, 0) << fd;
  }
  EXPECT_GT(opened, 0U);
}

TEST(Teardown, TheLoopBlocksAsynchronousSignalsAndTheHostsMaskIsAsItWas) {
  sigset_t before, after, of_loop;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  const TestContext context;
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  Recorder look([&](const Heard&) { pthread_sigmask(SIG_SETMASK, nullptr, &of_loop); });
  context.submit(probe::echo_cbor, echo("x"), look);
  look.wait();
  for (const int signal : {SIGTERM, SIGINT, SIGALRM, SIGCHLD, SIGUSR1}) {
    EXPECT_EQ(sigismember(&of_loop, signal), 1);
    EXPECT_EQ(sigismember(&after, signal), sigismember(&before, signal));
  }
  EXPECT_EQ(sigismember(&of_loop, SIGSEGV), 0);
}

}  // namespace
}  // namespace ffi_cts::testing
