// How a process stands, as one look at it from outside shows (Linux: /proc).
#pragma once

#include <cstdint>
#include <map>

namespace ffi_cts::peer {

struct Look {
  std::map<int, std::uint64_t> cpu_ns;  // by thread
  bool asleep = true;                   // every thread sleeps
  // … in calls that no time ends: only another thread or process does. The judge knows that it does nothing itself.
  bool untimed = true;
  bool operator==(const Look&) const = default;
};

// Nothing: it is gone, or its end was not waited for yet. A first thread that ended before the others does not count.
Look look_at(int pid);

}  // namespace ffi_cts::peer
