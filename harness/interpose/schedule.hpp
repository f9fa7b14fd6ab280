// Which thread goes first, by a seed. While a schedule is on, the worker's own versions of the C library's functions for threads
// (interposed.cpp) call point(), and there a thread may have to wait a moment: each thread draws a priority, and those of low
// priority wait now and then; at a few of the points a thread draws anew. After probabilistic concurrency testing (Burckhardt et al.,
// ASPLOS 2010), but threads are delayed, not stopped: nothing is known of what they wait for.
//
// The same seed perturbs alike, as far as threads come to their points in the same order.
#pragma once

#include <cstdint>

namespace ffi_cts::schedule {

// For all threads of the process. Seed 0 is none. Any thread; not while another begins or ends one.
void begin(std::uint32_t seed);
void end();

// Where another thread may be let go first. Returns at once without a schedule; else within 0.1 ms, and for all points of one thread
// together within 20 ms.
void point();

// Ends it with the scope.
class Scope {
 public:
  explicit Scope(std::uint32_t seed) { begin(seed); }
  ~Scope() { end(); }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
};

}  // namespace ffi_cts::schedule
