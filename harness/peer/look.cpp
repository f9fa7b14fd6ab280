#include "harness/peer/look.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

#include "harness/peer/process.hpp"
#include "harness/peer/streams.hpp"

namespace ffi_cts::peer {
namespace {

// Of a process or thread that has just gone: nothing.
std::string contents(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 1024> memory;
  const ssize_t size = file ? read(file.get(), memory.data(), memory.size()) : 0;
  return {memory.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

// How a call says when it is to return at the latest.
enum class Limit : std::uint8_t { none, pointer, milliseconds };  // a null pointer, negative milliseconds: never
struct Call {
  long number;
  Limit limit = Limit::none;
  std::size_t argument = 0;
};

// Those that others end. What is not here may end by itself.
constexpr Call calls[] = {
    {SYS_read},
    {SYS_readv},
    {SYS_recvfrom},
    {SYS_recvmsg},
    {SYS_write},
    {SYS_writev},
    {SYS_sendto},
    {SYS_sendmsg},
    {SYS_splice},
    {SYS_wait4},
    {SYS_waitid},
    {SYS_rt_sigsuspend},
    {SYS_accept},
    {SYS_accept4},
    {SYS_futex, Limit::pointer, 3},
    {SYS_ppoll, Limit::pointer, 2},
    {SYS_pselect6, Limit::pointer, 4},
    {SYS_rt_sigtimedwait, Limit::pointer, 2},
    {SYS_epoll_pwait, Limit::milliseconds, 3},
#ifdef SYS_epoll_pwait2
    {SYS_epoll_pwait2, Limit::pointer, 3},
#endif
#ifdef SYS_pause
    {SYS_pause},
#endif
#ifdef SYS_poll
    {SYS_poll, Limit::milliseconds, 2},
#endif
#ifdef SYS_select
    {SYS_select, Limit::pointer, 4},
#endif
#ifdef SYS_epoll_wait
    {SYS_epoll_wait, Limit::milliseconds, 3},
#endif
};

// `line`: /proc/…/syscall, a number and six arguments in hexadecimal, or "running".
bool untimed_call(const std::string& line) {
  long number = -1;
  std::array<unsigned long, 6> a{};
  if (std::sscanf(line.c_str(), "%ld %lx %lx %lx %lx %lx %lx", &number, &a[0], &a[1], &a[2], &a[3], &a[4], &a[5]) != 7)
    return false;
  const auto* const call =
      std::find_if(std::begin(calls), std::end(calls), [&](const Call& c) { return c.number == number; });
  if (call == std::end(calls)) return false;
  if (number == SYS_futex) {
    const auto operation = a[1] & static_cast<unsigned long>(FUTEX_CMD_MASK);
    if (operation != FUTEX_WAIT && operation != FUTEX_WAIT_BITSET) return false;
  }
  if (call->limit == Limit::pointer) return a[call->argument] == 0;
  return call->limit == Limit::none || static_cast<int>(a[call->argument]) < 0;
}

// A timer descriptor that is set.
bool armed_timer(const std::string& process) {
  bool armed = false;
  DIR* const directory = opendir((process + "/fd").c_str());
  if (!directory) return true;  // not to be known
  while (const dirent* entry = readdir(directory)) {
    std::array<char, 64> target{};
    if (readlink((process + "/fd/" + entry->d_name).c_str(), target.data(), target.size() - 1) <= 0) continue;
    if (std::string_view(target.data()).find("timerfd") == std::string_view::npos) continue;
    armed = armed || contents(process + "/fdinfo/" + entry->d_name).find("it_value: (0, 0)") == std::string::npos;
  }
  closedir(directory);
  return armed;
}

char state_of(const std::string& stat) {
  const std::size_t end = stat.rfind(')');
  return end == std::string::npos || end + 2 >= stat.size() ? 'R' : stat[end + 2];
}

}  // namespace

Look look_at(int pid) {
  Look look;
  const std::string process = "/proc/" + std::to_string(pid);
  for (const int thread : tasks_of(pid)) {
    const std::string task = process + "/task/" + std::to_string(thread);
    const char state = state_of(contents(task + "/stat"));
    if (state == 'Z') continue;
    look.cpu_ns[thread] = std::strtoull(contents(task + "/schedstat").c_str(), nullptr, 10);
    look.asleep = look.asleep && state == 'S';
    look.untimed = look.untimed && look.asleep && untimed_call(contents(task + "/syscall"));
  }
  if (look.untimed && !look.cpu_ns.empty()) look.untimed = !armed_timer(process);
  return look;
}

}  // namespace ffi_cts::peer
