// How a process ended, or why it had to be ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/trace/sanitizer.hpp"

namespace ffi_cts {

struct Frame {
  std::string module, function;  // "libfoo.so", "foo_remove_event_listener"
  std::uint64_t offset = 0;
};
struct Stack {
  std::string thread;            // "A", "loop 1"
  std::vector<Frame> frames;     // innermost first
};

enum class EndKind : std::uint8_t {
  completed,  // the program and the teardown ran to their end
  crashed,    // a signal
  hung,       // nothing moved any more inside a call, or the backstop passed
  exited,     // the library called exit(); `code`
  reported,   // a sanitizer found something and ended it; `report`
};
constexpr int closed_its_host = -1;  // `code`: the library did not exit, but closed descriptors that were its host's

struct Ending {
  EndKind kind = EndKind::completed;
  int signal = 0, code = 0;
  std::uint64_t fault_address = 0;
  bool fault_write = false;      // it was written to; false: read or run, or the machine does not tell
  int thread = -1;               // crashed: the thread that got the signal, by its number in the trace (from 4 on one of the
                                 // library's); -1: not known
  std::string uncaught;          // crashed: the exception that no frame caught, "std::bad_alloc: …"; empty: there was none
  bool certain = true;           // hung: every thread asleep and nothing timed pending; false: the backstop decided
  double seconds = 0;            // hung: how long nothing moved
  std::optional<SanitizerReport> report;
  std::vector<Stack> stacks;     // hung: of all threads; crashed: of the one that got the signal
};

}  // namespace ffi_cts
