#include "harness/driver/hardships.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>

namespace ffi_cts {

SignalStorm::SignalStorm(bool on) : on_(on) {
  if (!on_) return;
  struct sigaction action = {};
  action.sa_handler = [](int) {};
  sigaction(SIGALRM, &action, &before_);
  itimerval every_ms = {{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &every_ms, nullptr);
}

SignalStorm::~SignalStorm() {
  if (!on_) return;
  itimerval off = {};
  setitimer(ITIMER_REAL, &off, nullptr);
  before_.sa_handler = SIG_IGN;  // one may still be on its way
  sigaction(SIGALRM, &before_, nullptr);
}

ManyDescriptors::ManyDescriptors(bool on) {
  constexpr std::size_t many = 1200;
  constexpr rlim_t room = 2048;
  if (!on) return;
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < room) {
    limit.rlim_cur = std::min(room, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  const int first = open("/dev/null", O_RDONLY | O_CLOEXEC);
  for (int fd = first; fd >= 0 && open_.size() < many; fd = fcntl(first, F_DUPFD_CLOEXEC, 0)) open_.push_back(fd);
}

ManyDescriptors::~ManyDescriptors() {
  for (int fd : open_) close(fd);
}

}  // namespace ffi_cts
