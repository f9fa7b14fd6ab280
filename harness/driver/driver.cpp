#include "harness/driver/driver.hpp"

#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <limits>

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

std::int32_t thread_in_trace() { return thread_number < 0 ? std::numeric_limits<std::int32_t>::max() : thread_number; }

void set_this_thread(std::uint32_t number) { thread_number = static_cast<std::int32_t>(number); }

Driver::Driver(Recorder& recorder, const Interface& interface)
    : recorder_(recorder), waits_(recorder.shared()), interface_(interface), native_(interface), trampolines_(*this), host_threads_(std::make_unique<HostThreads>(recorder.shared())) {
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

// Is this the value of a native call, C values in place of bytes?
bool Driver::delivers_native(const Trampoline* trampoline, int code) const {
  if (!trampoline || code != RET_OK || (trampoline->entry != Entry::terminal && trampoline->entry != Entry::constructor)) return false;
  const Step* step = trampoline->step;
  return step && exports_.native_call(*step);
}

native::Read Driver::read_native(const Trampoline& trampoline, const char* msg, std::size_t len) const {
  static const native::Type text{native::Kind::text, nullptr, native::Kind::integer, nullptr};
  if (trampoline.entry == Entry::constructor) return native::read_reply(&text, msg, len);
  const Step* step = trampoline.step;
  const auto& returns = exports_.native_call(*step)->signature().returns;
  return native::read_reply(returns ? &*returns : nullptr, msg, len);
}

// What it delivers, or the words for what is wrong with that.
Bytes Driver::delivered(const native::Read& read) { return read.fault.empty() ? encode(read.value) : Bytes(read.fault.begin(), read.fault.end()); }

void Driver::keep_delivered(std::uint64_t stamp, const Trampoline* trampoline, int code, const char* msg, std::size_t len) {
  if (!delivers_native(trampoline, code)) return recorder_.keep(stamp, msg, len);
  const native::Read read = read_native(*trampoline, msg, len);
  recorder_.keep_read(stamp, delivered(read), (read.fault.empty() ? 0 : native_fault) | (read.misaligned ? misaligned : 0));
}

// As it is when the callback leaves.
std::uint64_t Driver::hash_delivered(const Trampoline* trampoline, int code, const char* msg, std::size_t len) const {
  if (!delivers_native(trampoline, code)) return msg && len ? hash_bytes(msg, len) : 0;
  const Bytes bytes = delivered(read_native(*trampoline, msg, len));
  return bytes.empty() ? 0 : hash_bytes(bytes.data(), bytes.size());
}

void Driver::callback(Trampoline* trampoline, int code, const char* msg, std::size_t len, void* user_data) {
  const HostCode host_code;
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
  keep_delivered(stamp, trampoline, code, msg, len);
  if (trampoline) {
    note(*trampoline);
    const Link link(links_, links_begun_, trampoline->step);
    if (trampoline->entry == Entry::terminal && code != RET_STALE_WARN) objects_.requests[trampoline->object].answered = true;
    behave(trampoline, {.thread = thread, .context = trampoline->context, .owner = trampoline->step, .failed = code != RET_OK, .in_callback = true});
  }
  const std::uint64_t hash = hash_delivered(trampoline, code, msg, len);
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
  const HostCode host_code;
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
  waits_.notify();  // of the callback itself; one that does nothing has left at once, and then tells
  const bool tired = trampoline->runs++ >= most_runs;
  for (const Step& nested : step->body)
    if (!tired || nested.verb == Verb::complete) execute(nested, where);  // an answer begets nothing
}

}  // namespace ffi_cts
