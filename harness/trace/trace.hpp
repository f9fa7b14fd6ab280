// A trace as judges read it: the records of one program run, told apart by what they are about. Built by the index
// (index.hpp) from records, program and interface; hand-written ones come from builder.hpp.
//
// Times are stamps. A callback's true interval contains its stamped one, a call's lies inside its own. So
//   `a.returned < b.entered` between two calls is sound: the first was over before the second began;
//   an overlap proves nothing: judges then allow both orders.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

#include "harness/interface/interface.hpp"
#include "harness/program/program.hpp"
#include "harness/trace/loading.hpp"
#include "harness/trace/record.hpp"
#include "harness/value/value.hpp"

namespace ffi_cts {

using Stamp = std::uint64_t;
constexpr Stamp never = ~Stamp{0};  // of something that did not happen before the trace ended

constexpr int ret_ok = 0, ret_err = 1, ret_missing_callback = 2, ret_stale_warn = 3;

class Trace;
struct Call;
struct Callback;
struct Context;
struct Request;
struct Listener;
struct HostFunction;
struct HostCall;

// The library entered a function of the host: a terminal or progress callback, an event, a host function.
struct Callback {
  Stamp entered = never, left = never;
  std::uint32_t thread = 0;
  std::uint64_t entered_ns = 0, left_ns = 0;
  Entry entry = Entry::none;
  int code = 0;                        // callerRet; 0 for host functions
  std::uint64_t pointer = 0, size = 0;
  ByteView payload;                    // what was kept of it
  bool whole = true;                   // payload.size() == size
  bool native = false;                 // the value of a native call: `payload` is what it was read as, in CBOR …
  std::string fault;                   // … or, in words, why it could not be read
  bool misaligned = false;             // … and it did not lie as its type must
  bool changed = false;                // the bytes differed when the callback left
  bool stalled = false;                // it was parked, and went on only when every thread slept and nothing timed was
                                       // pending: a call that had entered before it left, and returned after, waited for it
  Stamp stalled_at = never;            // then: one more than the last stamp of the moment when everything stood still
  std::uint64_t user_data = 0;
  std::uint64_t expected_user_data = 0;  // of the object whose function this is
  std::uint64_t call_id = 0;           // of host functions
  std::uint64_t stack_used = 0;        // bytes of its thread's stack in use when it was entered; 0: not known
  Context* context = nullptr;          // of the object; null for strays and procs without context
  Request* request = nullptr;          // exactly one of these four, none for strays
  Listener* listener = nullptr;
  HostFunction* host_function = nullptr;
  HostCall* host_call = nullptr;       // with the host function
  Context* constructed = nullptr;      // the constructor's callback
  Call* within = nullptr;              // innermost call of the library running on this thread: an inline callback
  Callback* inside = nullptr;          // innermost callback already running on this thread
  bool refusal = false;                // the inline RET_ERR of the refused submission `within`: it does not count as a callback
  int step = 0;

  bool terminal() const { return code != ret_stale_warn; }
  std::string_view text() const { return {reinterpret_cast<const char*>(payload.data()), payload.size()}; }
  // The payload as a CBOR item, decoded once by the index; nullopt: not exactly one well-formed item.
  std::optional<Value> value;
  // Where that item is not of the type that the interface file gives it: a reply, the payload of an event, what a host function is
  // called with. Nothing: it is, or no type is known. Keys that the type does not name are no matter.
  std::optional<std::string> schema_mismatch;
};

// The host called an export.
struct Call {
  Export export_ = Export::none;
  Stamp entered = never, returned = never;
  std::uint64_t entered_ns = 0, returned_ns = 0;
  std::uint32_t thread = 0;
  int step = 0;                    // 0: the driver's teardown
  HandleKind handle_kind = HandleKind::own;
  Context* context = nullptr;      // whose handle was passed (HandleKind::own), or which create made
  std::int64_t result = 0;         // meaningless while !finished()
  Misuse misuse = Misuse::none;
  std::optional<NativeForm> native;  // it is the native variant; `payload` is then what the arguments are in CBOR
  Callback* inside = nullptr;      // innermost callback on this thread that counts (no refusal); null: outside callbacks
  bool first_of_thread = false;    // its thread had never called the library before
  bool first_of_process = false;   // no call of the library had returned in this process when it entered
  std::vector<Callback*> callbacks;  // those entered on this thread inside this call

