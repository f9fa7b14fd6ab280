// The child of a parent that is judged. It has no will of its own: the judge reads and writes its streams itself.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "harness/peer/process.hpp"
#include "harness/peer/streams.hpp"

namespace ffi_cts::peer {

int stub_main(const std::string& address) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  const Descriptor terminations(signalfd(-1, &signals, SFD_CLOEXEC));
  sockaddr_un name;
  const socklen_t size = abstract_address(address, name);
  const Descriptor judge(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (connect(judge.get(), reinterpret_cast<sockaddr*>(&name), size) != 0 || !send_descriptors(judge.get(), {0, 1, 2}))
    return 2;
  const Descriptor nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
  for (int fd = 0; fd < 3; ++fd) dup2(nothing.get(), fd);

  bool stubborn = false;
  for (;;) {
    pollfd events[2] = {{judge.get(), POLLIN, 0}, {terminations.get(), POLLIN, 0}};
    poll(events, 2, -1);
    if (events[1].revents) {
      signalfd_siginfo info;
      if (read(terminations.get(), &info, sizeof info) < 0) return 2;
      const char word = static_cast<char>(StubWord::terminated);
      if (write(judge.get(), &word, 1) != 1 || !stubborn) return 0;
    }
    if (events[0].revents) {
      char word = 0;
      if (read(judge.get(), &word, 1) != 1 || word == static_cast<char>(StubWord::end)) return 0;
      stubborn = word == static_cast<char>(StubWord::stubborn);
    }
  }
}

}  // namespace ffi_cts::peer
