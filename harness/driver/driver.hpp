// Runs one program against the loaded library, on one to four host threads, and writes down every crossing of the ABI.
// It knows no rule: it does what the steps say, and keeps the host's side of the contract (chapter 11) while doing so.
//
// The wait graph. A parked callback blocks its context's loop. Before any step that the contract lets wait for that loop
// (a remove outside callbacks, a destroy, a wait for a callback that has not come) the step is entered in `pending_`, and a
// parked callback goes on as soon as such a step concerns its context. So the driver never makes a deadlock of its own.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "harness/driver/crossing.hpp"
#include "harness/driver/objects.hpp"
#include "harness/driver/recorder.hpp"
#include "harness/driver/submission.hpp"
#include "harness/driver/surroundings.hpp"
#include "harness/driver/trampolines.hpp"
#include "harness/driver/waits.hpp"
#include "harness/native/reading.hpp"
#include "harness/program/program.hpp"

namespace ffi_cts {

class HostThreads;

class Driver final : private Trampolines::Receiver {
 public:
  Driver(Recorder& recorder, const Interface& interface);
  ~Driver();

  // To be called once, before any program. The threads that exist by now are the worker's own.
  void set_library(Library library);

  // How a program ended: `stuck` when a call inside a callback never returned, for certain (every thread slept and nothing
  // timed was pending) or by the backstop.
  enum class End { completed, stuck, perhaps_stuck };

  // Runs the program, as many rounds as it says: tears down what each left and lets the library's threads end.
  // `settle_ms`: how long it waits at most for those to leave before the trace is closed.
  End run(const Program& program, int settle_ms);

  // ---- Of a process of the program's own. ----
  // The process as it is now: settings, descriptors and the threads that are not the host's.
  Surroundings surroundings() const;
  // What was noted while such a program ran: creating, created, used.
  const Loading& noted() const { return noted_; }
  // May the host unload the library (OBL-11)? Every context is destroyed and every call has returned.
  bool may_unload();
  // Closes the library, then looks which of its threads are left.
  void unload(Unloading& seen);
  void look_for_threads(Unloading& seen);
  // Host threads end after that.
  void end_threads();

 private:
  // Where a step runs.
  struct Where {
    std::uint32_t thread;
    int context = -1;            // of the callback whose behaviour it is; -1: a top-level step
    int host_call = -1;          // inside a host function: its call
    const Step* owner = nullptr; // the step whose callback it is
    bool failed = false;         // that callback brought no RET_OK
    bool in_callback = false;
  };
  // A step under way that the contract lets wait for a loop.
  struct Pending {
    Relaxed<int> context{};      // 1 + the context whose loop may be waited for; 0: every one's
    Relaxed<bool> active{};
    Relaxed<bool> destroys{};    // a hold does not yield to a destroy
    Relaxed<const Step*> wait{}; // a wait step: it waits only while its condition does not hold
  };
  struct Target {
    bool ok = false;             // false: skip the step
    void* handle = nullptr;
    int context = -1;
  };

  struct Completion {
    Target to;
    int host_call;               // -1: an id that is none's
    std::uint64_t id;
    const Step* step;            // null: the driver's own answer
    int code;
    Bytes bytes;
  };

  class InsideCall;

  // Trampolines::Receiver: on the library's threads.
  void callback(Trampoline* trampoline, int code, const char* msg, std::size_t len, void* user_data) override;
  void host_function(Trampoline* trampoline, std::uint64_t call_id, const char* req, std::size_t len, void* user_data) override;
  void note(Trampoline& trampoline);
  void keep_delivered(std::uint64_t stamp, const Trampoline* trampoline, int code, const char* msg, std::size_t len);
  std::uint64_t hash_delivered(const Trampoline* trampoline, int code, const char* msg, std::size_t len) const;
  static Bytes delivered(const native::Read& read);
  bool delivers_native(const Trampoline* trampoline, int code) const;
  native::Read read_native(const Trampoline& trampoline, const char* msg, std::size_t len) const;
  void behave(Trampoline* trampoline, Where where);

  // steps.cpp
  void execute(const Step& step, Where where);
  void once(const Step& step, std::uint32_t k, Where where);
  void create(const Step& step, Where where);
  void request(const Step& step, std::uint32_t k, Where where);
  void listen(const Step& step, std::uint32_t k, Where where);
  void remove(const Step& step, std::uint32_t k, Where where);
  void register_host_fn(const Step& step, std::uint32_t k, Where where);
  void complete(const Step& step, std::uint32_t k, Where where);
  void complete_call(int host_call, Target to, const Step* step, int code, Bytes bytes, Where where);
  void host_complete(const Completion& completion, Where where);
  void destroy(const Step& step, std::uint32_t k, Where where);
  int destroy_context(int context, void* handle, int step, Where where);
  void again(const Step& step, Where where);
  void wait(const Step& step, Where where);
  WaitEnd wait_once(const Step& step, Where where, bool answer_calls);
  void complete_open_calls(Where where);
  void park(const Step& step, Where where);
  void skip(const Step& step, Where where);

