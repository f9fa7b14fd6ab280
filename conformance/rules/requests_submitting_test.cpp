#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum Outcome;
using enum RoleName;

// An echo submitted inside the callback of another.
struct Inside {
  Recording t;
  Recording::ContextId c;
  Recording::CallbackId outer;
  Recording::RequestId inner;
  explicit Inside(With with = {}) {
    c = t.create();
    outer = t.enter_reply(t.request(c, echo));
    inner = t.request(c, echo, with);
    t.leave(outer);
  }
};

// A submission of thread B while a callback is parked; it took `ms`, and the callback left before it returned.
Trace submitted_while_parked(bool waits, std::uint64_t ms) {
  Recording t;
  auto c = t.create();
  auto parked = t.enter_reply(t.request(c, echo));
  auto r = t.begin_request(c, echo, {.thread = 1});
  t.advance_ms(ms);
  if (waits) t.leave(parked);
  t.leave(r);
  if (!waits) t.leave(parked);
  t.reply(r);
  return t.trace();
}

const bool registered = register_cases({
    {rule::REQ_11, "accepted inside a callback and answered", pass,
     [] {
       Inside i;
       i.t.reply(i.inner);
       i.t.destroy(i.c);
       return i.t.trace();
     }},
    {rule::REQ_11, "refused inside a callback", pass,
     [] {
       Inside i({.result = ret_err});
       return i.t.trace();
     }},
    {rule::REQ_11, "accepted inside a callback and lost", breach,
     [] {
       Inside i;
       i.t.wait(i.c, ObjectKind::context, true);
       i.t.destroy(i.c);
       return i.t.trace();
     }},
    {rule::REQ_11, "it hangs inside a callback", breach,
     [] {
       Recording t;
       auto c = t.create();
       t.enter_reply(t.request(c, echo));
       t.begin_request(c, echo);
       t.hang();
       return t.trace();
     },
     true},
    {rule::REQ_11, "not answered yet", unknown,
     [] {
       Inside i;
       i.t.crash();
       return i.t.trace();
     }},
    {rule::REQ_11, "the inline callback of a refusal is none", not_exercised,
     [] {
       Recording t;
       auto c = t.create();
       auto refused = t.begin_request(c, echo);
       t.refuse_inline(refused);
       t.leave(refused, ret_err);
       t.begin_request(c, echo);
       t.hang();
       return t.trace();
     }},

    {rule::REQ_20, "accepted", pass,
     [] {
       Inside i;
       return i.t.trace();
     }},
    {rule::REQ_20, "refused", breach,
     [] {
       Inside i({.result = ret_err});
       return i.t.trace();
     }},
    {rule::REQ_20, "refused by a closing context", not_exercised,
     [] {
       Recording t;
       auto c = t.create();
       auto reply = t.enter_reply(t.request(c, echo));
       t.begin_destroy(c, {.thread = 1});
       t.request(c, echo, {.result = ret_err});
       t.leave(reply);
       return t.trace();
     }},

    {rule::REQ_13, "returns beside a parked callback", pass, [] { return submitted_while_parked(false, 0); }},
    {rule::REQ_13, "returns when the parked callback has left", breach, [] { return submitted_while_parked(true, 50); },
     false, true},
    {rule::REQ_13, "returns when a stalled callback was let go", breach,
     [] {
       Recording t;
       auto c = t.create();
       auto parked = t.enter_reply(t.request(c, echo), {.stalled = true});
       auto r = t.begin_request(c, echo, {.thread = 1});
       t.leave(parked);
       t.leave(r);
       return t.trace();
     }},
    {rule::REQ_13, "takes long by itself, beside a short callback", not_exercised,
     [] {
       Recording t;
       auto c = t.create();
       auto running = t.enter_reply(t.request(c, echo));
       auto r = t.begin_request(c, echo, {.thread = 1});
       t.leave(running);
       t.advance_ms(50);
       t.leave(r);
       t.reply(r);
       return t.trace();
     }},
    {rule::REQ_13, "a short overlap is chance", not_exercised, [] { return submitted_while_parked(true, 1); }},
    {rule::REQ_13, "submissions that always take long show nothing", unknown,
     [] {
       Recording t;
       auto c = t.create();
       auto first = t.begin_request(c, echo);
       t.advance_ms(50);
       t.leave(first);
       auto parked = t.enter_reply(first);
       auto r = t.begin_request(c, echo, {.thread = 1});
       t.advance_ms(50);
       t.leave(parked);
       t.leave(r);
       return t.trace();
     }},
    {rule::REQ_13, "hangs beside a parked callback", breach,
     [] {
       Recording t;
       auto c = t.create();
       t.enter_reply(t.request(c, echo));
       t.begin_request(c, echo, {.thread = 1});
       t.hang();
       return t.trace();
     },
     true},
    {rule::REQ_13, "hangs beside a block", breach,
     [] {
       Recording t;
       auto c = t.create();
       t.request(c, block, {.ms = 1000});
       t.begin_request(c, echo);
       t.hang();
       return t.trace();
     },
     true},
    {rule::REQ_13, "a loop that is stuck in its own call drags others along", not_exercised,
     [] {
       Recording t;
       auto c = t.create();
       auto l = t.listen(c);
       t.enter_hear(l, t.request(c, emit));
       t.begin_remove(l);
       t.begin_request(c, echo, {.thread = 1});
       t.hang();
       return t.trace();
     }},
});

}  // namespace
}  // namespace ffi_cts::rules
