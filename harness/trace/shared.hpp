// The memory that worker and parent share: rings of records, payload arenas, and what a dying worker leaves behind.
// Plain data and relaxed atomics only. A worker that crashes or hangs loses nothing of it.
#pragma once

#include <atomic>
#include <cstdint>

#include "harness/trace/record.hpp"

namespace ffi_cts {

constexpr std::uint64_t slot_count = 4;                    // programs under way at once: one runs, the others wait or are read
constexpr std::uint64_t record_capacity = 1u << 20;        // a program's records; what comes later is not recorded
constexpr std::uint64_t arena_capacity = 128u << 20;       // bytes of payloads of one program; sparse until used

// One program's run.
struct Slot {
  std::atomic<std::uint64_t> next;        // records begun
  std::atomic<std::uint64_t> arena_next;  // bytes used
  std::atomic<std::uint32_t> running;     // 1 while the driver is at it
  std::uint64_t records_offset, arena_offset;  // from the start of the memory
};

enum class Phase : std::uint32_t { starting, loading, idle, running, unloading };

constexpr int chosen_status = 42;  // of a process that is one program's own: what the host ends it with

constexpr int lost_link_status = 43;  // … and of one whose link was closed by somebody else than its parent

struct Shared {
  std::atomic<std::uint32_t> phase;
  std::atomic<std::uint32_t> current;        // slot that is being run
  std::atomic<std::uint32_t> epoch;          // a futex: goes up whenever a wait's condition may have changed
  std::atomic<std::uint32_t> sleepers;       // threads waiting on it
  std::atomic<std::uint32_t> give_up;        // goes up when the parent wants all waits of the moment given up …
  std::atomic<std::uint32_t> give_up_certain;  // … and 1 when nothing could have come any more
  std::atomic<std::uint64_t> given_up_at;      // the records of the current slot at that moment
  std::atomic<std::uint32_t> waiting;        // threads inside a wait of the driver's (not of the library's)
  std::atomic<std::uint64_t> steps;          // of programs, done by host threads outside of callbacks
  std::atomic<std::uint32_t> crashed;        // 1: the fields below are set, and the thread waits to be looked at
  std::int32_t crash_signal, crash_tid, crash_thread;
  std::uint64_t crash_address;
  std::uint32_t crash_write;                 // 1: it was written to; 0: read, run, or not known
  char uncaught[256];                        // the exception that brought the crash, if one did
  std::int32_t host_tids[4];
  std::atomic<std::uint32_t> baseline_count;  // threads that were there before the library was loaded
  std::int32_t baseline_tids[16];
  Slot slots[slot_count];
};

constexpr std::uint64_t page = 4096;
constexpr std::uint64_t shared_size() {
  return page + slot_count * (record_capacity * sizeof(Record) + arena_capacity);
}
static_assert(sizeof(Shared) <= page);

inline Record* records_of(Shared* shared, const Slot& slot) {
  return reinterpret_cast<Record*>(reinterpret_cast<char*>(shared) + slot.records_offset);
}
inline std::uint8_t* arena_of(Shared* shared, const Slot& slot) {
  return reinterpret_cast<std::uint8_t*>(shared) + slot.arena_offset;
}

}  // namespace ffi_cts
