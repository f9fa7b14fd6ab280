// What a program may have its process bear while it runs.
#pragma once

#include <signal.h>

#include <vector>

namespace ffi_cts {

// A signal each millisecond: its handler does nothing, and without SA_RESTART interrupted calls fail with EINTR.
class SignalStorm {
 public:
  explicit SignalStorm(bool on);
  ~SignalStorm();
  SignalStorm(const SignalStorm&) = delete;
  SignalStorm& operator=(const SignalStorm&) = delete;

 private:
  bool on_;
  struct sigaction before_ = {};
};

// So many open descriptors that the next ones lie beyond what select() can take. Fewer, where the system forbids it.
class ManyDescriptors {
 public:
  explicit ManyDescriptors(bool on);
  ~ManyDescriptors();
  ManyDescriptors(const ManyDescriptors&) = delete;
  ManyDescriptors& operator=(const ManyDescriptors&) = delete;

 private:
  std::vector<int> open_;
};

}  // namespace ffi_cts
