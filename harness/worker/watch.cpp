#include "harness/worker/watch.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace ffi_cts {
namespace {

std::string read_file(const std::string& path) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  char buffer[1024];
  ssize_t n = read(fd, buffer, sizeof buffer);
  close(fd);
  return n > 0 ? std::string(buffer, static_cast<std::size_t>(n)) : std::string();
}

template <typename F>
void for_each_entry(const std::string& directory, F&& f) {
  DIR* dir = opendir(directory.c_str());
  if (!dir) return;
  while (dirent* entry = readdir(dir))
    if (entry->d_name[0] != '.') f(entry->d_name);
  closedir(dir);
}

// A blocking system call that ends by itself after a time. `line`: /proc/…/syscall, "number arg0 … arg5 sp pc".
bool timed_call(const std::string& line) {
  long number = -1;
  unsigned long a[6] = {};
  // Unreadable, or "running": nothing is certain then.
  if (std::sscanf(line.c_str(), "%ld %lx %lx %lx %lx %lx %lx", &number, &a[0], &a[1], &a[2], &a[3], &a[4], &a[5]) != 7) return true;
  auto timeout = [](unsigned long arg) { return static_cast<int>(arg) >= 0; };
  switch (number) {
    case SYS_futex: {
      unsigned long operation = a[1] & static_cast<unsigned long>(FUTEX_CMD_MASK);
      bool waits = operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET || operation == FUTEX_LOCK_PI;
      return waits && a[3] != 0;
    }
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
    case SYS_restart_syscall: return true;
#ifdef SYS_poll
    case SYS_poll: return timeout(a[2]);
#endif
#ifdef SYS_select
    case SYS_select: return a[4] != 0;
#endif
#ifdef SYS_epoll_wait
    case SYS_epoll_wait: return timeout(a[3]);
#endif
    case SYS_epoll_pwait: return timeout(a[3]);
    case SYS_ppoll: return a[2] != 0;
    case SYS_pselect6: return a[4] != 0;
    case SYS_rt_sigtimedwait: return a[2] != 0;
#ifdef SYS_epoll_pwait2
    case SYS_epoll_pwait2: return a[3] != 0;
#endif
#ifdef SYS_semtimedop
    case SYS_semtimedop: return a[3] != 0;
#endif
    default: return false;
  }
}

bool armed_timer(int pid) {
  bool armed = false;
  std::string fds = fmt::format("/proc/{}/fd", pid);
  for_each_entry(fds, [&](const char* name) {
    char target[64] = {};
    if (readlink(fmt::format("{}/{}", fds, name).c_str(), target, sizeof target - 1) <= 0) return;
    if (!std::strstr(target, "timerfd")) return;
    std::string info = read_file(fmt::format("/proc/{}/fdinfo/{}", pid, name));
    std::size_t at = info.find("it_value: (");
    if (at == std::string::npos || info.compare(at, 17, "it_value: (0, 0)\n") != 0) armed = true;
  });
  return armed;
}

}  // namespace

Sample sample(int pid, const std::set<int>& ignored) {
  Sample result;
  std::string tasks = fmt::format("/proc/{}/task", pid);
  for_each_entry(tasks, [&](const char* name) {
    int tid = std::atoi(name);
    if (ignored.contains(tid)) return;
    std::string task = fmt::format("{}/{}", tasks, name);
    std::string stat = read_file(task + "/stat");
    std::size_t paren = stat.rfind(')');
    char state = paren != std::string::npos && paren + 2 < stat.size() ? stat[paren + 2] : 'R';
    if (state != 'S') result.asleep = false;
    result.cpu_ns[tid] = std::strtoull(read_file(task + "/schedstat").c_str(), nullptr, 10);
    if (result.asleep && timed_call(read_file(task + "/syscall"))) result.timed = true;
  });
  if (result.asleep && !result.timed) result.timed = armed_timer(pid);
  return result;
}

namespace {

constexpr std::uint64_t busy_share = 20;

std::uint64_t used(const Sample& sample) {
  std::uint64_t ns = 0;
  for (const auto& [tid, cpu_ns] : sample.cpu_ns) ns += cpu_ns;
  return ns;
}

std::uint64_t now_ns() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

bool Watch::look(int pid, const std::set<int>& ignored) {
  Sample now = sample(pid, ignored);
  bool alike = now == last_ && now.asleep && !now.timed && !now.cpu_ns.empty();
  const std::uint64_t at = now_ns(), elapsed = at - std::exchange(looked_ns_, at);
  busy_ = !now.asleep || busy_share * (used(now) - std::min(used(now), used(last_))) > elapsed;
  last_ = std::move(now);
  alike_ = alike ? alike_ + 1 : 0;
  return alike_ >= 2;  // this look and the two before it
}

}  // namespace ffi_cts
