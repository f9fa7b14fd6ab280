// What a sanitizer reported of a worker, told apart: the kind, the address, and who did what.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ffi_cts {

// What a process or a library is built with. `address` brings the undefined-behaviour sanitizer along.
enum class Sanitizer : std::uint8_t { none, address, thread };

// The word for a worker that has it: "plain", "asan", "tsan".
std::string_view worker_word(Sanitizer sanitizer);
std::optional<Sanitizer> sanitizer_of_word(std::string_view word);

struct SanitizerReport {
  struct Frame {
    std::string function;        // "foo_echo_cbor"; empty: not known
    std::string place;           // "src/foo.c:17"; empty: built without line numbers
    std::string module;          // "libfoo.so", without its folder
  };
  // One access, or what is known of the memory: "Write of size 4 by thread T2", "freed by thread T0 here".
  struct Part {
    std::string title;
    std::vector<Frame> frames;   // innermost first
  };
  std::string tool;              // "ThreadSanitizer"
  std::string kind;              // "data race", "heap-use-after-free"
  std::uint64_t address = 0;     // 0: none was named
  std::vector<Part> parts;       // the first is the access that was reported

  // Does any part lead through this module ("libfoo.so")?
  bool names(std::string_view module) const;
};

// The first report in what a sanitizer wrote; nothing where there is none. Lenient: a report that is cut off gives what there
// is of it. Stack frames are expected in the format `frame_format`.
std::optional<SanitizerReport> parse_report(std::string_view text);

// For the sanitizers' option stack_trace_format: number, function, source line, module and offset.
constexpr std::string_view frame_format = "    #%n %f %S (%m+%o)";

}  // namespace ffi_cts
