// Is a worker still at work? Looks at its threads from outside (Linux: /proc).
#pragma once

#include <cstdint>
#include <map>
#include <set>

namespace ffi_cts {

// Where a worker has its own descriptors: out of the way of a library that closes or counts them.
constexpr int first_own_descriptor = 900, own_descriptors = 10;

// What one look at a process shows.
struct Sample {
  std::map<int, std::uint64_t> cpu_ns;  // by thread
  bool asleep = true;                   // every thread sleeps
  bool timed = false;                   // one of them will wake by itself, or may be woken from outside the process
  bool operator==(const Sample&) const = default;
};

// `ignored`: threads that do not count (a sanitizer's own). A process that is gone gives an empty sample.
Sample sample(int pid, const std::set<int>& ignored);

// Says "still" when three looks in a row found every thread asleep, with the same processor time, and nothing that could wake one of them but
// another of them.
class Watch {
 public:
  // Takes a look; true: the process is still for certain.
  bool look(int pid, const std::set<int>& ignored);
  void reset() { alike_ = 0; }
  // Did the last look find a thread at work, or that they had used more than a twentieth of a processor since the one before? A thread that only
  // answers signals, or wakes now and then, uses less.
  bool busy() const { return busy_; }

 private:
  Sample last_;
  int alike_ = 0;
  std::uint64_t looked_ns_ = 0;
  bool busy_ = false;
};

}  // namespace ffi_cts
