// A process of the program's own: what is noted of it, and how it lets the library go.
#include <dlfcn.h>
#include <time.h>

#include <algorithm>

#include "harness/driver/driver.hpp"
#include "harness/driver/host_threads.hpp"

namespace ffi_cts {
namespace {

constexpr std::uint64_t last_look_ns = 300'000'000;  // a thread that wakes every 100 ms has run by then
constexpr timespec pause_between_looks = {0, 2'000'000};

// A thread that was just made sets its mask a moment later, and one that has ended lingers in the kernel's list: only what
// two looks show alike is told.
std::vector<OtherThread> alike(const std::vector<OtherThread>& before, const std::vector<OtherThread>& now) {
  std::vector<OtherThread> out;
  for (const OtherThread& thread : now) {
    auto same = std::find_if(before.begin(), before.end(), [&](const OtherThread& other) { return other.id == thread.id; });
    if (same == before.end()) continue;
    out.push_back(thread);
    out.back().blocked |= same->blocked;
  }
  return out;
}

}  // namespace

Surroundings Driver::surroundings() const {
  std::set<int> hosts;
  const Shared& shared = *recorder_.shared();
  std::uint32_t count = std::min<std::uint32_t>(shared.baseline_count.load(std::memory_order_relaxed), 16);
  hosts.insert(shared.baseline_tids, shared.baseline_tids + count);
  hosts.insert(std::begin(shared.host_tids), std::end(shared.host_tids));
  for (const auto& tid : fresh_tids_) hosts.insert(tid);
  Surroundings now{settings_now(), descriptors_now(), threads_now(hosts)};
  if (now.threads.empty()) return now;
  nanosleep(&pause_between_looks, nullptr);
  now.threads = alike(now.threads, threads_now(hosts));
  return now;
}

// Before the first hostile request (on the program's one thread, outside callbacks).
void Driver::note_memory(const Step& step) {
  if (step.misuse != Misuse::hostile || this_thread() != 0 || !note_memory_) return;
  note_memory_ = false;
  if (forget_most_resident()) noted_.resident = resident_now();
}

bool Driver::may_unload() {
  for (std::uint32_t i = 0; i < objects_.contexts.size(); ++i) {
    ContextState& context = objects_.contexts[static_cast<int>(i)];
    if (!context.returned || (context.handle && !context.destroyed)) return false;
  }
  return calls_inside_ <= 0;
}

void Driver::unload(Unloading& seen) {
  const void* address = reinterpret_cast<const void*>(library_.destroy);
  seen.closed = dlclose(library_.handle) == 0;
  seen.mapped = mapped_at(address, library_.file);
}

// A thread that runs on in the library's code crashes when it next does; waiting gives it the time to. What is left then
// sleeps, perhaps for ever.
void Driver::look_for_threads(Unloading& seen) {
  seen.left = surroundings().threads;
  for (std::uint64_t begun = now_ns(); !seen.mapped && !seen.left.empty() && now_ns() - begun < last_look_ns;) {
    nanosleep(&pause_between_looks, nullptr);
    seen.left = surroundings().threads;
  }
}

void Driver::end_threads() { host_threads_.reset(); }

}  // namespace ffi_cts
