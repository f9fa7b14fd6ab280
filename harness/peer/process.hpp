// A peer's process, with the streams between it and the judge.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

namespace ffi_cts::peer {

// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { reset(); }
  void reset();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

struct Setup {
  std::vector<std::string> command;
  bool parent = false;            // the command is a parent, and gets `stub` and an address as further arguments
  std::vector<std::string> stub;  // the program that a parent has for its child: "ffi-cts peer-stub"
  double backstop_s = 10;         // how long nothing may move where the peer cannot be seen to sleep
};

// Started in a process group of its own, which the destructor ends and reaps.
class Process {
 public:
  // Throws std::runtime_error when the command cannot be started.
  explicit Process(const Setup& setup);
  Process(const Process&) = delete;
  ~Process();

  pid_t pid = -1, stub_pid = -1;
  Descriptor pidfd, stub_pidfd;
  Descriptor input, output;  // of the peer: written to, read from
  Descriptor diagnostics;    // its stderr
  Descriptor child_stderr;   // a parent's: what its child may write to; it blocks, as it may be the parent's own
  Descriptor control;        // a parent's: to the stub
  Descriptor listener;       // … where the stub will report

  // Takes the streams that the stub passes on. False: it did not report yet.
  bool accept_stub();
  // Has the process ended? Then with this status, as waitpid tells it.
  bool reap(int& status);
  void kill_stub();
  // Whether the stub, its parent being gone, is still there or was never waited for.
  bool stub_left();
  // Its memory, with that of all processes that it started: what is its own, in bytes.
  std::size_t memory() const;
  // All processes that descend from it, itself first; not the stub.
  std::vector<int> family() const;

 private:
  bool reaped_ = false;
};

// The stub itself: `ffi-cts peer-stub ADDRESS`. Passes its stdin, stdout and stderr on to the judge and then does as it
// is told.
int stub_main(const std::string& address);

// What the judge says to the stub, and the stub to the judge.
enum class StubWord : char { end = 'x', stubborn = 's', terminated = 't' };

}  // namespace ffi_cts::peer
