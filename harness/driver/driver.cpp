#include "harness/driver/driver.hpp"

#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>

#include "harness/driver/host_threads.hpp"
#include "harness/program/payload.hpp"

namespace ffi_cts {

thread_local int park_given_up = 0;
thread_local std::uint64_t given_up_at = 0;
thread_local int in_library = 0;
thread_local bool called_before = false;

namespace {

constexpr int most_runs = 3;          // a callback's behaviour runs for its first callbacks only, or an event could beget events for ever
thread_local std::int32_t thread_number = -1;
std::atomic<std::int32_t> next_library_thread{max_threads};

// How much of its thread's stack a function has under it. 0: it runs on another stack than its thread's own.
std::uint64_t stack_used(const void* frame) {
  thread_local const char *bottom = nullptr, *top = nullptr;
  if (!top) {
    pthread_attr_t attributes;
    void* address = nullptr;
    std::size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
      pthread_attr_getstack(&attributes, &address, &size);
      pthread_attr_destroy(&attributes);
    }
    bottom = static_cast<const char*>(address);
    top = bottom + size;
  }
  const auto* at = static_cast<const char*>(frame);
  return at > bottom && at < top ? static_cast<std::uint64_t>(top - at) : 0;
}

// While a callback runs that may submit its request again: the answer is not the last one then.
class Link {
 public:
  Link(Relaxed<int>& running, Relaxed<std::uint64_t>& begun, const Step* step)
      : running_(step && submits_again(*step) ? &running : nullptr) {
    if (!running_) return;
    (*running_)++;
    begun++;
  }
  ~Link() {
    if (running_) (*running_)--;
  }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

