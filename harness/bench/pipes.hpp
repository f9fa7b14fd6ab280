// Two processes and a pair of pipes between them: what the remote rows and their floors have in common.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <vector>

namespace ffi_cts::bench {

// A message of 100 bytes, as the payload of a `send`: a CBOR byte string with its head.
constexpr std::size_t message_size = 100;
inline std::vector<std::uint8_t> message() {
  std::vector<std::uint8_t> bytes(message_size, 0x5a);
  bytes[0] = 0x58;  // a byte string, its length in one byte
  bytes[1] = message_size - 2;
  return bytes;
}

// Forked, and nothing executed in it. Ends when its input does, which the destructor sees to.
class OtherSide {
 public:
  // Runs in the other process, with what it reads from and what it writes to. It owns them.
  using Serve = std::function<void(int in, int out)>;

  explicit OtherSide(const Serve& serve) {
    int there[2], back[2];
    if (pipe(there) != 0 || pipe(back) != 0) throw std::runtime_error("pipes");
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("fork");
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      close(there[1]);
      close(back[0]);
      serve(there[0], back[1]);
      _exit(0);
    }
    close(there[0]);
    close(back[1]);
    out = there[1];
    in = back[0];
  }
  ~OtherSide() {
    if (out >= 0) close(out);
    if (in >= 0) close(in);
    waitpid(pid_, nullptr, 0);
  }
  OtherSide(const OtherSide&) = delete;
  OtherSide& operator=(const OtherSide&) = delete;

  int in = -1, out = -1;  // -1: somebody else owns it by now

 private:
  int pid_;
};

}  // namespace ffi_cts::bench
