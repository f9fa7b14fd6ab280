// What is measured: one side of a row, the library's or its floor's. Each is set up in a process of its own
// (child.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "harness/driver/library.hpp"

namespace ffi_cts::bench {

class Measurement {
 public:
  virtual ~Measurement() = default;
  // Does about so many of what the row counts. Returns what one of them costs: nanoseconds, or bytes.
  virtual double run(std::uint64_t items) = 0;
};

// Ends the process; the text is why its side cannot be measured. From any thread. Does not return.
using GiveUp = std::function<void(std::string_view why)>;

// The library under test, loaded in this process.
struct Target {
  const Interface& interface;
  const Library& library;
  const GiveUp& give_up;
};

}  // namespace ffi_cts::bench
