// Judges of chapter 1 on hand-written traces: what was noted of a process that was a program's own.
#include <csignal>

#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum Outcome;
using enum RoleName;

constexpr std::uint64_t all_blocked = ~std::uint64_t{0};

// A context that came and went in a process of its own, where all was well.
struct Alone {
  Recording t;
  Alone() {
    Loading loading;
    loading.before.settings = {{"SIGPIPE", "default"}, {"SIGALRM", "default"}, {"locale", "C"}, {"signal mask", "0x0"}, {"floating-point mode", "rounding 0"}};
    loading.before.descriptors = {{0, "/dev/null", false}, {7, "socket:[1]", true}};
    loading.before.threads = {{50, "sanitizer", 0}};
    loading.loaded = loading.before;
    loading.creating = loading.created = loading.before;
    loading.used = loading.before;
    loading.used->threads.push_back({60, "loop", all_blocked});
    loading.used->descriptors.push_back({8, "anon_inode:[eventfd]", true});
    Unloading unloading;
    unloading.closed = unloading.exited = true;
    loading.unloading = unloading;
    t.loading = loading;
  }
  Loading& facts() { return *t.loading; }
  Trace trace() {
    auto c = t.create();
    t.destroy(c);
    return t.trace();
  }
};

Trace in_a_worker_with_history() {
  Recording t;
  t.destroy(t.create());
  return t.trace();
}

template <typename Change>
Trace alone(Change change) {
  Alone a;
  change(a.facts());
  return a.trace();
}

// The process ended so after the teardown.
Trace unloaded(bool closed, EndKind kind, bool certain = true) {
  return alone([&](Loading& loading) {
    loading.unloading->closed = closed;
    loading.unloading->exited = false;
    loading.unloading->ending.kind = kind;
    loading.unloading->ending.signal = SIGSEGV;
    loading.unloading->ending.certain = certain;
  });
}

// Two threads whose first calls are the first of the process. `second`: how the other one departs.
struct FirstCalls {
  Recording t;
  Recording::ContextId a, b;
  static With first(std::uint32_t thread) { return {.thread = thread, .first = first_of_thread | first_of_process}; }
  explicit FirstCalls(With second = first(1)) {
    t.program.fresh_process = true;
    a = t.begin_create(create, first(0));
    b = t.begin_create(create, second);
  }
  Trace done() {
    t.leave(a);
    t.leave(b);
    t.construct(a);
    t.construct(b);
    return t.trace();
  }
};

