// Writes traces by hand, for the tests of index and judges. It works at the level of Records, so that the index is
// exercised too: each call below appends the records that the driver would have written, and the steps that it
// would have done.
//
//   Recording t;
//   auto c = t.create();
//   auto r = t.request(c, RoleName::echo);
//   t.reply(r);
//   t.destroy(c);
//   EXPECT_EQ(rules::judge(rule::REQ_1, t.trace()).outcome, Outcome::pass);
//
// Threads: 0 … 3 are the host's, from 4 on the library's. A callback runs on its context's loop (4 + instance) and a
// call on the thread of the callback entered last and not left, else on thread 0, unless said otherwise. A call on a
// thread that is inside a callback becomes a step of that callback's body.
// `begin_…`/`leave` and `enter_…`/`leave` take crossings apart, so that those of several threads interleave.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/program/payload.hpp"
#include "harness/trace/index.hpp"

namespace ffi_cts {

// A library that plays every role: events "tick" (emit) and "tock" (emit_fail), host function "fetch", procs with a
// context and one ("version") without.
extern const std::string_view toy_interface;
constexpr std::size_t toy_version_proc = 9;  // index of "version"

// How a call departs from the plain one. `result` is what it returns: by default success.
struct With {
  std::optional<std::uint32_t> thread = {};
  std::optional<std::int64_t> result = {};
  std::optional<int> refusals = {};  // inline RET_ERR callbacks; by default one when the call is refused
  Misuse misuse = Misuse::none;
  std::optional<NativeForm> native = {};  // the native variant is called, of a proc that has one (interface.procs[…].native)
  HandleKind handle = HandleKind::own;
  std::optional<std::size_t> proc = {};  // request: this proc instead of a role
  std::optional<Payload> payload = {};   // by default 16 bytes, so that it is identifiable
  std::uint32_t ms = 0, count = 1;
  int code = ret_ok;                     // complete
  std::optional<std::uint64_t> id = {};  // remove, complete: another id; listen: the id that it returns
  NameKind name = NameKind::event;
  RoleName role = RoleName::emit;  // listen: whose event
  bool same_function = false;
  std::uint32_t first = 0;  // first_of_thread, first_of_process
};

// How a callback departs from the right one.
struct Delivery {
  std::optional<int> code = {};
  std::optional<std::string> text = {};  // the payload, as bytes …
  std::optional<Value> value = {};       // … or as an item …
  std::optional<Bytes> bytes = {};       // … or as they are
  std::optional<std::uint32_t> thread = {};
  std::optional<std::uint64_t> user_data = {};
  std::optional<std::uint64_t> call_id = {};  // host functions
  std::optional<std::size_t> kept = {};       // bytes kept, when the arena was full
  std::uint64_t stack_used = 0;
  bool null_pointer = false;
  std::uint32_t marks = 0;  // native_fault (with the words as `text`), misaligned
  bool changed = false;  // the bytes changed while the callback ran
  bool stalled = false;  // it was parked, and left only because nothing else moved any more
};

class Recording {
 public:
  // What a step of the program made: its number, the step, and the stamp of the call's entry.
  struct Object {
    int instance = -1;
    int step = 0;
    Stamp call = never;
  };
  struct ContextId : Object {};
  struct RequestId : Object {
    int context = -1;
  };
  struct ListenerId : Object {
    int context = -1;
    std::uint64_t id = 0;
  };
  struct HostFunctionId : Object {
    int context = -1;
  };
  struct HostCallId {
    int context = -1, function = -1;
    std::uint64_t id = 0;
  };
  struct CallId {
    Stamp stamp = never;
  };
  struct CallbackId {
    Stamp stamp = never;
  };

  explicit Recording(std::string_view interface_text = toy_interface);

  Interface interface;  // its contract may be changed
  // Has the interface know its types, as a schema would; a test then gives a reply, an event or a parameter another one.
  void know_types();
  schema::TypePtr type(std::string_view text) const { return interface.schema->parse_type(text, interface.file, 1); }
  Program program;      // its flags may be changed; steps are written by trace()
  std::optional<Loading> loading = {};  // of a process of its own

  // ---- Calls, whole. ----
  ContextId create(RoleName role = RoleName::create, With with = {});       // and its constructor's callback
  ContextId create_only(RoleName role = RoleName::create, With with = {});  // without it; result 0: refused
  RequestId request(ContextId context, RoleName role, With with = {});
  RequestId request_without_context(std::size_t proc, With with = {});
  ListenerId listen(ContextId context, With with = {});
  CallId remove(ListenerId listener, With with = {});
  CallId remove_id(ContextId context, std::uint64_t id, With with = {});
  HostFunctionId reg(ContextId context, With with = {});
  CallId unregister(ContextId context, With with = {});
  CallId complete(HostCallId call, With with = {});
  CallId destroy(ContextId context, With with = {});

