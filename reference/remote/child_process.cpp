#include "reference/remote/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace ffi_cts::remote {
namespace {

constexpr int most_last_reads = 256;  // a grandchild may hold the other end and write for ever

[[noreturn]] void fail(const std::string& what, int error) {
  throw std::runtime_error(what + ": " + std::strerror(error));
}

// Closed when it goes out of scope, unless it was released.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

struct Pipe {
  Descriptor read, write;
};

// Closed in other children, and beyond 0, 1 and 2, over which the child's ends are laid.
Pipe make_pipe() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) fail("a pipe", errno);
  Pipe pipe{Descriptor(fds[0]), Descriptor(fds[1])};
  for (Descriptor* const end : {&pipe.read, &pipe.write}) {
    if (end->get() > STDERR_FILENO) continue;
    *end = Descriptor(fcntl(end->get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    if (end->get() < 0) fail("a pipe", errno);
  }
  return pipe;
}

// The child gets the three descriptors as 0, 1 and 2, no blocked signals, and SIGPIPE as it is by default.
pid_t spawn(const std::vector<std::string>& command, int in, int out, int err) {
  if (command.empty()) throw std::runtime_error("no command to start");
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) fail(command[0], error);
  return pid;
}

}  // namespace

ChildProcess::ChildProcess(asio::io_context& loop, const std::vector<std::string>& command, Events events)
    : events_(std::move(events)), pidfd_(loop), stderr_(loop), timer_(loop) {
  Pipe in = make_pipe(), out = make_pipe(), err = make_pipe();
  pid_ = spawn(command, in.read.get(), out.write.get(), err.write.get());
  // Not by its name: glibc 2.36 declares it as C++.
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  if (pidfd < 0) {
    const int error = errno;
    abandon();
    fail("pidfd_open", error);
  }
  pidfd_.assign(pidfd);
  stderr_.assign(err.read.release());
  stderr_.non_blocking(true);
  stdin_ = in.write.release();
  stdout_ = out.read.release();
}

ChildProcess::~ChildProcess() {
  abandon();
}

void ChildProcess::start() {
  wait_for_its_end();
  read_diagnostics();
}

void ChildProcess::wait_for_its_end() {
  pidfd_.async_wait(asio::posix::stream_descriptor::wait_read,
                    [self = shared_from_this()](const asio::error_code& error) {
                      if (!error && !self->abandoned_) self->reap();
                    });
}

void ChildProcess::read_diagnostics() {
  stderr_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](const asio::error_code& error) {
                       if (error || self->abandoned_) return;
                       if (self->read_some()) self->read_diagnostics();
                     });
}

// False: that was the last.
bool ChildProcess::read_some() {
  const ssize_t size = ::read(stderr_.native_handle(), buffer_.data(), buffer_.size());
  if (size > 0) events_.diagnostics({buffer_.data(), static_cast<std::size_t>(size)});
  if (size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR))) return true;
  asio::error_code ignored;
  stderr_.close(ignored);
  return false;
}

void ChildProcess::end(std::chrono::milliseconds patience) {
  if (std::exchange(ending_, true) || pid_ < 0) return;
  escalate(SIGTERM, patience);
}

void ChildProcess::escalate(int signal, std::chrono::milliseconds patience) {
  timer_.expires_after(patience);
  timer_.async_wait([self = shared_from_this(), signal, patience](const asio::error_code& error) {
    if (error || self->pid_ < 0) return;
    kill(self->pid_, signal);
    if (signal != SIGKILL) self->escalate(SIGKILL, patience);
  });
}

void ChildProcess::reap() {
  while (waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  timer_.cancel();
  finish();
}

// What it wrote before its end lies in the pipe, which a grandchild may keep open.
void ChildProcess::finish() {
  for (int i = 0; i < most_last_reads && stderr_.is_open(); ++i) {
    errno = 0;
    if (!read_some() || errno == EAGAIN) break;
  }
  asio::error_code ignored;
  stderr_.close(ignored);
  pidfd_.close(ignored);
  if (!std::exchange(abandoned_, true)) events_.gone(status_);
}

void ChildProcess::abandon() noexcept {
  abandoned_ = true;
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    while (waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
  }
  asio::error_code ignored;
  timer_.cancel();
  stderr_.close(ignored);
  pidfd_.close(ignored);
}

}  // namespace ffi_cts::remote
