// A child process on the loop: started with three pipes, told to go in three steps, and reaped. Not for users of
// remote.hpp. Rules: RMT-10, RMT-11.
#pragma once

#include <sys/types.h>

#include <array>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ffi_cts::remote {

// Kept alive by its own operations, like Stream. Whatever becomes of it, the process is reaped.
class ChildProcess : public std::enable_shared_from_this<ChildProcess> {
 public:
  struct Events {
    std::function<void(std::string_view bytes)> diagnostics;  // what it wrote to its stderr, as it came
    // It has ended and is reaped, and its stderr was read. Once.
    std::function<void(int wait_status)> gone;
  };

  // Looks the first word up in PATH. Throws std::runtime_error, which names it, when it cannot be started.
  ChildProcess(asio::io_context& loop, const std::vector<std::string>& command, Events events);
  ~ChildProcess();

  void start();
  pid_t pid() const noexcept { return pid_; }
  // To be taken over once, by whoever speaks with it.
  int its_stdin() const noexcept { return stdin_; }
  int its_stdout() const noexcept { return stdout_; }

  // Its input is closed. Gives it so much time, then SIGTERM, as much again, then SIGKILL.
  void end(std::chrono::milliseconds patience);
  // Kills it and waits for that. No event comes any more.
  void abandon() noexcept;

 private:
  void wait_for_its_end();
  void read_diagnostics();
  bool read_some();
  void escalate(int signal, std::chrono::milliseconds patience);
  void reap();
  void finish();

  const Events events_;
  asio::posix::stream_descriptor pidfd_, stderr_;
  asio::steady_timer timer_;
  pid_t pid_ = -1;  // -1: reaped
  int stdin_ = -1, stdout_ = -1, status_ = 0;
  bool abandoned_ = false, ending_ = false;
  std::array<char, 4096> buffer_;
};

}  // namespace ffi_cts::remote
