#include "harness/peer/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "harness/peer/streams.hpp"

extern char** environ;

namespace ffi_cts::peer {
namespace {

[[noreturn]] void fail(const std::string& what, int error) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(error)));
}

struct Pipe {
  Descriptor read, write;
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("a pipe for the peer", errno);
    read = Descriptor(ends[0]);
    write = Descriptor(ends[1]);
  }
};

Descriptor listen_at(const std::string& address) {
  sockaddr_un name;
  const socklen_t size = abstract_address(address, name);
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket || bind(socket.get(), reinterpret_cast<sockaddr*>(&name), size) != 0 || listen(socket.get(), 1) != 0)
    fail("a socket for the peer's child", errno);
  return socket;
}

std::string fresh_address() {
  static std::atomic<unsigned> last{0};
  return fmt::format("ffi-cts-peer-{}-{}", getpid(), ++last);
}

// Signals as a process expects them, whatever the judge does with its own.
void set_signals(posix_spawnattr_t& attributes) {
  sigset_t defaults, none;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
}

Descriptor open_pidfd(pid_t pid) {
  return Descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

void add_family(int pid, int without, std::vector<int>& out) {
  if (pid == without) return;
  out.push_back(pid);
  for (const int task : tasks_of(pid)) {
    std::ifstream children(fmt::format("/proc/{}/task/{}/children", pid, task));
    for (int child; children >> child;) add_family(child, without, out);
  }
}

}  // namespace

void Descriptor::reset() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

Process::Process(const Setup& setup) {
  Pipe to, from, errors;
  std::vector<std::string> words = setup.command;
  if (setup.parent) {
    words.insert(words.end(), setup.stub.begin(), setup.stub.end());
    words.push_back(fresh_address());
    listener = listen_at(words.back());
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  set_signals(attributes);
  if (setup.parent) {
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  } else {
    posix_spawn_file_actions_adddup2(&actions, to.read.get(), 0);
    posix_spawn_file_actions_adddup2(&actions, from.write.get(), 1);
  }
  posix_spawn_file_actions_adddup2(&actions, errors.write.get(), 2);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int error = posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error) fail(setup.command.front(), error);
  pidfd = open_pidfd(pid);
  diagnostics = std::move(errors.read);
  make_nonblocking(diagnostics.get());
  if (setup.parent) return;
  input = std::move(to.write);
  output = std::move(from.read);
  make_nonblocking(input.get());
  make_nonblocking(output.get());
}

Process::~Process() {
  kill(-pid, SIGKILL);
  int status;
  if (!reaped_) waitpid(pid, &status, 0);
  kill_stub();
  siginfo_t info{};
  if (stub_pidfd) waitid(P_PIDFD, static_cast<id_t>(stub_pidfd.get()), &info, WEXITED);  // ours only where it was left
  // Each was killed, and those that it started become this process's when it is waited for.
  while (waitpid(-pid, &status, 0) > 0) {
  }
}

bool Process::accept_stub() {
  if (control) return true;
  Descriptor connection(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!connection) return false;
  ucred credentials{};
  socklen_t size = sizeof credentials;
  getsockopt(connection.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size);
  int received[3];
  if (!receive_descriptors(connection.get(), received)) return false;
  stub_pid = credentials.pid;
  stub_pidfd = open_pidfd(stub_pid);
  output = Descriptor(received[0]);
  input = Descriptor(received[1]);
  child_stderr = Descriptor(received[2]);
  control = std::move(connection);
  for (const Descriptor* each : {&output, &input, &control}) make_nonblocking(each->get());
  return true;
}

bool Process::reap(int& status) {
  if (reaped_) return false;
  reaped_ = waitpid(pid, &status, WNOHANG) == pid;
  return reaped_;
}

// By its descriptor: the number may be another's by now.
void Process::kill_stub() {
  if (stub_pidfd) syscall(SYS_pidfd_send_signal, stub_pidfd.get(), SIGKILL, nullptr, 0);
}

bool Process::stub_left() {
  // A process that adopts orphans gets those that its descendants did not wait for.
  siginfo_t info{};
  if (!stub_pidfd || waitid(P_PIDFD, static_cast<id_t>(stub_pidfd.get()), &info, WEXITED | WNOHANG) != 0) return false;
  if (info.si_pid == stub_pid) stub_pid = -1;
  return true;
}

std::vector<int> Process::family() const {
  std::vector<int> out;
  add_family(pid, stub_pid, out);
  return out;
}

std::size_t Process::memory() const {
  std::size_t sum = 0;
  for (const int member : family()) {
    std::ifstream file(fmt::format("/proc/{}/statm", member));
    std::size_t size = 0, resident = 0, shared = 0;
    if (file >> size >> resident >> shared)
      sum += (resident - shared) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  }
  return sum;
}

}  // namespace ffi_cts::peer
