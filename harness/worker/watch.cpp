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
#include <vector>

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

// What ends the system call that a thread sleeps in?
enum class Ends : std::uint8_t {
  never,       // another thread of the process, or a signal
  by_itself,   // time, another process, or it is not known
  by_reading,  // bytes in one descriptor
  by_polling,  // something about descriptors
};
struct Sleep {
  Ends ends = Ends::by_itself;
  int fd = -1;  // by_reading
};

// `line`: /proc/…/syscall, "number arg0 … arg5 sp pc". Only what is listed can be taken for asleep for ever.
Sleep sleep_of(const std::string& line) {
  long number = -1;
  unsigned long a[6] = {};
  // Unreadable, or "running": nothing is certain then.
  if (std::sscanf(line.c_str(), "%ld %lx %lx %lx %lx %lx %lx", &number, &a[0], &a[1], &a[2], &a[3], &a[4], &a[5]) != 7) return {};
  const auto unless = [](bool timed, Ends ends) { return Sleep{timed ? Ends::by_itself : ends}; };
  const auto milliseconds = [](unsigned long arg) { return static_cast<int>(arg) >= 0; };
  switch (number) {
    case SYS_futex: {
      const unsigned long operation = a[1] & static_cast<unsigned long>(FUTEX_CMD_MASK);
      const bool waits = operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET || operation == FUTEX_LOCK_PI;
      return unless(!waits || a[3] != 0, Ends::never);
    }
#ifdef SYS_pause
    case SYS_pause: return {Ends::never};
#endif
    case SYS_rt_sigsuspend: return {Ends::never};
    case SYS_read: return {Ends::by_reading, static_cast<int>(a[0])};
#ifdef SYS_poll
    case SYS_poll: return unless(milliseconds(a[2]), Ends::by_polling);
#endif
#ifdef SYS_select
    case SYS_select: return unless(a[4] != 0, Ends::by_polling);
#endif
#ifdef SYS_epoll_wait
    case SYS_epoll_wait: return unless(milliseconds(a[3]), Ends::by_polling);
#endif
    case SYS_epoll_pwait: return unless(milliseconds(a[3]), Ends::by_polling);
    case SYS_ppoll: return unless(a[2] != 0, Ends::by_polling);
    case SYS_pselect6: return unless(a[4] != 0, Ends::by_polling);
#ifdef SYS_epoll_pwait2
    case SYS_epoll_pwait2: return unless(a[3] != 0, Ends::by_polling);
#endif
    default: return {};
  }
}

// The descriptors of a process, by what can happen to them while all its threads sleep.
class Descriptors {
 public:
  explicit Descriptors(int pid) : pid_(pid) {
    for_each_entry(fmt::format("/proc/{}/fd", pid), [&](const char* name) {
      char target[128] = {};
      if (readlink(fmt::format("/proc/{}/fd/{}", pid_, name).c_str(), target, sizeof target - 1) <= 0) return;
      const int fd = std::atoi(name);
      targets_[fd] = target;
      if (std::strncmp(target, "pipe:", 5) == 0 && (std::strtol(info(fd, "flags:").c_str(), nullptr, 8) & O_ACCMODE) != O_RDONLY) written_.insert(target);
    });
  }

  // Nothing but the process itself can make it readable. What is not known may come to life.
  bool quiet(int fd) const {
    const auto found = targets_.find(fd);
    if (found == targets_.end()) return false;
    const std::string& target = found->second;
    if (target == "anon_inode:[timerfd]") return info(fd, "it_value:") == " (0, 0)";
    if (target.starts_with("pipe:")) return written_.contains(target);
    const bool device = target.starts_with("/dev/") && target != "/dev/null" && target != "/dev/zero" && !target.ends_with("random");
    return target == "anon_inode:[eventfd]" || target == "anon_inode:[eventpoll]" || (target.starts_with('/') && !device);
  }

  // All of them; the worker's own do not count.
  bool all_quiet() const {
    return std::ranges::all_of(targets_, [&](const auto& one) {
      const auto& [fd, target] = one;
      return fd <= STDERR_FILENO || (fd >= first_own_descriptor && fd < first_own_descriptor + own_descriptors) || quiet(fd);
    });
  }

 private:
  std::string info(int fd, const char* key) const {
    const std::string all = read_file(fmt::format("/proc/{}/fdinfo/{}", pid_, fd));
    const std::size_t at = all.find(key);
    if (at == std::string::npos) return {};
    const std::size_t from = at + std::strlen(key);
    return all.substr(from, all.find('\n', from) - from);
  }

  int pid_;
  std::map<int, std::string> targets_;
  std::set<std::string> written_;  // pipes that the process itself can write to
};

// There is a timer of timer_create(), which may be about to fire.
bool posix_timer(int pid) { return !read_file(fmt::format("/proc/{}/timers", pid)).empty(); }

}  // namespace

Sample sample(int pid, const std::set<int>& ignored) {
  Sample result;
  std::vector<Sleep> sleeps;
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
    if (result.asleep && !result.timed) sleeps.push_back(sleep_of(read_file(task + "/syscall")));
  });
  const auto some = [&](Ends ends) { return std::ranges::any_of(sleeps, [&](const Sleep& sleep) { return sleep.ends == ends; }); };
  result.timed = some(Ends::by_itself) || posix_timer(pid);
  if (!result.asleep || result.timed || !(some(Ends::by_reading) || some(Ends::by_polling))) return result;
  const Descriptors descriptors(pid);
  const auto wakes = [&](const Sleep& sleep) { return sleep.ends == Ends::by_reading && !descriptors.quiet(sleep.fd); };
  result.timed = std::ranges::any_of(sleeps, wakes) || (some(Ends::by_polling) && !descriptors.all_quiet());
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
