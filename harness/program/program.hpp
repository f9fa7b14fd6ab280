// A program is data: the steps that the driver runs on one to four host threads. A callback's behaviour is itself a list
// of steps, so re-entrancy is generated like everything else. Programs have one text form (text.hpp), which is what people
// read, what case files hold and what travels to the worker.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/interface/interface.hpp"

namespace ffi_cts {

constexpr int max_threads = 4;
constexpr std::uint32_t most_rounds = 1000;

enum class Verb : std::uint8_t {
  create,      // defines a context
  request,     // defines a request
  listen,      // defines a listener
  remove,      // of a listener
  reg,         // defines a host function ("register")
  unregister,  // NULL for the host function's name
  complete,    // answers a host call
  destroy,
  wait,        // until `object` has had its callbacks (see Step::count)
  park,        // callbacks only: blocks the loop until a step that may wait for it begins, then lingers
  hold,        // callbacks only: blocks the loop until a destroy of its context has returned (with RET_ERR)
  again,       // a request's callback only: when it succeeded, submits that request once more, until Step::count were
               // submitted in all
};

// What a step defines or refers to. Numbers are the program's own (c1, r1, l1, h1), from 1.
enum class ObjectKind : std::uint8_t { none, context, request, listener, host_function, all };
struct Ref {
  ObjectKind kind = ObjectKind::none;
  int number = 0;
  bool operator==(const Ref&) const = default;
  explicit operator bool() const { return kind != ObjectKind::none; }
};

// What is passed where a handle is due.
enum class HandleKind : std::uint8_t {
  own,        // that of Step::context, live or closing; the step is skipped once the context is destroyed
  dead,       // that of Step::context; the step is skipped unless the context has been destroyed
  other,      // that of another live context than Step::context; the step is skipped where there is none
  null,
  small,      // 3
  odd,        // an odd address
  unmapped,   // an address that nothing is mapped at
  zeros,      // a readable page of zeros
  noise,      // a readable page of noise
};

// How a step departs from a plain call.
enum class Misuse : std::uint8_t {
  none,
  null_callback,
  null_payload,  // (NULL, len > 0)
  empty_payload, // (NULL, 0)
  malformed,     // must get RET_ERR: ill-formed, no map, a required parameter missing or of another major type; `seed` picks
  lenient,       // one answer of either code: extra or duplicate keys, trailing bytes, bad UTF-8; `seed` picks
  hostile,       // deep nesting, huge declared lengths, indefinite items; one answer; `seed` picks (hostile.hpp)
  // Arguments that no role made, but the types of the parameters (`payload` is the size and seed of the items): what the handler
  // does with them is not known, nor what becomes of its context; one answer of either code, in time or when destroyed.
  item,          // of the types
  near_miss,     // all but one, which is just not of its type
};

// Arguments made from types?
constexpr bool drawn(Misuse misuse) { return misuse == Misuse::item || misuse == Misuse::near_miss; }

// A payload is described, not carried: `size` bytes of text or bytes made from `seed` (payload.hpp).
struct Payload {
  std::uint32_t size = 0, seed = 0;
  bool operator==(const Payload&) const = default;
};

// The name that a listener asks for, or a host function is registered under.
enum class NameKind : std::uint8_t {
  event,       // that of the role (emit or emit_fail) in Step::role; of host functions: that which call_host calls
  wildcard,    // ""
  null,        // NULL, for events the wildcard too
  other,       // a name that nothing is emitted under, or called
  prefix,      // the plain name without its last byte
  extended,    // the plain name with a byte more
  other_case,  // the plain name, capitals for small letters and the other way round
  huge,        // 64 KiB
  not_utf8,
};

struct Step {
  Verb verb = Verb::create;
  std::uint8_t thread = 0;              // 0 … 3, shown as A … D; of top-level steps only
  Ref defines;
  int context = 0;                      // number of the context it is about; 0: none
  HandleKind handle = HandleKind::own;
  Ref object;                           // remove: listener (none: an unknown id); wait: anything; complete: host function
  std::uint32_t index = 0;              // complete: which call of that host function, from 0; remove without object: the id;
                                        // register, unregister: 0: the function that call_host calls, n: the file's n-th
  RoleName role = RoleName::create;     // create and request; listen: whose event
  std::optional<std::size_t> proc;      // request: a proc by its index instead of a role (with a misuse, or items)
  Payload payload;                      // of a request, a create, a completion
  std::uint32_t ms = 0;                 // delay, block, create_slow
  std::uint32_t count = 1;              // emit, progress: $count; wait: how many callbacks of a listener or host function, 0:
                                        // none of anything, only until its step is over;
                                        // again: how many requests in all
  std::uint32_t repeat = 1;             // the step is done so many times over
  std::uint32_t linger_us = 0;          // park: after its release
  int code = 0;                         // complete: the ret
  Misuse misuse = Misuse::none;
  std::optional<NativeForm> native;     // create and request: the native variant is called, where there is one (payload.hpp)
  NameKind name = NameKind::event;
  bool same_function = false;           // listen: with the function of the context's previous listener
  std::vector<Step> body;               // what its callback (listener, terminal, host function) does

  int id = 0;                           // preorder number in the program, from 1; set by number_steps
  bool operator==(const Step&) const = default;
};

struct Program {
  std::vector<Step> steps;
  bool fresh_threads = false;  // host threads are started for this program, and end with their last step
  bool fresh_process = false;  // in a process of its own, which loads the library for it, unloads it afterwards and ends
  std::uint32_t rounds = 1;    // all of it, teardown included, is done so many times over
  bool signal_storm = false;   // a 1 kHz signal whose handler was installed without SA_RESTART
  bool many_descriptors = false;  // more than 1,024 of them are open
  bool operator==(const Program&) const = default;
};

// Numbers every step in preorder and drops what refers to nothing: a step whose object or context no earlier step
// defines, a park or hold outside callbacks, an again outside a request's, a wait inside one. Every program is valid
// afterwards, however it was made.
void normalize(Program& program);

int count_steps(const Program& program);            // nested ones included; waits count
int count_threads(const Program& program);
const Step* find_step(const Program& program, int id);

}  // namespace ffi_cts
