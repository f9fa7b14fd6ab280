#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum Outcome;
using enum RoleName;

// A slow constructor and an echo submitted while it runs.
struct Early {
  Recording t;
  Recording::ContextId c;
  Recording::RequestId r;
  explicit Early(With with = {}) {
    c = t.create_only(create_slow, {.ms = 100});
    r = t.request(c, echo, with);
  }
  Trace answered_early() {
    t.reply(r);
    t.advance_ms(100);
    t.construct(c);
    return t.trace();
  }
  Trace answered_late(Delivery delivery = {}) {
    t.advance_ms(100);
    t.construct(c);
    t.reply(r, std::move(delivery));
    t.destroy(c);
    return t.trace();
  }
};

Trace destroyed_after_failure(std::int64_t result, int times = 1, bool last_refused = false) {
  Recording t;
  for (int i = 0; i < times; ++i) t.destroy(t.create(create_fail), {.result = result});
  if (last_refused) t.create_only(create, {.result = 0});
  return t.trace();
}

Trace stormy(Delivery delivery) {
  Recording t;
  t.program.signal_storm = true;
  auto c = t.create();
  t.reply(t.request(c, echo), std::move(delivery));
  t.destroy(c);
  return t.trace();
}

const bool registered = register_cases({
    {rule::REQ_14, "an early request waits", pass, [] { return Early().answered_late(); }},
    {rule::REQ_14, "answered a moment before the constructor calls back", pass,
     [] {
       Early e;
       e.t.advance_ms(100);
       e.t.reply(e.r);
       e.t.construct(e.c);
       return e.t.trace();
     }},
    {rule::REQ_14, "answered long before", breach, [] { return Early().answered_early(); }, false, true},
    {rule::REQ_14, "answered without what the constructor was given", breach,
     [] {
       Early e;
       e.t.reply(e.r, {.value = Value(Map{{Value("echoed"), Value("")}, {Value("name"), Value("")}})});
       e.t.construct(e.c);
       return e.t.trace();
     }},
    {rule::REQ_14, "RET_OK where the constructor failed", breach,
     [] {
       Recording t;
       auto c = t.create_only(create_fail);
       auto r = t.request(c, echo);
       t.construct(c);
       t.reply(r);
       return t.trace();
     }},
    {rule::REQ_14, "no early request", not_exercised,
     [] {
       Recording t;
       t.reply(t.request(t.create(), echo));
       return t.trace();
     }},

    {rule::REQ_21, "an early request runs", pass, [] { return Early().answered_late(); }},
    {rule::REQ_21, "an early request is refused", breach,
     [] {
       Early e({.result = ret_err});
       e.t.construct(e.c);
       return e.t.trace();
     }},
    {rule::REQ_21, "an early request gets RET_ERR", breach, [] { return Early().answered_late({.code = ret_err}); }},
    {rule::REQ_21, "an early request is pending", unknown,
     [] {
       Early e;
       e.t.construct(e.c);
       e.t.crash();
       return e.t.trace();
     }},
    {rule::REQ_21, "the constructor failed", not_exercised,
     [] {
       Recording t;
       auto c = t.create_only(create_fail);
       auto r = t.request(c, echo);
       t.construct(c);
       t.reply(r, {.code = ret_err});
       return t.trace();
     }},

    {rule::REQ_15, "calls are refused and destroy works", pass,
     [] {
       Recording t;
       auto c = t.create(create_fail);
       t.request(c, echo, {.result = ret_err});
       t.listen(c, {.result = 0});
       t.reg(c, {.result = ret_err});
       t.destroy(c);
       return t.trace();
     }},
    {rule::REQ_15, "a request is accepted", breach,
     [] {
       Recording t;
       t.request(t.create(create_fail), echo);
       return t.trace();
     }},
    {rule::REQ_15, "a listener is added", breach,
     [] {
       Recording t;
       t.listen(t.create(create_fail));
       return t.trace();
     }},
    {rule::REQ_15, "destroy fails", breach, [] { return destroyed_after_failure(ret_err); }},
    {rule::REQ_15, "places run out", breach, [] { return destroyed_after_failure(ret_ok, 32, true); }},
    {rule::REQ_15, "it crashes", breach,
     [] {
       Recording t;
       t.begin_destroy(t.create(create_fail));
       t.crash();
       return t.trace();
     },
     true},
    {rule::REQ_15, "destroy beside a callback may fail", not_exercised,
     [] {
       Recording t;
       auto c = t.create_only(create_fail);
       auto r = t.request(c, echo);
       t.construct(c);
       auto parked = t.enter_reply(r, {.code = ret_err});
       t.destroy(c, {.thread = 1, .result = ret_err});
       t.leave(parked);
       return t.trace();
     }},
    {rule::REQ_15, "the constructor worked", not_exercised,
     [] {
       Recording t;
       t.destroy(t.create());
       return t.trace();
     }},

    {rule::REQ_19, "answers as ever", pass, [] { return stormy({}); }},
    {rule::REQ_19, "RET_ERR under signals", breach, [] { return stormy({.code = ret_err}); }},
    {rule::REQ_19, "lost under signals", breach,
     [] {
       Recording t;
       t.program.signal_storm = true;
       auto c = t.create();
       t.request(c, echo);
       t.destroy(c);
       return t.trace();
     }},
    {rule::REQ_19, "a hang under signals", breach,
     [] {
       Recording t;
       t.program.signal_storm = true;
       t.begin_destroy(t.create());
       t.hang();
       return t.trace();
     },
     true},
    {rule::REQ_19, "no signals", not_exercised, [] { return destroyed_after_failure(ret_ok); }},

    {rule::REQ_22, "the program ran to its end", pass, [] { return destroyed_after_failure(ret_ok); }},
    {rule::REQ_22, "a crash on the library's thread", breach,
     [] {
       Recording t;
       t.request(t.create(), echo);
       t.crash();
       return t.trace();
     },
     true},
    {rule::REQ_22, "the library exits", breach,
     [] {
       Recording t;
       t.begin_request(t.create(), echo);
       t.exit(3);
       return t.trace();
     },
     true},
    {rule::REQ_22, "a destroy hangs", breach,
     [] {
       Recording t;
       t.begin_destroy(t.create());
       t.hang();
       return t.trace();
     },
     true},
    {rule::REQ_22, "the host had passed garbage", unknown,
     [] {
       Recording t;
       t.begin_request(t.create(), echo, {.handle = HandleKind::noise});
       t.crash();
       return t.trace();
     }},
    {rule::REQ_22, "nothing was called", not_exercised, [] { return Recording().trace(); }},
});

}  // namespace
}  // namespace ffi_cts::rules