 private:
  static bool submits_again(const Step& step) {
    return std::any_of(step.body.begin(), step.body.end(), [](const Step& nested) { return nested.verb == Verb::again; });
  }
  Relaxed<int>* running_;
};

void* map(int protection) {
  void* memory = mmap(nullptr, page, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return memory;
}

}  // namespace

std::uint32_t this_thread() {
  if (thread_number < 0) thread_number = next_library_thread.fetch_add(1, std::memory_order_relaxed);
  return static_cast<std::uint32_t>(thread_number);
}

std::int32_t thread_in_trace() { return thread_number < 0 ? max_threads : thread_number; }

void set_this_thread(std::uint32_t number) { thread_number = static_cast<std::int32_t>(number); }

Driver::Driver(Recorder& recorder, const Interface& interface)
    : recorder_(recorder), waits_(recorder.shared()), interface_(interface), trampolines_(*this), host_threads_(std::make_unique<HostThreads>(recorder.shared())) {
  zeros_ = map(PROT_READ);
  char* noise = static_cast<char*>(map(PROT_READ | PROT_WRITE));
  for (std::uint64_t i = 0, x = 88172645463325252u; i < page; ++i, x ^= x << 13, x ^= x >> 7, x ^= x << 17) noise[i] = static_cast<char>(x);
  mprotect(noise, page, PROT_READ);
  noise_ = noise;
  unmapped_ = map(PROT_NONE);
  all_.verb = Verb::wait;
  all_.object = {ObjectKind::all, 0};
}

Driver::~Driver() = default;

void Driver::set_library(Library library) {
  library_ = std::move(library);
  thread_baseline_ = count_threads_now();
}

void Driver::prepare(const std::vector<Step>& steps, bool nested) {
  for (const Step& step : steps) {
    if (Definition* made = definition(step.defines)) {
      made->step = &step;
      made->nested = nested;
      made->made = std::vector<Relaxed<int>>(step.repeat * (nested ? 8u : 1u));
      made->settled = nested;
    }
    prepare(step.body, true);
  }
}

void Driver::note(Trampoline& trampoline) {
  switch (trampoline.entry) {
    case Entry::constructor:
      objects_.contexts[trampoline.context].constructed = true;
      break;
    case Entry::listener:
      objects_.listeners[trampoline.object].heard++;
      break;
    default:
      break;
  }
}

void Driver::callback(Trampoline* trampoline, int code, const char* msg, std::size_t len, void* user_data) {
  std::uint32_t thread = this_thread();
  park_given_up = 0;
  callbacks_running_++;
  std::uint64_t stack = stack_used(__builtin_frame_address(0));
  std::uint64_t stamp = recorder_.add(RecordKind::callback_entered, thread, [&](Record& r) {
    r.handle = stack;
    r.entry = trampoline ? static_cast<Entry>(trampoline->entry) : Entry::stray;
    if (trampoline) {
      r.context = trampoline->context;
      r.object = trampoline->object;
      if (const Step* step = trampoline->step) r.step = step->id;
    }
    r.result = code;
    r.user_data = reinterpret_cast<std::uint64_t>(user_data);
    r.pointer = reinterpret_cast<std::uint64_t>(msg);
    r.size = len;
  });
  recorder_.keep(stamp, msg, len);
  if (trampoline) {
    note(*trampoline);
    const Link link(links_, links_begun_, trampoline->step);
    if (trampoline->entry == Entry::terminal && code != RET_STALE_WARN) objects_.requests[trampoline->object].answered = true;
    waits_.notify();
    behave(trampoline, {.thread = thread, .context = trampoline->context, .owner = trampoline->step, .failed = code != RET_OK, .in_callback = true});
  }
  std::uint64_t hash = msg && len ? hash_bytes(msg, len) : 0;
  recorder_.add(RecordKind::callback_left, thread, [&](Record& r) {
    r.partner = stamp;
    r.hash = hash;
    r.result = park_given_up;
    if (park_given_up) r.id = given_up_at;
  });
  callbacks_running_--;
  waits_.notify();
}

void Driver::host_function(Trampoline* trampoline, std::uint64_t call_id, const char* req, std::size_t len, void* user_data) {
  std::uint32_t thread = this_thread();
  park_given_up = 0;
  callbacks_running_++;
  std::uint64_t stack = stack_used(__builtin_frame_address(0));
  std::uint64_t stamp = recorder_.add(RecordKind::callback_entered, thread, [&](Record& r) {
    r.handle = stack;
    r.entry = trampoline ? Entry::host_fn : Entry::stray;
    if (trampoline) {
      r.context = trampoline->context;
      r.object = trampoline->object;
      if (const Step* step = trampoline->step) r.step = step->id;
    }
    r.id = call_id;
    r.user_data = reinterpret_cast<std::uint64_t>(user_data);
    r.pointer = reinterpret_cast<std::uint64_t>(req);
    r.size = len;
  });
  recorder_.keep(stamp, req, len);
  int call = trampoline ? objects_.host_calls.take() : -1;
  if (call >= 0) {
    HostCallState& state = objects_.host_calls[call];
    state.id = call_id;
    state.host_function = static_cast<int>(trampoline->object);
    state.index = static_cast<int>(objects_.host_functions[trampoline->object].calls++);
    state.ready = true;
    waits_.notify();
    behave(trampoline, {.thread = thread, .context = trampoline->context, .host_call = call, .owner = trampoline->step, .in_callback = true});
    state.left = true;
  }
  std::uint64_t hash = req && len ? hash_bytes(req, len) : 0;
  recorder_.add(RecordKind::callback_left, thread, [&](Record& r) {
    r.partner = stamp;
    r.hash = hash;
    r.result = park_given_up;
    if (park_given_up) r.id = given_up_at;
  });
  callbacks_running_--;
  waits_.notify();
}

// What the program lets this callback do. A refusal runs on the submitter's own stack, where the host may do nothing of the
// kind (OBL-13), so behaviours belong to the library's threads.
void Driver::behave(Trampoline* trampoline, Where where) {
  const Step* step = trampoline->step;
  if (!step || step->body.empty() || where.thread < max_threads) return;
  const bool tired = trampoline->runs++ >= most_runs;
  for (const Step& nested : step->body)
    if (!tired || nested.verb == Verb::complete) execute(nested, where);  // an answer begets nothing
}

}  // namespace ffi_cts
