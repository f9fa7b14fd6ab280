// What a look at a process from outside shows.
#include "harness/worker/watch.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

namespace ffi_cts {
namespace {

// A process that does `work`, ended with the test. It has a pipe to sleep on for ever.
class Child {
 public:
  explicit Child(void (*work)(int fd)) {
    if (pipe(fds_) != 0) std::abort();
    pid_ = fork();
    if (pid_ == 0) {
      for (int other = 3; other < 100; ++other)  // what this process inherited
        if (other != fds_[0] && other != fds_[1]) close(other);
      work(fds_[0]);
      _exit(0);
    }
  }
  ~Child() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    close(fds_[0]);
    close(fds_[1]);
  }
  int pid() const { return pid_; }

 private:
  int pid_ = -1, fds_[2] = {};
};

// A race detector gives the child a thread of its own, which wakes now and then.
std::set<int> not_its_own(int pid) {
  std::set<int> others;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task")) others.insert(std::stoi(task.path().filename()));
  others.erase(pid);
  return others;
}
Sample look_at(const Child& child) { return sample(child.pid(), not_its_own(child.pid())); }

void sleep_for_ever(int fd) {
  char byte;
  [[maybe_unused]] ssize_t n = read(fd, &byte, 1);
}
void poll_for_ever(int fd) {
  pollfd one = {fd, POLLIN, 0};
  poll(&one, 1, -1);
}
void sleep_long(int) {
  timespec time = {1000, 0};
  nanosleep(&time, nullptr);
}
void sleep_beside_a_timer(int fd) {
  int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  itimerspec once = {{0, 0}, {1000, 0}};
  timerfd_settime(timer, 0, &once, nullptr);
  poll_for_ever(fd);
}
void sleep_beside_a_timer_that_is_off(int fd) {
  timerfd_create(CLOCK_MONOTONIC, 0);
  poll_for_ever(fd);
}
void sleep_until_its_child_ends(int fd) {
  if (fork() == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sleep_for_ever(fd);
  }
  waitpid(-1, nullptr, 0);
}
void sleep_on_a_socket(int fd) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) sleep_for_ever(fd);
  sleep_for_ever(pair[0]);
}
void sleep_on_a_pipe_of_others(int fd) {
  for (int other = 3; other < 100; ++other)
    if (other != fd) close(other);
  sleep_for_ever(fd);
}
void be_busy(int) {
  for (;;) asm volatile("");
}

bool comes_true(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < until) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

TEST(Sample, ASleepingProcessIsAsleepAndNotTimed) {
  Child child(sleep_for_ever);
  EXPECT_TRUE(comes_true([&] {
    const Sample seen = look_at(child);
    return seen.asleep && !seen.timed && seen.cpu_ns.size() == 1;
  }));
}

TEST(Sample, AProcessInNanosleepIsTimed) {
  Child child(sleep_long);
  EXPECT_TRUE(comes_true([&] {
    const Sample seen = look_at(child);
    return seen.asleep && seen.timed;
  }));
}

TEST(Sample, AProcessWithAnArmedTimerDescriptorIsTimed) {
  Child child(sleep_beside_a_timer);
  EXPECT_TRUE(comes_true([&] {
    const Sample seen = look_at(child);
    return seen.asleep && seen.timed;
  }));
}

TEST(Sample, WhatCanBeWokenFromOutsideIsTimed) {
  for (auto* work : {sleep_until_its_child_ends, sleep_on_a_socket, sleep_on_a_pipe_of_others}) {
    Child child(work);
    EXPECT_TRUE(comes_true([&] {
      const Sample seen = look_at(child);
      return seen.asleep && seen.timed;
    }));
  }
}

TEST(Sample, APollForWhatOnlyTheProcessItselfCanSendIsNotTimed) {
  Child child(poll_for_ever);
  EXPECT_TRUE(comes_true([&] {
    const Sample seen = look_at(child);
    return seen.asleep && !seen.timed;
  }));
}

TEST(Sample, ATimerDescriptorThatIsOffIsNoTimer) {
  Child child(sleep_beside_a_timer_that_is_off);
  EXPECT_TRUE(comes_true([&] {
    const Sample seen = look_at(child);
    return seen.asleep && !seen.timed;
  }));
}

TEST(Sample, ABusyProcessIsNeverAsleep) {
  Child child(be_busy);
  EXPECT_TRUE(comes_true([&] { return !look_at(child).asleep; }));
  for (int i = 0; i < 200; ++i) ASSERT_FALSE(look_at(child).asleep);
}

TEST(Sample, IgnoredThreadsDoNotCount) {
  Child child(be_busy);
  std::set<int> all = not_its_own(child.pid());
  all.insert(child.pid());
  const Sample seen = sample(child.pid(), all);
  EXPECT_TRUE(seen.cpu_ns.empty());
  EXPECT_TRUE(seen.asleep);
}

TEST(Watch, SaysStillAtTheThirdLikeLookAndNotBefore) {
  Child child(sleep_for_ever);
  ASSERT_TRUE(comes_true([&] { return look_at(child).asleep; }));
  Watch watch;
  ASSERT_TRUE(comes_true([&] { return watch.look(child.pid(), not_its_own(child.pid())); }));
  watch.reset();  // nothing changes any more: from here on looks can be counted
  EXPECT_FALSE(watch.look(child.pid(), not_its_own(child.pid())));
  EXPECT_TRUE(watch.look(child.pid(), not_its_own(child.pid())));
  EXPECT_FALSE(watch.busy());
  Watch other;
  EXPECT_FALSE(other.look(child.pid(), not_its_own(child.pid())));
  EXPECT_FALSE(other.look(child.pid(), not_its_own(child.pid())));
  EXPECT_TRUE(other.look(child.pid(), not_its_own(child.pid())));
}

TEST(Watch, NeverSaysStillOfABusyATimedOrAGoneProcess) {
  Child busy(be_busy), timed(sleep_long);
  ASSERT_TRUE(comes_true([&] { return look_at(timed).asleep; }));
  Watch of_busy, of_timed, of_gone;
  for (int i = 0; i < 50; ++i) {
    ASSERT_FALSE(of_busy.look(busy.pid(), not_its_own(busy.pid())));
    ASSERT_FALSE(of_timed.look(timed.pid(), not_its_own(timed.pid())));
    ASSERT_FALSE(of_gone.look(0x7ffffff0, {}));
  }
  EXPECT_TRUE(of_busy.busy());
}

}  // namespace
}  // namespace ffi_cts