  // ---- Calls, begun. They run until `leave`. ----
  ContextId begin_create(RoleName role = RoleName::create, With with = {});
  RequestId begin_request(ContextId context, RoleName role, With with = {});
  ListenerId begin_listen(ContextId context, With with = {});
  CallId begin_remove(ListenerId listener, With with = {});
  HostFunctionId begin_reg(ContextId context, With with = {});
  CallId begin_complete(HostCallId call, With with = {});
  CallId begin_destroy(ContextId context, With with = {});
  void leave(CallId call, std::optional<std::int64_t> result = {});  // by default what `With` or success says
  void leave(const Object& object, std::optional<std::int64_t> result = {}) { leave(CallId{object.call}, result); }
  // The inline RET_ERR of a submission that is being refused.
  void refuse_inline(const Object& submission, Delivery delivery = {});

  // ---- Callbacks, whole. By default they carry what the role promises. ----
  void construct(ContextId context, Delivery delivery = {}) { leave(enter_construct(context, std::move(delivery))); }
  void reply(RequestId request, Delivery delivery = {}) { leave(enter_reply(request, std::move(delivery))); }
  void progress(RequestId request, Delivery delivery = {});
  void hear(ListenerId listener, RequestId event_of, Delivery delivery = {}) {
    leave(enter_hear(listener, event_of, std::move(delivery)));
  }
  // Without a request: for the context's latest of role call_host.
  HostCallId call_host(HostFunctionId function, Delivery delivery = {});
  HostCallId call_host(HostFunctionId function, RequestId request, Delivery delivery = {});
  void stray(Delivery delivery = {});

  // ---- Callbacks, entered. They run until `leave`. ----
  CallbackId enter_construct(ContextId context, Delivery delivery = {});
  CallbackId enter_reply(RequestId request, Delivery delivery = {});
  CallbackId enter_hear(ListenerId listener, RequestId event_of, Delivery delivery = {});
  CallbackId enter_host_call(HostFunctionId function, Delivery delivery = {});
  CallbackId enter_host_call(HostFunctionId function, RequestId request, Delivery delivery = {});
  HostCallId host_call_of(CallbackId callback) const;
  void leave(CallbackId callback);

  // ---- The rest. ----
  void wait(const Object& object, ObjectKind kind, bool given_up = false);
  void wait_starved(const Object& object, ObjectKind kind);  // given up with host calls left open
  void advance_ms(std::uint64_t ms) { clock_ns_ += ms * 1'000'000; }
  // Nothing moves any more: the callbacks that are to leave as stalled stand still from here on (or from when they leave).
  void stand_still();
  void census(std::uint64_t threads, std::uint64_t descriptors, std::uint64_t heap = 0, std::uint64_t mapped = 0, bool last_look = false);
  void crash(int signal = 11, std::string uncaught = {}, int thread = -1);
  void hang(bool certain = true);
  void exit(int code = 0);
  // The run was in a worker with this sanitizer, of a library in this file; and what it reported in the end.
  void watch(Sanitizer by, std::string library);
  void report(SanitizerReport report);
  // The text that a completion passed.
  std::string answer(CallId completion) const;
  std::uint64_t handle(ContextId context) const { return handle_of(context.instance); }

  Trace trace() const;

 private:
  struct Node {
    Step step;
    int parent = 0;
  };  // parent 0: a top-level step; nodes_[id - 1]
  struct Running {
    Stamp stamp;
    std::uint32_t thread;
    int step;
    bool changed, stalled;
    Stamp stalled_at = never;
  };

  static std::uint64_t handle_of(int instance) { return 0x10000u + 0x100u * static_cast<std::uint64_t>(instance); }
  static std::uint64_t user_data_of(ObjectKind kind, int instance);
  Record& append(RecordKind kind, std::uint32_t thread);
  int add_step(Step step, std::uint32_t thread);
  std::uint32_t thread_of(const With& with) const;
  Object begin(Export export_, int context, int instance, Step step, const With& with, std::int64_t success);
  void refuse(const Object& submission, const With& with, bool refused);
  void record_wait(const Object& object, ObjectKind kind, std::int64_t result);
  CallbackId enter(Entry entry, int context, int object, int step, int code, Bytes payload, const Delivery& delivery);
  void keep(Record& record, const Bytes& bytes, std::optional<std::size_t> kept = {});
  const Step& step(int id) const { return nodes_[static_cast<std::size_t>(id) - 1].step; }
  Step step_of(Verb verb, int context, const With& with) const;
  Arguments arguments(RequestId request) const;
  Value constructed_with(int context) const;
  std::pair<int, Bytes> right_reply(RequestId request) const;
  std::pair<int, Bytes> right_event(RequestId request) const;

  Log log_;
  std::vector<Node> nodes_;
  std::vector<ContextId> contexts_;
  std::vector<Running> running_;                         // callbacks entered and not left, the last one entered last
  std::vector<std::pair<Stamp, std::int64_t>> results_;  // of begun calls: what they return by default
  std::vector<std::pair<int, std::string>> answers_;     // by context: the last host completion's code and text
  int requests_ = 0, listeners_ = 0, host_functions_ = 0;
  std::uint64_t ids_ = 0, call_ids_ = 0;
  std::uint64_t clock_ns_ = 1'000'000;
};

}  // namespace ffi_cts
