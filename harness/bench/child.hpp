// A process for one side of one row. A library that crashes, exits or hangs takes nothing else with it, nothing that it
// leaves behind (threads, memory, open contexts) changes the next row, and its memory can be told from the floor's.
//
// It is forked and nothing is executed in it: the command has one thread, so the child is whole, and what it is to
// measure is simply there. What it prints goes nowhere.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>

#include "harness/bench/measurement.hpp"

namespace ffi_cts::bench {

// This side cannot be measured; what() is why, as one line.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Child {
 public:
  // Makes the measurement, in the child. What it throws becomes a Failure.
  using Make = std::function<std::unique_ptr<Measurement>(const GiveUp& give_up)>;

  // Throws Failure when it did not get as far as being ready within `limit_s` seconds.
  Child(const Make& make, double limit_s);
  ~Child();  // kills it, if it is still there
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Measurement::run, in the child. Throws Failure.
  double run(std::uint64_t items);
  // Ends the measurement, and with it the child. Throws Failure when that went wrong. Nothing can be run afterwards.
  void finish();

 private:
  struct Answer;
  double receive();
  std::string ending();
  void end() noexcept;

  int pid_ = -1, link_ = -1;
  const double limit_s_;
};

}  // namespace ffi_cts::bench
