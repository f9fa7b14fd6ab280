// Chapter 1, loading: the judges, each beside the rules whose breach brings its own. They read what the kernel told of a
// process that was one program's own (harness/trace/loading.hpp).
#include <algorithm>
#include <csignal>
#include <cstring>

#include "conformance/rules/common.hpp"

namespace ffi_cts::rules {
namespace {

// The facts of the process as a whole are proved by no crossing in particular.
std::vector<Stamp> somewhere(const Trace& trace) {
  return {trace.calls.empty() ? trace.end : trace.calls.front().entered};
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

}  // namespace

// LOAD-1: every symbol that the interface file names is in the library's own dynamic symbol table.
Verdict symbols_are_exported(const Trace& trace) {
  if (!trace.loading) return exercised_if(false);
  const auto& missing = trace.loading->missing;
  if (missing.empty()) return exercised_if(true);
  return breach("the library itself exports every symbol that the interface file names", "not " + joined(missing),
                somewhere(trace));
}

namespace {

// Settings of the thread that looked, and so comparable only on one thread.
bool of_thread(const std::string& setting) {
  return setting == "signal mask" || setting == "floating-point mode";
}

// "SIGPIPE: default, then ignored", for the first setting that differs.
std::optional<std::string> changed(const Trace& trace, const Surroundings& before, const Surroundings& after,
                                   bool one_thread) {
  for (const auto& [setting, value] : before.settings) {
    if (!one_thread && of_thread(setting)) continue;
    if (setting == "SIGALRM" && trace.signal_storm) continue;  // the storm's own
    const auto now = after.settings.find(setting);
    if (now != after.settings.end() && now->second != value) return setting + ": " + value + ", then " + now->second;
  }
  return std::nullopt;
}

}  // namespace

// LOAD-2: loading and the first create leave signal dispositions, signal mask, locale and floating-point mode alone.
Verdict settings_stay(const Trace& trace) {
  if (!trace.loading) return exercised_if(false);
  const Loading& loading = *trace.loading;
  const std::string expected = " leaves the host's settings as they were";
  if (const auto what = changed(trace, loading.before, loading.loaded, true))
    return breach("loading" + expected, *what, somewhere(trace));
  if (loading.creating && loading.created)
    if (const auto what = changed(trace, *loading.creating, *loading.created, true))
      return breach("the first create" + expected, *what, somewhere(trace));
  // What the new context's own thread changes a moment later shows at the end, if nothing but the create was done.
  const bool one_create =
      trace.contexts.size() == 1 && trace.calls.size() == 1 + trace.contexts.front().destroys.size();
  if (loading.used && one_create)
    if (const auto what = changed(trace, loading.loaded, *loading.used, false))
      return breach("the first create" + expected, *what, somewhere(trace));
  return exercised_if(true);
}

namespace {

// Made when no call of the library had returned in this process, by a host thread that had made none.
bool among_the_first(const Call& call) {
  return call.first_of_process && call.first_of_thread && !call.inside && call.thread < max_threads;
}

bool is_plain_create(const Call& call) {
  return call.export_ == Export::create && call.misuse == Misuse::none && call.context &&
         call.context->role != RoleName::create_fail;
}

// Of several threads; none where there is but one.
std::vector<const Call*> first_creates(const Trace& trace) {
  std::vector<const Call*> out;
  for (const Call& call : trace.calls)
    if (among_the_first(call) && call.export_ == Export::create) out.push_back(&call);
  const bool several = std::ranges::any_of(out, [&](const Call* call) { return call->thread != out.front()->thread; });
  return several ? out : std::vector<const Call*>{};
}

Verdict works(const Trace& trace, const Call& create, const std::vector<const Call*>& others) {
  const std::string expected = "first calls that run at once all work", name = create.context->name;
  const Context& context = *create.context;
  const bool room = !trace.contract.max_contexts || *trace.contract.max_contexts >= static_cast<int>(trace.contexts.size());
  if (!create.finished() || !room) return {};
  if (context.refused()) return breach(expected, name + " was refused", {create.entered, create.returned});
  const Callback* constructor = context.constructor();
  if (constructor && constructor->code == ret_err && !destroy_begun_before(context, constructor->entered))
    return breach(expected, "the constructor of " + name + " failed", {create.entered, constructor->entered});
  for (const Call* other : others) {
    if (other == &create || !other->finished() || other->context->handle != context.handle) continue;
    const bool apart = destroy_begun_before(context, other->returned) || destroy_begun_before(*other->context, create.returned);
    if (!apart)
      return breach(expected, name + " and " + other->context->name + " got the same handle", {create.returned, other->returned});
  }
  return exercised_if(true);
}

}  // namespace

// LOAD-3: when the first calls run concurrently on several threads, the library initialises once and each call works.
Verdict first_calls_work(const Trace& trace) {
  const auto first = first_creates(trace);
  const auto is_first = [&](const Call& call) { return std::ranges::find(first, &call) != first.end(); };
  // A crash on a thread of the library's own is somebody else's.
  const auto at_fault = [&](const Call& call) {
    return is_first(call) && (trace.ending.kind != EndKind::crashed || trace.ending.thread == static_cast<int>(call.thread));
  };
  if (const Call* call = running_with(trace, at_fault))
    return ended_in(trace, *call, "first calls that run at once all work");
  bool exercised = false;
  for (const Call* create : first) {
    if (!is_plain_create(*create)) continue;
    const Verdict verdict = works(trace, *create, first);
    if (verdict.outcome == Outcome::breach) return verdict;
    exercised |= verdict.outcome == Outcome::pass;
  }
  return exercised_if(exercised);
}

namespace {

// Nothing tells such a library to stop.
bool used_without_context(const Trace& trace) {
  return std::ranges::any_of(trace.requests, [](const Request& request) {
    return !request.context && request.call->handle_kind == HandleKind::own;
  });
}

std::vector<OtherThread> new_threads(const Surroundings& before, const std::vector<OtherThread>& after) {
  std::vector<OtherThread> out;
  for (const OtherThread& thread : after)
    if (std::ranges::none_of(before.threads, [&](const OtherThread& old) { return old.id == thread.id; })) out.push_back(thread);
  return out;
}

}  // namespace

// LOAD-4: after the last destroy the library can be unloaded, host threads that used it end later, and the process exits
// with the status that the host chose.
Verdict library_can_be_unloaded(const Trace& trace) {
  if (!trace.loading || !trace.loading->unloading || used_without_context(trace)) return exercised_if(false);
  const Unloading& seen = *trace.loading->unloading;
  if (!seen.exited) {
    if (seen.ending.kind == EndKind::hung && !seen.ending.certain) return undecidable("the process did not end in time");
    return breach("the library is unloaded and the process ends with the status that the host chose",
                  (seen.closed ? "after the library was unloaded the process " : "while the library was unloaded the process ") +
                      words_of(seen.ending),
                  somewhere(trace));
  }
  const auto left = new_threads(trace.loading->before, seen.left);
  if (!seen.mapped && !left.empty())
    return undecidable("a thread of the library outlived it (" + left.front().name + "); whose code it runs is not known");
  return exercised_if(true);
}

namespace {

std::vector<Descriptor> new_descriptors(const Surroundings& before, const Surroundings& after) {
  std::vector<Descriptor> out;
  for (const Descriptor& descriptor : after.descriptors)
    if (std::ranges::none_of(before.descriptors, [&](const Descriptor& old) {
          return old.number == descriptor.number && old.target == descriptor.target;
        }))
      out.push_back(descriptor);
  return out;
}

std::string named(const Descriptor& descriptor) {
  return "descriptor " + std::to_string(descriptor.number) + " (" + descriptor.target + ")";
}

}  // namespace

// LOAD-5: loading starts no threads and opens no descriptors.
Verdict loading_is_quiet(const Trace& trace) {
  if (!trace.loading) return exercised_if(false);
  const Loading& loading = *trace.loading;
  const auto threads = new_threads(loading.before, loading.loaded.threads);
  if (!threads.empty())
    return breach("loading starts no threads", std::to_string(threads.size()) + ", among them " + threads.front().name,
                  somewhere(trace));
  const auto descriptors = new_descriptors(loading.before, loading.loaded);
  if (!descriptors.empty())
    return breach("loading opens no descriptors", named(descriptors.front()), somewhere(trace));
  return exercised_if(true);
}

// LOAD-6: the library's descriptors are close-on-exec, and its threads block asynchronous signals: those that a host has
// handlers for.
Verdict inherits_and_interrupts_nothing(const Trace& trace) {
  if (!trace.loading || !trace.loading->used) return exercised_if(false);
  const Loading& loading = *trace.loading;
  const auto descriptors = new_descriptors(loading.before, *loading.used);
  for (const Descriptor& descriptor : descriptors)
    if (!descriptor.close_on_exec)
      return breach("the library's descriptors are close-on-exec", named(descriptor) + " is not", somewhere(trace));
  const auto threads = new_threads(loading.before, loading.used->threads);
  for (const OtherThread& thread : threads)
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGCHLD, SIGUSR1, SIGUSR2})
      if (!(thread.blocked & (std::uint64_t{1} << (signal - 1))))
        return breach("the library's threads block asynchronous signals",
                      "thread " + thread.name + " does not block SIG" + sigabbrev_np(signal), somewhere(trace));
  return exercised_if(!descriptors.empty() || !threads.empty());
}

std::span<const Judge> loading() {
  using namespace spec::rule;
  static const std::vector<Judge> judges = {
      {LOAD_1, symbols_are_exported},
      {LOAD_2, settings_stay},
      {LOAD_3, lawfully<first_calls_work>},
      {LOAD_4, lawfully<library_can_be_unloaded>, {END_1, END_2, END_8, END_10}},
      {LOAD_5, loading_is_quiet},
      {LOAD_6, inherits_and_interrupts_nothing},
  };
  return judges;
}

}  // namespace ffi_cts::rules
