// What the driver writes down: one record per crossing of the ABI, in memory that worker and parent share.
// The slot's number is the record's stamp, from one relaxed counter: recording orders nothing, so it hides no race.
#pragma once

#include <cstdint>

namespace ffi_cts {

enum class RecordKind : std::uint32_t {
  none,
  call_entered,      // stamped before the call
  call_returned,     // stamped after it
  callback_entered,  // stamped after the host's function was entered
  callback_left,     // stamped before it returns
  wait_begun,
  wait_over,         // result: 0 the condition held; given up: 1 for certain or at the backstop, 2 sooner, which proves nothing;
                     // 3 for certain, but host calls were left open meanwhile, which are answered now
  skipped,           // a step that could not be done (its object never came to be)
  census,            // after a round's teardown; id: threads, size: descriptors, pointer: bytes of the heap in use, handle: mapped outside it, of the process; result: 1 for the last look
};

enum class Export : std::uint32_t { none, create, request, destroy, add_listener, remove_listener, register_host_fn, host_complete };

// Which of the host's functions was entered.
enum class Entry : std::uint32_t {
  none,
  constructor,  // create's callback; `context` is the instance
  terminal,     // a request's (also RET_STALE_WARN); `object` is the request's instance
  listener,
  host_fn,
  stray,        // a function of an earlier program's object, or of none
};

struct alignas(64) Record {
  std::uint32_t written;    // 1 when the rest is in place; through std::atomic_ref in the worker
  RecordKind kind;
  Export export_;
  Entry entry;
  std::uint32_t thread;     // 0 … 3 host threads, from 4 on the library's, in the order first seen
  std::int32_t step;        // id of the program's step; 0: the driver's own teardown
  std::uint64_t partner;    // returned, left: stamp of the entering record
  std::uint64_t clock_ns;   // CLOCK_MONOTONIC
  std::int32_t context;     // instance numbers, from 0 in the order made during the run; -1: none. Of the handle passed
  std::int32_t object;      // of the request, listener or host function (by export or entry); -1: none. Callbacks: by the
                            // address of the function that was entered, whatever userData says
  std::uint64_t handle;     // as passed; callback_entered: how much of its thread's stack was in use, in bytes (0: not known)
  std::int64_t result;      // call_returned: what it returned (handles and ids as they are); callback_entered: callerRet;
                            // callback_left: 1 when it was parked until nothing else moved
  std::uint64_t id;         // callId of host functions and host_complete; listener id passed to remove; callback_left that was
                            // parked until nothing else moved: one more than the last stamp of that moment
  std::uint64_t user_data;  // callbacks: as received; calls: as passed
  std::uint64_t pointer;    // msg
  std::uint64_t size;       // len; of a native reply: the length of what it was read as
  std::uint64_t kept;       // bytes kept of the payload (all, unless the arena was full)
  std::uint64_t offset;     // where they lie in the arena
  std::uint64_t hash;       // of all the bytes: at the entry, and again when leaving
  std::uint32_t first;      // call_entered: first_of_thread, first_of_process, shared_function, plain_form, guarded; callback_entered: native_fault, misaligned
};
constexpr std::uint32_t first_of_thread = 1;   // this thread had never called the library before
constexpr std::uint32_t first_of_process = 2;  // no call of the library had returned in this process when this one entered
constexpr std::uint32_t shared_function = 4;   // add_listener: with a function that another listener was given before
constexpr std::uint32_t native_fault = 8;      // what a native callback delivered is no value of its type; the payload is the words for that
constexpr std::uint32_t misaligned = 16;       // it does not lie as its type must
constexpr std::uint32_t plain_form = 32;       // of a native call: its form makes no difference to its values
constexpr std::uint32_t guarded = 64;          // its bytes were in pages that are closed when it returns
static_assert(sizeof(Record) == 128);

}  // namespace ffi_cts
