// Judges of chapter 7 on hand-written traces: a callback is parked, and what goes on meanwhile.
#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum Outcome;
using enum RoleName;

// A listener of c is parked on an event.
struct Parked {
  Recording t;
  Recording::ContextId c = t.create(), other = t.create();
  Recording::ListenerId l = t.listen(c);
  Recording::RequestId e = t.request(c, emit);
  Recording::CallbackId parked;
  explicit Parked(bool stalled = true) : parked(t.enter_hear(l, e, {.stalled = stalled})) {}
  Trace done() {
    t.reply(e);
    return t.trace();
  }
};

// This call of thread B goes on until the callback has left.
template <typename Begin>
Trace waits(Begin begin, bool stands_still_first = false) {
  Parked p;
  if (stands_still_first) p.t.stand_still();
  auto call = begin(p);
  if (!stands_still_first) p.t.stand_still();
  p.t.leave(p.parked);
  p.t.leave(call);
  return p.done();
}

const With on_b = {.thread = 1};

// What is asked of another context while the callback is parked is answered after it.
Trace answered_late(void (*meanwhile)(Parked&) = [](Parked&) {}) {
  Parked p;
  auto r = p.t.request(p.other, echo, on_b);
  meanwhile(p);
  p.t.stand_still();
  p.t.leave(p.parked);
  p.t.reply(r);
  return p.done();
}

const bool registered = register_cases({
    // ---- THR-4 ----
    {rule::THR_4, "calls return beside a parked callback", pass,
     [] {
       Parked p(false);
       p.t.listen(p.c, on_b);
       p.t.reg(p.other, on_b);
       p.t.leave(p.parked);
       return p.done();
     }},
    {rule::THR_4, "an add waits for it", breach, [] { return waits([](Parked& p) { return p.t.begin_listen(p.c, on_b); }); }},
    {rule::THR_4, "a create waits for it", breach, [] { return waits([](Parked& p) { return p.t.begin_create(create, on_b); }); }},
    {rule::THR_4, "a remove of another context waits for it", breach,
     [] {
       Parked p;
       auto of_other = p.t.listen(p.other, on_b);
       auto call = p.t.begin_remove(of_other, on_b);
       p.t.stand_still();
       p.t.leave(p.parked);
       p.t.leave(call);
       return p.done();
     }},
    {rule::THR_4, "a remove of its own context may wait for it", not_exercised,
     [] { return waits([](Parked& p) { return p.t.begin_remove(p.l, on_b); }); }},
    {rule::THR_4, "a submission to its own context waits for the loop, not for a lock", not_exercised,
     [] { return waits([](Parked& p) { return p.t.begin_request(p.c, echo, on_b); }); }},
    {rule::THR_4, "a submission to another context waits for it", breach,
     [] { return waits([](Parked& p) { return p.t.begin_request(p.other, echo, on_b); }); }},
    {rule::THR_4, "a destroy may wait for it", not_exercised, [] { return waits([](Parked& p) { return p.t.begin_destroy(p.c, on_b); }); }},
    {rule::THR_4, "a call that began when all was let go is chance", not_exercised,
     [] { return waits([](Parked& p) { return p.t.begin_listen(p.c, on_b); }, true); }},
    {rule::THR_4, "a callback that left by itself proves nothing", not_exercised,
     [] {
       Parked p(false);
       auto call = p.t.begin_listen(p.c, on_b);
       p.t.leave(p.parked);
       p.t.leave(call);
       return p.done();
     }},
    {rule::THR_4, "a call that never returned waited for something else", not_exercised,
     [] {
       Parked p;
       p.t.begin_listen(p.c, on_b);
       p.t.stand_still();
       p.t.leave(p.parked);
       p.t.hang();
       return p.t.trace();
     }},

    // ---- THR-5 ----
    {rule::THR_5, "another context answers beside it", pass,
     [] {
       Parked p(false);
       p.t.reply(p.t.request(p.other, echo, on_b));
       p.t.leave(p.parked);
       return p.done();
     }},
    {rule::THR_5, "another context is made beside it", pass,
     [] {
       Parked p(false);
       p.t.create(create, on_b);
       p.t.leave(p.parked);
       return p.done();
     }},
    {rule::THR_5, "another context answers only after it", breach, [] { return answered_late(); }},
    {rule::THR_5, "another context is made only after it", breach,
     [] {
       Parked p;
       auto late = p.t.create_only(create, on_b);
       p.t.stand_still();
       p.t.leave(p.parked);
       p.t.construct(late);
       return p.done();
     }},
    {rule::THR_5, "its own context answers only after it, as it must", not_exercised,
     [] {
       Parked p;
       auto r = p.t.request(p.c, echo, on_b);
       p.t.stand_still();
       p.t.leave(p.parked);
       p.t.reply(r);
       return p.done();
     }},
    {rule::THR_5, "a request that came when all was let go is chance", not_exercised,
     [] {
       Parked p;
       p.t.stand_still();
       auto r = p.t.request(p.other, echo, on_b);
       p.t.leave(p.parked);
       p.t.reply(r);
       return p.done();
     }},
    {rule::THR_5, "with two contexts parked a pool may be used up", pass,
     [] {
       Parked p;
       auto third = p.t.create(create, on_b);
       auto r = p.t.request(third, echo, on_b);
       auto second = p.t.enter_reply(p.t.request(p.other, echo, on_b), {.stalled = true});
       p.t.stand_still();
       p.t.leave(p.parked);
       p.t.leave(second);
       p.t.reply(r);
       return p.done();
     }},
    {rule::THR_5, "a host call that nobody answers may hold the other back", not_exercised,
     [] {
       return answered_late([](Parked& p) {
         auto h = p.t.reg(p.other, on_b);
         auto asks = p.t.request(p.other, call_host, on_b);
         p.t.call_host(h, asks);
       });
     }},
    {rule::THR_5, "a request that is never answered is lost, not held back", not_exercised,
     [] {
       Parked p;
       p.t.request(p.other, echo, on_b);
       p.t.stand_still();
       p.t.leave(p.parked);
       return p.done();
     }},
});

}  // namespace
}  // namespace ffi_cts::rules