  // objects and names
  Definition* definition(Ref ref);
  void note_memory(const Step& step);
  int define(const Step& step, int instance);
  int instance(Ref ref, std::uint32_t k, Where where);
  int host_call_of(const Step& step, std::uint32_t k, Where where);
  Target target(const Step& step, std::uint32_t k, Where where);
  Target handle_of(int context, HandleKind kind);
  Target another_handle(int context);
  int call_context(int host_call);
  const Step& registering(int host_call);
  Value ctor_value(int context);
  void prepare(const std::vector<Step>& steps, bool nested);

  // conditions
  bool holds(const Step& wait);
  bool holds_now(const Step& wait);
  bool object_ready(const Step& wait, int instance);
  bool all_answered(int only);
  bool open_call_exists();
  bool no_call_to_come(int context);
  bool needs_answers(const Step& wait);
  int context_of(const Step& wait, Where where);
  std::uint64_t some_patience();
  std::uint64_t patience_ends();
  bool overdue(int context);
  bool must_yield(int context, bool hold, int destroys_before);

  // crossings
  template <typename Fill>
  std::uint64_t call_entered(Where where, Fill&& fill) {
    return recorder_.add(RecordKind::call_entered, where.thread, [&](Record& r) {
      if (!called_before) r.first |= first_of_thread;
      if (!returned_before_) r.first |= first_of_process;
      called_before = true;
      fill(r);
    });
  }
  template <typename Fill>
  void call_returned(Where where, Fill&& fill) {
    recorder_.add(RecordKind::call_returned, where.thread, std::forward<Fill>(fill));
    if (!returned_before_) returned_before_ = true;
  }

  // running
  End run_round(const Program& program);
  struct Counts {
    std::uint64_t threads = 0, descriptors = 0;
  };
  Counts count(bool last_look = false);
  void look_again();
  void meet(unsigned threads);
  void run_threads(const Program& program);
  void run_thread(const Program& program, std::uint32_t thread);
  void finish();
  void tear_down();
  WaitEnd calls_inside_return();
  void settle(int settle_ms);
  // Does `f` while it is known that this thread may be waiting for that context's loop (-1: none; with a wait: every one's).
  template <typename F>
  void pending(Where where, int context, bool destroys, const Step* wait, F&& f) {
    Pending& entry = pending_[where.thread % pending_.size()];
    bool nested = entry.active;  // a step inside a callback inside this thread's own call: the outer entry serves
    if (!nested) {
      entry.context = context + 1;
      entry.destroys = destroys;
      entry.wait = wait;
      entry.active = context >= 0 || wait;
      waits_.notify();
    }
    f();
    if (!nested) entry.active = false;
  }

  Recorder& recorder_;
  Waits waits_;
  const Interface& interface_;
  Library library_;
  native::Calls native_;
  Exports exports_{interface_, library_, native_};
  Trampolines trampolines_;
  Objects objects_;
  Lent lent_;
  std::array<std::vector<Definition>, 5> definitions_;  // by kind, then by number
  std::array<Pending, 64> pending_;                     // by thread, the library's many sharing places
  Relaxed<int> calls_inside_;                           // calls of the library that run inside callbacks
  Relaxed<int> links_;                                  // callbacks that may submit their request again, and are running
  Relaxed<std::uint64_t> links_begun_;                  // … and how many began
  Relaxed<std::uint64_t> round_begun_ns_;
  Relaxed<bool> impatient_;                             // something is waited for with patience only
  Relaxed<int> callbacks_running_;                      // of the library's, into the host
  Relaxed<bool> open_all_;                              // teardown: every park is over
  Step all_;                                            // waits for all; made before any thread of the library's
  Relaxed<bool> returned_before_;                       // some call of the library has, in this process
  Relaxed<unsigned> met_;                               // threads that are ready for their first step
  Loading noted_;
  Relaxed<bool> note_create_;                           // the settings around the next create are to be noted
  Relaxed<bool> note_memory_;                           // the memory in use before the next hostile request is to be noted
  std::array<Relaxed<int>, max_threads> fresh_tids_;    // of the host threads made for a program
  std::unique_ptr<HostThreads> host_threads_;
  const void* zeros_ = nullptr;
  const void* noise_ = nullptr;
  const void* unmapped_ = nullptr;
  std::uint64_t thread_baseline_ = 0;
  Counts early_;  // after the first rounds of a program
};

// The number of the calling thread in the trace: 0 … 3 for host threads, from 4 for the library's in the order first seen.
std::uint32_t this_thread();
// 1 when a park of the callback running on this thread ended only because nothing else moved any more: whoever was in a call
// meanwhile was waiting for that callback.
extern thread_local int park_given_up;
extern thread_local std::uint64_t given_up_at;  // then: how many records there were when nothing moved
void set_this_thread(std::uint32_t number);
// The same without taking a number: the greatest for a thread of the library's that was never seen. For signal handlers.
std::int32_t thread_in_trace();

}  // namespace ffi_cts
