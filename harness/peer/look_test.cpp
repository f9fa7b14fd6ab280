#include "harness/peer/look.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace ffi_cts::peer {
namespace {

// Does such a process come to stand like that? The time is a backstop: what never comes fails the test.
template <class Body, class Condition>
bool comes_to(Body body, Condition condition) {
  const pid_t pid = fork();
  if (pid == 0) {
    body();
    for (;;) pause();
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  bool held = false;
  while (!held && std::chrono::steady_clock::now() < end) {
    const Look look = look_at(pid);
    held = !look.cpu_ns.empty() && condition(look);
  }
  kill(pid, SIGKILL);
  int status = 0;
  waitpid(pid, &status, 0);
  return held;
}

bool for_good(const Look& look) {
  return look.asleep && look.untimed;
}
bool for_a_time(const Look& look) {
  return look.asleep && !look.untimed;
}
int pipe_end(int end) {
  int ends[2];
  return pipe(ends) == 0 ? ends[end] : -1;
}

TEST(Look, WhoReadsWritesOrPollsWithoutALimitSleepsForGood) {
  char byte = 0;
  EXPECT_TRUE(comes_to([] { pause(); }, for_good));
  EXPECT_TRUE(comes_to([&] { return read(pipe_end(0), &byte, 1); }, for_good));
  EXPECT_TRUE(comes_to(
      [&] {
        const int fd = pipe_end(1);
        while (write(fd, &byte, 1) == 1) {
        }
      },
      for_good));
  EXPECT_TRUE(comes_to([] { return poll(nullptr, 0, -1); }, for_good));
}

TEST(Look, WhoWaitsForATimeOrHasATimerDoesNot) {
  EXPECT_TRUE(comes_to([] { sleep(1000); }, for_a_time));
  EXPECT_TRUE(comes_to([] { return poll(nullptr, 0, 1'000'000); }, for_a_time));
  EXPECT_TRUE(comes_to(
      [] {
        const itimerspec when{{}, {1000, 0}};
        timerfd_settime(timerfd_create(CLOCK_MONOTONIC, 0), 0, &when, nullptr);
      },
      for_a_time));
}

TEST(Look, WhoWorksIsAwake) {
  EXPECT_TRUE(comes_to(
      [] {
        for (volatile bool on = true; on;) {
        }
      },
      [](const Look& look) { return !look.asleep && look.cpu_ns.begin()->second > 10'000'000; }));
}

TEST(Look, AThreadThatGoesOnWithoutTheFirstIsSeen) {
  EXPECT_TRUE(comes_to(
      [] {
        std::thread([] { pause(); }).detach();
        syscall(SYS_exit, 0);  // of this thread only
      },
      [](const Look& look) { return look.cpu_ns.size() == 1 && for_good(look); }));
}

TEST(Look, OfWhoIsGoneThereIsNothing) {
  EXPECT_TRUE(look_at(1 << 30).cpu_ns.empty());
}

}  // namespace
}  // namespace ffi_cts::peer
