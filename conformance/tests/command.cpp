#include "conformance/tests/command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <ostream>
#include <system_error>

extern char** environ;

namespace ffi_cts::tests {
namespace {

using Clock = std::chrono::steady_clock;

#ifdef FFI_CTS_SLOWER
constexpr double slower = FFI_CTS_SLOWER;
#else
constexpr double slower = 1;
#endif

struct Channel {
  int ours = -1, theirs = -1;

  void close_theirs() {
    if (theirs >= 0) close(theirs);
    theirs = -1;
  }
  void close_ours() {
    if (ours >= 0) close(ours);
    ours = -1;
  }
  ~Channel() {
    close_theirs();
    close_ours();
  }
};

[[noreturn]] void fail(const char* what, int error) {
  throw std::system_error(error, std::generic_category(), what);
}

void open_channel(Channel& channel, bool terminal) {
  int ends[2];
  if (terminal) {
    if (openpty(&ends[0], &ends[1], nullptr, nullptr, nullptr) != 0) fail("openpty", errno);
    for (int fd : ends) fcntl(fd, F_SETFD, FD_CLOEXEC);
  } else {
    if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe", errno);
  }
  channel.ours = ends[0];
  channel.theirs = ends[1];
}

// This process's, with `changes`; NO_COLOR is set by a test or not at all.
std::vector<std::string> environment(const std::vector<std::string>& changes) {
  std::vector<std::string> out = changes;
  for (char** variable = environ; *variable; ++variable) {
    std::string name = std::string(*variable).substr(0, std::string(*variable).find('=') + 1);
    bool changed = name == "NO_COLOR=";
    for (const std::string& change : changes) changed = changed || change.starts_with(name);
    if (!changed) out.emplace_back(*variable);
  }
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (std::string& string : strings) out.push_back(string.data());
  out.push_back(nullptr);
  return out;
}

pid_t spawn(const std::vector<std::string>& arguments, const std::vector<std::string>& variables,
            const std::string& directory, int out, int err) {
  std::vector<std::string> words{FFI_CTS_PROGRAM}, settings = environment(variables);
  words.insert(words.end(), arguments.begin(), arguments.end());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  pid_t pid = -1;
  int error = posix_spawn(&pid, words[0].c_str(), &actions, nullptr, pointers(words).data(), pointers(settings).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error) fail(words[0].c_str(), error);
  return pid;
}

void take(Channel& channel, std::string& text) {
  char buffer[16384];
  ssize_t n = read(channel.ours, buffer, sizeof buffer);
  if (n > 0)
    text.append(buffer, static_cast<std::size_t>(n));
  else if (n == 0 || errno != EINTR)
    channel.close_ours();  // a terminal ends with EIO
}

}  // namespace

Outcome Command::run() const {
  Channel out, err;
  open_channel(out, terminal_);
  open_channel(err, errors_on_terminal_);
  Outcome outcome;
  outcome.arguments = arguments_;
  auto begun = Clock::now();
  auto end = begun + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds_ * slower));
  pid_t pid = spawn(arguments_, variables_, directory_, out.theirs, err.theirs);
  out.close_theirs();
  err.close_theirs();
  while (out.ours >= 0 || err.ours >= 0) {
    pollfd fds[2] = {{out.ours, POLLIN, 0}, {err.ours, POLLIN, 0}};
    poll(fds, 2, 100);
    if (fds[0].revents) take(out, outcome.out);
    if (fds[1].revents) take(err, outcome.err);
    if (!outcome.out_of_time && Clock::now() > end) {
      outcome.out_of_time = true;
      kill(pid, SIGKILL);  // its worker follows it
    }
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  return outcome;
}

std::ostream& operator<<(std::ostream& stream, const Outcome& outcome) {
  stream << "\n$ ffi-cts";
  for (const std::string& argument : outcome.arguments) stream << ' ' << argument;
  stream << '\n' << outcome.out << outcome.err << "exit code " << outcome.code;
  if (outcome.out_of_time) stream << " (killed: it did not end)";
  return stream << ", after " << outcome.seconds << " s\n";
}

}  // namespace ffi_cts::tests
