#include "harness/bench/child.hpp"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>

namespace ffi_cts::bench {
namespace {

void silence() {
  int null = open("/dev/null", O_RDWR);
  for (int fd : {0, 1, 2}) dup2(null, fd);
}

// One line of it, without what would spoil a terminal.
std::string one_line(std::string_view text) {
  std::string out(text.substr(0, 200));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return out;
}

}  // namespace

// A message of the child: a cost, or why there is none. SOCK_SEQPACKET keeps them whole.
struct Child::Answer {
  double cost = 0;
  char failure[256] = "";
};

Child::Child(const Make& make, double limit_s) : limit_s_(limit_s) {
  int link[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, link) != 0) throw Failure(std::strerror(errno));
  pid_ = fork();
  if (pid_ < 0) {
    int error = errno;
    close(link[0]);
    close(link[1]);
    throw Failure(std::strerror(error));
  }
  if (pid_ > 0) {
    close(link[1]);
    link_ = link[0];
    try {
      receive();
    } catch (...) {
      end();
      throw;
    }
    return;
  }

  prctl(PR_SET_PDEATHSIG, SIGKILL);
  close(link[0]);
  silence();
  const int up = link[1];
  const GiveUp give_up = [up](std::string_view why) {
    Answer answer;
    std::string line = one_line(why);
    line.copy(answer.failure, sizeof answer.failure - 1);
    [[maybe_unused]] ssize_t n = write(up, &answer, sizeof answer);
    _exit(0);
  };
  try {
    std::unique_ptr<Measurement> measurement = make(give_up);
    Answer answer;
    std::uint64_t items;
    while (write(up, &answer, sizeof answer) == sizeof answer && read(up, &items, sizeof items) == sizeof items)
      answer.cost = measurement->run(items);
    measurement.reset();
  } catch (const std::exception& thrown) {
    give_up(thrown.what());
  }
  _exit(0);
}

Child::~Child() {
  end();
}

void Child::end() noexcept {
  close(link_);
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

double Child::run(std::uint64_t items) {
  // One that is gone already is noticed by receive().
  [[maybe_unused]] ssize_t n = send(link_, &items, sizeof items, MSG_NOSIGNAL);
  return receive();
}

double Child::receive() {
  auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(limit_s_);
  while (true) {
    double left = std::chrono::duration<double>(end - std::chrono::steady_clock::now()).count();
    if (left <= 0) throw Failure(fmt::format("did not finish within {:g} s", limit_s_));
    pollfd poll_for{link_, POLLIN, 0};
    if (poll(&poll_for, 1, static_cast<int>(left * 1000) + 1) <= 0) continue;
    Answer answer;
    if (recv(link_, &answer, sizeof answer, 0) != sizeof answer) throw Failure(ending());
    if (answer.failure[0]) throw Failure(answer.failure);
    return answer.cost;
  }
}

void Child::finish() {
  shutdown(link_, SHUT_WR);
  pollfd poll_for{link_, POLLIN, 0};
  if (poll(&poll_for, 1, static_cast<int>(limit_s_ * 1000)) <= 0)
    throw Failure(fmt::format("did not end within {:g} s after its measurements", limit_s_));
  Answer answer;
  bool told = recv(link_, &answer, sizeof answer, 0) == sizeof answer && answer.failure[0];
  std::string end = ending();
  if (told) throw Failure(answer.failure);
  if (!end.ends_with("exit code 0")) throw Failure(end + " after its measurements");
}

// Its end of the link is closed: the process is gone, which the signal does not change, or the library closed what was
// not its own.
std::string Child::ending() {
  int status = 0;
  kill(pid_, SIGKILL);
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFSIGNALED(status)) return fmt::format("crashed ({})", sigdescr_np(WTERMSIG(status)));
  return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

}  // namespace ffi_cts::bench
