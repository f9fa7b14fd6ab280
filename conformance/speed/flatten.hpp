// Programs as the bare loop wants them: flat arrays of calls with all their bytes made beforehand.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "conformance/speed/bare_loop.h"
#include "harness/driver/library.hpp"
#include "harness/program/program.hpp"

namespace ffi_cts::speed {

class FlatPrograms {
 public:
  // The library outlives this. Throws std::runtime_error on a program that the bare loop cannot run.
  FlatPrograms(const Interface& interface, const Library& library, const std::vector<Program>& programs);
  FlatPrograms(const FlatPrograms&) = delete;
  FlatPrograms& operator=(const FlatPrograms&) = delete;

  const std::vector<bare_program>& programs() const { return programs_; }

 private:
  using Things = std::map<std::pair<ObjectKind, int>, int>;
  bare_program flatten(const Program& program);
  std::vector<bare_call>& flatten(const std::vector<Step>& steps, int thread, Things& things, std::vector<const bare_call*>& makers);
  bare_call flatten(const Step& step, int thread, Things& things, std::vector<const bare_call*>& makers);
  void give_bytes(const Step& step, bare_call& call);

  const Interface& interface_;
  const Library& library_;
  std::vector<bare_program> programs_;
  std::deque<std::vector<bare_call>> calls_;
  std::deque<std::vector<const bare_call*>> makers_;
  std::deque<Bytes> bytes_;
  std::deque<std::string> names_;
  std::map<int, Value> ctors_;  // of the program's contexts: what their constructors were given
  int instance_ = 0;
};

}  // namespace ffi_cts::speed