  Request* request = nullptr;        // by export
  Listener* listener = nullptr;      // add, and remove when the id was a listener's
  HostFunction* host_function = nullptr;
  HostCall* host_call = nullptr;     // host_complete, when the id was a host call's
  std::uint64_t id = 0;              // remove: the id passed; host_complete: the callId passed
  int code = 0;                      // host_complete: the ret passed
  // host_complete: what the request that awaits the call is answered with if this completion counts. Absent: not known.
  std::optional<Value> brings_reply;       // partial pattern, where `code` is RET_OK
  std::optional<std::string> brings_error; // the exact text of its RET_ERR, for any other
  ByteView payload;                  // bytes passed
  std::uint64_t pointer = 0, size = 0;  // of the bytes passed: a name, its end included, a request's or a completion's, and what
                                        // the arguments of a native call lie in
  bool guarded = false;              // they were in pages that were closed when it returned

  bool finished() const { return returned != never; }
};

// create: one context. `handle` is 0 when create returned NULL.
struct Context {
  int instance = 0;
  std::string name;                  // "c1", "c1.2" for the second instance of the step
  RoleName role = RoleName::create;  // create, create_fail, create_slow
  Call* create = nullptr;
  std::uint64_t handle = 0;
  std::vector<Callback*> callbacks;  // the constructor's, inline refusals included
  std::vector<Call*> destroys;
  std::vector<Request*> requests;
  std::vector<Listener*> listeners;
  std::vector<HostFunction*> host_functions;
  std::vector<HostCall*> host_calls;
  std::optional<std::string> expected_error;  // of create_fail

  // The destroy that returned RET_OK, or null.
  Call* destroyed() const;
  // Its constructor's terminal callback, or null.
  Callback* constructor() const;
  bool refused() const { return create && create->finished() && handle == 0; }
};

// A submission: the call of a proc.
struct Request {
  int instance = 0;
  std::string name;                  // "r1", "r1.2"
  Call* call = nullptr;
  Context* context = nullptr;        // null: a proc without context, or a wrong handle
  std::optional<RoleName> role;      // nullopt: a proc by itself, or on a context to which such a request may have done anything
  std::string proc;                  // its name
  Misuse misuse = Misuse::none;
  std::vector<Callback*> callbacks;  // in the order entered, the refusal's included
  std::uint64_t user_data = 0;

  // What the interface file lets us expect of a well-formed request in a live context. Absent: not known.
  std::optional<Value> expected_reply;         // partial pattern
  std::optional<Value> expected_echo;          // the same without what comes from the constructor's arguments
  std::optional<std::string> expected_error;   // role fail: the exact text
  bool expects_no_value = false;               // role empty
  std::uint64_t emits = 0;                     // role emit: how many events, role emit_fail: 1 (of RET_ERR)
  std::string event;                           // their name
  std::optional<Value> event_payload;          // partial pattern
  bool submitter_gone = false;                 // its host thread had ended before the answer came
  std::string host_function;                   // role call_host: the name that it calls
  std::optional<Value> host_payload;           // role call_host: partial pattern of what the host function is called with
  bool raw_host_payload = false;               // that pattern is a text or bytes, to be compared as they are
  bool hands_errors_on = false;                // role call_host: the error that its handler gets is its own text
  std::vector<HostCall*> host_calls;           // those that its handler made
  bool identifiable = false;                   // the pattern holds a text that no other request of this program has

  bool accepted() const { return call->finished() && call->result == 0; }
  bool refused() const { return call->finished() && call->result != 0; }
  std::vector<Callback*> terminal_callbacks() const;  // refusals included
  // The first terminal callback, or null. For an accepted request: its answer.
  Callback* reply() const;
};

struct Listener {
  int instance = 0;
  std::string name;                 // "l1"
  Call* add = nullptr;
  Context* context = nullptr;
  std::uint64_t id = 0;             // 0: refused
  NameKind name_kind = NameKind::event;
  std::string event;                // the name asked for; "" is the wildcard
  std::vector<Callback*> callbacks;
  std::vector<Call*> removes;       // every remove of its id on its context
  std::uint64_t user_data = 0;
  bool shares_function = false;     // another listener of its context was given the same function (with its own userData)

