// Judges of chapter 7 on hand-written traces: which thread calls, and which thread calls back.
#include <csignal>

#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum Outcome;
using enum RoleName;

With first_on(std::uint32_t thread, std::optional<std::int64_t> result = {}) {
  return {.thread = thread, .result = result, .first = first_of_thread};
}

struct Made {
  Recording t;
  Recording::ContextId c = t.create();
};

// The answer of an echo and an event, at the same time.
Trace event_beside_reply(CallbackThreads contract) {
  Made m;
  m.t.interface.contract.callbacks = contract;
  auto l = m.t.listen(m.c);
  auto e = m.t.request(m.c, emit);
  auto hears = m.t.enter_hear(l, e, {.thread = 9});
  m.t.reply(e);
  m.t.leave(hears);
  m.t.destroy(m.c);
  return m.t.trace();
}

const bool registered = register_cases({
    // ---- THR-1 ----
    {rule::THR_1, "a fresh thread's first call works", pass,
     [] {
       Made m;
       m.t.listen(m.c, first_on(1));
       return m.t.trace();
     }},
    {rule::THR_1, "a fresh thread's first call crashes", breach,
     [] {
       Made m;
       m.t.begin_listen(m.c, first_on(1));
       m.t.crash(SIGSEGV, {}, 1);
       return m.t.trace();
     },
     true},
    {rule::THR_1, "a fresh thread's first call hangs", breach,
     [] {
       Made m;
       m.t.begin_listen(m.c, first_on(1));
       m.t.hang();
       return m.t.trace();
     },
     true},
    {rule::THR_1, "it hangs beside another call that does", not_exercised,
     [] {
       Made m;
       m.t.begin_request(m.c, echo);
       m.t.begin_listen(m.c, first_on(1));
       m.t.hang();
       return m.t.trace();
     }},
    {rule::THR_1, "the loop crashes while a fresh thread calls", not_exercised,
     [] {
       Made m;
       m.t.begin_listen(m.c, first_on(1));
       m.t.crash(SIGSEGV, {}, 5);
       return m.t.trace();
     }},
    {rule::THR_1, "the first call of all crashes, whatever the thread", not_exercised,
     [] {
       Recording t;
       t.begin_create(create, {.first = first_of_thread | first_of_process});
       t.crash(SIGSEGV, {}, 0);
       return t.trace();
     }},
    {rule::THR_1, "an exception ends a fresh thread's first call", not_exercised,
     [] {
       Made m;
       m.t.begin_listen(m.c, first_on(1));
       m.t.crash(SIGABRT, "std::bad_alloc", 1);
       return m.t.trace();
     }},
    {rule::THR_1, "what works on an old thread is refused on a fresh one", breach,
     [] {
       Made m;
       m.t.listen(m.c);
       m.t.listen(m.c, first_on(1, 0));
       return m.t.trace();
     }},
    {rule::THR_1, "an echo works on an old thread and fails on a fresh one", breach,
     [] {
       Made m;
       m.t.reply(m.t.request(m.c, echo));
       m.t.reply(m.t.request(m.c, echo, first_on(1)), {.code = ret_err});
       return m.t.trace();
     }},
    {rule::THR_1, "what is refused on every thread is no matter of threads", pass,
     [] {
       Made m;
       m.t.listen(m.c, {.result = 0});
       m.t.listen(m.c, first_on(1, 0));
       return m.t.trace();
     }},
    {rule::THR_1, "a closing context refuses fresh threads, too", not_exercised,
     [] {
       Made m;
       m.t.listen(m.c);
       m.t.destroy(m.c, {.result = ret_err});
       m.t.listen(m.c, first_on(1, 0));
       return m.t.trace();
     }},
    {rule::THR_1, "an odd name may be refused", not_exercised,
     [] {
       Made m;
       m.t.listen(m.c);
       With with = first_on(1, 0);
       with.name = NameKind::huge;
       m.t.listen(m.c, with);
       return m.t.trace();
     }},

    // ---- THR-2 ----
    {rule::THR_2, "one callback after the other", pass,
     [] {
       Made m;
       m.t.reply(m.t.request(m.c, echo));
       return m.t.trace();
     }},
    {rule::THR_2, "two at once", breach,
     [] {
       Made m;
       auto a = m.t.request(m.c, echo), b = m.t.request(m.c, echo);
       auto running = m.t.enter_reply(a);
       m.t.reply(b, {.thread = 9});
       m.t.leave(running);
       return m.t.trace();
     }},
    {rule::THR_2, "one inside the other", breach,
     [] {
       Made m;
       auto a = m.t.request(m.c, echo), b = m.t.request(m.c, echo);
       auto running = m.t.enter_reply(a);
       m.t.reply(b);
       m.t.leave(running);
       return m.t.trace();
     }},
    {rule::THR_2, "an event beside a reply", breach, [] { return event_beside_reply(CallbackThreads::one); }},
    {rule::THR_2, "an event beside a reply where they have a thread each", pass, [] { return event_beside_reply(CallbackThreads::replies_and_events); }},
    {rule::THR_2, "two events at once where they have one thread", breach,
     [] {
       Made m;
       m.t.interface.contract.callbacks = CallbackThreads::replies_and_events;
       auto a = m.t.listen(m.c), b = m.t.listen(m.c);
       auto e = m.t.request(m.c, emit);
       auto hears = m.t.enter_hear(a, e);
       m.t.hear(b, e, {.thread = 9});
       m.t.leave(hears);
       return m.t.trace();
     }},
    {rule::THR_2, "a host function beside a reply", breach,
     [] {
       Made m;
       auto h = m.t.reg(m.c);
       auto r = m.t.request(m.c, call_host), e = m.t.request(m.c, echo);
       auto calls = m.t.enter_host_call(h, r);
       m.t.reply(e, {.thread = 9});
       m.t.leave(calls);
       return m.t.trace();
     }},
    {rule::THR_2, "two contexts at once", pass,
     [] {
       Made m;
       auto d = m.t.create();
       auto a = m.t.request(m.c, echo), b = m.t.request(d, echo);
       auto running = m.t.enter_reply(a);
       m.t.reply(b);
       m.t.leave(running);
       return m.t.trace();
     }},
    {rule::THR_2, "an inline refusal inside a callback", pass,
     [] {
       Made m;
       auto running = m.t.enter_reply(m.t.request(m.c, echo));
       m.t.request(m.c, echo, {.result = ret_err});
       m.t.leave(running);
       return m.t.trace();
     }},
    {rule::THR_2, "a single callback shows nothing", not_exercised, [] { return Made().t.trace(); }},

    // ---- THR-3 ----
    {rule::THR_3, "answered on the loop while the submission still runs", pass,
     [] {
       Made m;
       auto r = m.t.begin_request(m.c, echo);
       m.t.reply(r);
       m.t.leave(r);
       return m.t.trace();
     }},
    {rule::THR_3, "answered on its own thread inside the submission", breach,
     [] {
       Made m;
       auto r = m.t.begin_request(m.c, echo);
       m.t.reply(r, {.thread = 0});
       m.t.leave(r);
       return m.t.trace();
     }},
    {rule::THR_3, "answered on its own thread afterwards", pass,
     [] {
       Made m;
       m.t.reply(m.t.request(m.c, echo), {.thread = 0});
       return m.t.trace();
     }},
    {rule::THR_3, "an inline refusal", not_exercised,
     [] {
       Made m;
       m.t.request(m.c, echo, {.result = ret_err});
       return m.t.trace();
     }},

    // ---- THR-6 ----
    {rule::THR_6, "used and destroyed on other threads", pass,
     [] {
       Made m;
       m.t.reply(m.t.request(m.c, echo, {.thread = 1}));
       m.t.destroy(m.c, {.thread = 2});
       return m.t.trace();
     }},
    {rule::THR_6, "destroyed by its creator only", breach,
     [] {
       Made m;
       m.t.destroy(m.c, {.thread = 1, .result = ret_err});
       m.t.destroy(m.c);
       return m.t.trace();
     }},
    {rule::THR_6, "used by its creator only", breach,
     [] {
       Made m;
       m.t.reply(m.t.request(m.c, echo));
       m.t.request(m.c, echo, {.thread = 1, .result = ret_err});
       return m.t.trace();
     }},
    {rule::THR_6, "a destroy beside a delay may have another reason", pass,
     [] {
       Made m;
       auto r = m.t.request(m.c, delay, {.ms = 5});
       m.t.destroy(m.c, {.thread = 1, .result = ret_err});
       m.t.reply(r);
       m.t.destroy(m.c);
       return m.t.trace();
     }},
    {rule::THR_6, "what fails on every thread is no matter of threads", pass,
     [] {
       Made m;
       m.t.request(m.c, echo, {.result = ret_err});
       m.t.request(m.c, echo, {.thread = 1, .result = ret_err});
       return m.t.trace();
     }},
    {rule::THR_6, "another thread may not register under an odd name", not_exercised,
     [] {
       Made m;
       m.t.reg(m.c);
       m.t.reg(m.c, {.thread = 1, .result = ret_err, .name = NameKind::huge});
       return m.t.trace();
     }},
    {rule::THR_6, "one thread does it all", not_exercised,
     [] {
       Made m;
       m.t.destroy(m.c);
       return m.t.trace();
     }},

    // ---- THR-9 ----
    {rule::THR_9, "a failing handler and a malformed request", pass,
     [] {
       Made m;
       m.t.reply(m.t.request(m.c, fail));
       m.t.reply(m.t.request(m.c, echo, {.misuse = Misuse::malformed}), {.code = ret_err});
       return m.t.trace();
     }},
    {rule::THR_9, "an exception leaves an export", breach,
     [] {
       Made m;
       m.t.begin_request(m.c, echo, {.misuse = Misuse::malformed});
       m.t.crash(SIGABRT, "std::invalid_argument: a request is a map", 0);
       return m.t.trace();
     },
     true},
    {rule::THR_9, "an exception leaves a handler", breach,
     [] {
       Made m;
       m.t.request(m.c, fail);
       m.t.crash(SIGABRT, "std::runtime_error: boom", 5);
       return m.t.trace();
     },
     true},
    {rule::THR_9, "a crash without an exception is another's", pass,
     [] {
       Made m;
       m.t.reply(m.t.request(m.c, fail));
       m.t.begin_request(m.c, echo);
       m.t.crash();
       return m.t.trace();
     }},
    {rule::THR_9, "nothing that one throws at", not_exercised, [] { return Made().t.trace(); }},
});

}  // namespace
}  // namespace ffi_cts::rules