const bool registered = register_cases({
    {rule::LOAD_1, "every symbol is there", pass, [] { return Alone().trace(); }},
    {rule::LOAD_1, "a symbol is missing", breach, [] { return alone([](Loading& l) { l.missing = {"toy_destroy"}; }); }},
    {rule::LOAD_1, "nothing is known of the loading", not_exercised, in_a_worker_with_history},

    {rule::LOAD_2, "everything stays as it was", pass, [] { return Alone().trace(); }},
    {rule::LOAD_2, "loading ignores a signal", breach, [] { return alone([](Loading& l) { l.loaded.settings["SIGPIPE"] = "ignored"; }); }},
    {rule::LOAD_2, "loading sets the locale", breach, [] { return alone([](Loading& l) { l.loaded.settings["locale"] = "de_DE.UTF-8"; }); }},
    {rule::LOAD_2, "the first create changes the floating point mode", breach,
     [] { return alone([](Loading& l) { l.created->settings["floating-point mode"] = "rounding 1024"; }); }},
    {rule::LOAD_2, "the first create blocks signals", breach, [] { return alone([](Loading& l) { l.created->settings["signal mask"] = "0x2"; }); }},
    {rule::LOAD_2, "the new context's thread installs a handler", breach,
     [] { return alone([](Loading& l) { l.used->settings["SIGPIPE"] = "handler 0x1000"; }); }},
    {rule::LOAD_2, "a request installs a handler, which is not loading", pass,
     [] {
       Alone a;
       a.facts().used->settings["SIGPIPE"] = "handler 0x1000";
       auto c = a.t.create();
       a.t.reply(a.t.request(c, echo));
       a.t.destroy(c);
       return a.t.trace();
     }},
    {rule::LOAD_2, "the host's own storm changes its signal", pass,
     [] {
       Alone a;
       a.t.program.signal_storm = true;
       a.facts().creating->settings["SIGALRM"] = a.facts().created->settings["SIGALRM"] = "handler 0x2000";
       a.facts().used->settings["SIGALRM"] = "handler 0x2000";
       return a.trace();
     }},
    {rule::LOAD_2, "nothing is known of the loading", not_exercised, in_a_worker_with_history},

    {rule::LOAD_3, "two first creates work", pass, [] { return FirstCalls().done(); }},
    {rule::LOAD_3, "one of two first creates is refused", breach,
     [] {
       FirstCalls f({.thread = 1, .result = 0, .first = first_of_thread | first_of_process});
       f.t.leave(f.a);
       f.t.refuse_inline(f.b);
       f.t.leave(f.b);
       f.t.construct(f.a);
       return f.t.trace();
     }},
    {rule::LOAD_3, "one of two first constructors fails", breach,
     [] {
       FirstCalls f;
       f.t.leave(f.a);
       f.t.leave(f.b);
       f.t.construct(f.a);
       f.t.construct(f.b, {.code = ret_err, .text = "no configuration"});
       return f.t.trace();
     }},
    {rule::LOAD_3, "two first creates get one handle", breach,
     [] {
       FirstCalls f;
       f.t.leave(f.a);
       f.t.leave(f.b, static_cast<std::int64_t>(f.t.handle(f.a)));
       return f.t.trace();
     }},
    {rule::LOAD_3, "a first create crashes beside another", breach,
     [] {
       FirstCalls f;
       f.t.crash(SIGSEGV, {}, 1);
       return f.t.trace();
     },
     true},
    {rule::LOAD_3, "a first create without callback crashes beside another", breach,
     [] {
       FirstCalls f({.thread = 1, .misuse = Misuse::null_callback, .first = first_of_thread | first_of_process});
       f.t.crash(SIGSEGV, {}, 1);
       return f.t.trace();
     },
     true},
    {rule::LOAD_3, "a first create without callback is refused as it must be", pass,
     [] {
       FirstCalls f({.thread = 1, .result = 0, .misuse = Misuse::null_callback, .first = first_of_thread | first_of_process});
       return f.done();
     }},
    {rule::LOAD_3, "a thread of the library crashes beside first creates", not_exercised,
     [] {
       FirstCalls f;
       f.t.crash(SIGSEGV, {}, max_threads);
       return f.t.trace();
     }},
    {rule::LOAD_3, "only one of the threads is new to the library", not_exercised, [] { return FirstCalls({.thread = 1}).done(); }},
    {rule::LOAD_3, "there is no room for a second", not_exercised,
     [] {
       FirstCalls f({.thread = 1, .result = 0, .first = first_of_thread | first_of_process});
       f.t.interface.contract.max_contexts = 1;
       f.t.leave(f.a);
       f.t.refuse_inline(f.b);
       f.t.leave(f.b);
       return f.t.trace();
     }},

    {rule::LOAD_4, "it is unloaded and the process ends", pass, [] { return Alone().trace(); }},
    {rule::LOAD_4, "it stays mapped, which is lawful, with a thread of its own", pass,
     [] {
       return alone([](Loading& l) {
         l.unloading->mapped = true;
         l.unloading->left = {{60, "pool", all_blocked}};
       });
     }},
    {rule::LOAD_4, "the process crashes while it is unloaded", breach, [] { return unloaded(false, EndKind::crashed); }},
    {rule::LOAD_4, "the process crashes after it was unloaded", breach, [] { return unloaded(true, EndKind::crashed); }},
    {rule::LOAD_4, "unloading ends the process with another status", breach, [] { return unloaded(false, EndKind::exited); }},
    {rule::LOAD_4, "unloading never returns", breach, [] { return unloaded(false, EndKind::hung); }},
    {rule::LOAD_4, "unloading takes too long to tell", unknown, [] { return unloaded(false, EndKind::hung, false); }},
    {rule::LOAD_4, "a silent thread outlives it", unknown, [] { return alone([](Loading& l) { l.unloading->left = {{60, "pool", all_blocked}}; }); }},
    {rule::LOAD_4, "a thread that was there before is none of its own", pass, [] { return alone([](Loading& l) { l.unloading->left = l.before.threads; }); }},
    {rule::LOAD_4, "a context is left and so it is not unloaded", not_exercised, [] { return alone([](Loading& l) { l.unloading.reset(); }); }},
    {rule::LOAD_4, "nothing tells a library without contexts to stop", not_exercised,
     [] {
       Alone a;
       a.facts().unloading->exited = false;
       a.t.reply(a.t.request_without_context(toy_version_proc));
       return a.t.trace();
     }},

    {rule::LOAD_5, "loading leaves no trace", pass, [] { return Alone().trace(); }},
    {rule::LOAD_5, "loading starts a thread", breach, [] { return alone([](Loading& l) { l.loaded.threads.push_back({51, "pool", all_blocked}); }); }},
    {rule::LOAD_5, "loading opens a descriptor", breach, [] { return alone([](Loading& l) { l.loaded.descriptors.push_back({8, "/dev/urandom", true}); }); }},
    {rule::LOAD_5, "nothing is known of the loading", not_exercised, in_a_worker_with_history},

    {rule::LOAD_6, "descriptors are closed and signals blocked", pass, [] { return Alone().trace(); }},
    {rule::LOAD_6, "a descriptor is inheritable", breach, [] { return alone([](Loading& l) { l.used->descriptors.back().close_on_exec = false; }); }},
    {rule::LOAD_6, "a thread lets a signal through", breach,
     [] { return alone([](Loading& l) { l.used->threads.back().blocked = ~(std::uint64_t{1} << (SIGTERM - 1)); }); }},
    {rule::LOAD_6, "a signal that no handler is for may come through", pass,
     [] { return alone([](Loading& l) { l.used->threads.back().blocked = ~(std::uint64_t{1} << (SIGSEGV - 1)); }); }},
    {rule::LOAD_6, "a library without threads and descriptors shows nothing", not_exercised, [] { return alone([](Loading& l) { l.used = l.before; }); }},
    {rule::LOAD_6, "the program was cut off before anybody looked", not_exercised, [] { return alone([](Loading& l) { l.used.reset(); }); }},
});

}  // namespace
}  // namespace ffi_cts::rules