  bool wildcard() const { return name_kind == NameKind::wildcard || name_kind == NameKind::null; }
  bool added() const { return add->finished() && id != 0; }
  // The remove that returned 0, or null.
  Call* removed() const;
};

// One register_host_fn with a function (or, `unregisters`, with NULL).
struct HostFunction {
  int instance = 0;
  std::string name;                 // "h1"
  NameKind name_kind = NameKind::event;
  std::string function;             // the name registered; NULL as ""
  Call* call = nullptr;
  Context* context = nullptr;
  bool unregisters = false;
  std::vector<HostCall*> calls;
  std::uint64_t user_data = 0;
};

struct HostCall {
  std::string name;                 // "h1.1"
  Request* request = nullptr;       // whose handler made it, by what the function was called with; null: cannot be told
  HostFunction* function = nullptr;
  Context* context = nullptr;
  Callback* callback = nullptr;     // the host function's run
  std::uint64_t id = 0;
  std::vector<Call*> completions;
};

// A wait of the driver's: `given_up` means that what it waited for did not come before the library fell silent or the
// backstop passed, and the program went on. `starved`: neither did it come, but host calls were left open meanwhile; they
// are answered from its end on.
struct Wait {
  Stamp begun = never, over = never;
  int step = 0;
  bool given_up = false;
  bool starved = false;
};

// What the kernel counted after the teardown of a round: no context was left, and threads had had the time to leave.
struct Census {
  Stamp at = never;
  std::uint64_t threads = 0, descriptors = 0;
  std::uint64_t heap = 0;    // bytes in use; 0: not known
  std::uint64_t mapped = 0;  // bytes outside of it that may be written; 0: not known
};

// What judges work out of a trace and the next ones need again, by its type. A copy of a trace begins without: such facts
// point into the trace that they are of. For one thread at a time, as the judging of a trace is.
class Facts {
 public:
  Facts() = default;
  Facts(const Facts&) {}
  Facts& operator=(const Facts&) {
    known_.clear();
    return *this;
  }
  template <typename Fact>
  const Fact& of(const Trace& trace) const {
    std::shared_ptr<const void>& known = known_[typeid(Fact)];
    if (!known) known = std::make_shared<const Fact>(trace);
    return *static_cast<const Fact*>(known.get());
  }

 private:
  mutable std::map<std::type_index, std::shared_ptr<const void>> known_;
};

class Trace {
 public:
  std::deque<Callback> callbacks;       // in the order entered; deques: pointers stay good
  std::deque<Call> calls;               // in the order entered
  std::deque<Context> contexts;
  std::deque<Request> requests;
  std::deque<Listener> listeners;
  std::deque<HostFunction> host_functions;
  std::deque<HostCall> host_calls;
  std::vector<Wait> waits;
  std::vector<Census> censuses;         // of a program of several rounds
  std::optional<Census> last_look;      // after all of them, when what a library cleans up later had had the time to go
  std::optional<Loading> loading;       // of a program in a process of its own
  Ending ending;
  Sanitizer watched_by = Sanitizer::none;  // the sanitizer that sees what the library does, if one did
  std::string library;                  // its file's name, as reports of sanitizers have it
  Contract contract;
  bool declares_roles = true;           // false: payload expectations are unknown throughout
  bool signal_storm = false;            // a 1 kHz signal without SA_RESTART was on
  bool fresh_threads = false;           // the host threads were made for this program and ended with their last step
  std::vector<std::string> declared_events;
  Stamp end = 0;                        // one more than the last stamp
  std::vector<std::vector<std::uint8_t>> storage;  // keeps hand-written payloads alive

  Facts facts;                          // of the judges; whoever changes a trace that was judged makes a copy of it

  bool completed() const { return ending.kind == EndKind::completed; }
  std::uint64_t duration_ns() const;    // from the first call of the library to the end of the last
  // Every call that never returned, outer ones included, in the order entered.
  std::vector<const Call*> running_calls() const;
  const Callback* stray() const;        // the first callback of an object of an earlier program, or null

  // True when `c` (a host function's run) was called with what request `r` (of role call_host) has it called with.
  bool asks(const Callback& c, const Request& r) const;
  // True when `c` (a listener's callback) carries an event of request `r`: name and payload match and no other request fits.
  bool carries(const Callback& c, const Request& r) const;
};

// Was this context destroyed (RET_OK) before that call entered? Sound: by the stamps.
bool destroyed_before(const Context& context, const Call& call);
// May a destroy of the context have begun before stamp `s`?
bool destroy_begun_before(const Context& context, Stamp s);

}  // namespace ffi_cts
