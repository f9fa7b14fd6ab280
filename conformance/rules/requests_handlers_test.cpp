#include <array>

#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum Outcome;
using enum RoleName;

// Two pairs of echoes, all submitted before the first is answered, answered in this order.
Trace four_echoes(std::initializer_list<int> order) {
  Recording t;
  auto c = t.create();
  std::vector<Recording::RequestId> r;
  for (int i = 0; i < 4; ++i) r.push_back(t.request(c, echo));
  for (const int i : order) t.reply(r[static_cast<std::size_t>(i)]);
  t.destroy(c);
  return t.trace();
}

// The host function is called for each of two requests that one thread submitted.
Trace two_host_calls(bool reversed) {
  Recording t;
  auto c = t.create();
  auto h = t.reg(c);
  auto first = t.request(c, RoleName::call_host), second = t.request(c, RoleName::call_host);
  for (const auto request : reversed ? std::array{second, first} : std::array{first, second}) {
    auto call = t.call_host(h, request);
    t.complete(call);
    t.reply(request);
  }
  t.destroy(c);
  return t.trace();
}

// A delay of 100 ms and an echo beside it; an echo alone comes first when `calibrated`.
struct Beside {
  Recording t;
  Recording::RequestId slow, quick;
  explicit Beside(bool calibrated = true) {
    auto c = t.create();
    if (calibrated) t.reply(t.request(c, echo));
    slow = t.request(c, delay, {.ms = 100});
    quick = t.request(c, echo);
  }
  Trace held_back() {
    t.advance_ms(100);
    t.reply(slow);
    t.reply(quick);
    return t.trace();
  }
};

const bool registered = register_cases({
    {rule::REQ_7, "RET_ERR with the text", pass,
     [] {
       Recording t;
       t.reply(t.request(t.create(), fail));
       return t.trace();
     }},
    {rule::REQ_7, "an empty text becomes another", pass,
     [] {
       Recording t;
       t.reply(t.request(t.create(), fail, {.payload = Payload{}}), {.code = ret_err, .text = "unknown error"});
       return t.trace();
     }},
    {rule::REQ_7, "a cancelled one has the text of destroy", pass,
     [] {
       Recording t;
       auto c = t.create();
       auto r = t.request(c, fail);
       t.begin_destroy(c);
       t.reply(r, {.text = "cancelled"});
       return t.trace();
     }},
    {rule::REQ_7, "RET_OK with the text", breach,
     [] {
       Recording t;
       t.reply(t.request(t.create(), fail), {.code = ret_ok});
       return t.trace();
     }},
    {rule::REQ_7, "an empty text", breach,
     [] {
       Recording t;
       t.reply(t.request(t.create(), fail, {.payload = Payload{}}), {.code = ret_err, .text = ""});
       return t.trace();
     }},
    {rule::REQ_7, "another text", breach,
     [] {
       Recording t;
       t.reply(t.request(t.create(), fail), {.text = "something else"});
       return t.trace();
     }},
    {rule::REQ_7, "nothing fails", not_exercised,
     [] {
       Recording t;
       t.reply(t.request(t.create(), echo));
       return t.trace();
     }},

    {rule::REQ_10, "answers in order", pass,
     [] {
       return four_echoes({0, 1, 2, 3});
     }},
    {rule::REQ_10, "pairs reversed", breach,
     [] {
       return four_echoes({1, 0, 3, 2});
     },
     false, true},
    {rule::REQ_10, "all reversed", breach,
     [] {
       return four_echoes({3, 2, 1, 0});
     },
     false, true},
    {rule::REQ_10, "host calls in order", pass, [] { return two_host_calls(false); }},
    {rule::REQ_10, "host calls reversed", breach, [] { return two_host_calls(true); }, false, true},
    {rule::REQ_10, "one out of order may be chance", unknown,
     [] {
       return four_echoes({0, 2, 1, 3});
     }},
    {rule::REQ_10, "delays answer when they are done", not_exercised,
     [] {
       Recording t;
       auto c = t.create();
       auto a = t.request(c, delay), b = t.request(c, delay);
       t.reply(b);
       t.reply(a);
       return t.trace();
     }},

    {rule::REQ_12, "an echo overtakes a delay", pass,
     [] {
       Beside b;
       b.t.reply(b.quick);
       b.t.advance_ms(100);
       b.t.reply(b.slow);
       return b.t.trace();
     }},
    {rule::REQ_12, "an echo waits for the delay", breach, [] { return Beside().held_back(); }, false, true},
    {rule::REQ_12, "how long an echo takes is not known", unknown, [] { return Beside(false).held_back(); }},
    {rule::REQ_12, "the host held the loop itself", not_exercised,
     [] {
       Beside b;
       auto c = b.t.create();
       auto held = b.t.enter_reply(b.t.request(c, echo));
       Trace trace = b.held_back();
       (void)held;  // it never leaves
       return trace;
     }},
    {rule::REQ_12, "nothing slow", not_exercised,
     [] {
       Recording t;
       t.reply(t.request(t.create(), echo));
       return t.trace();
     }},

    {rule::REQ_16, "its own reply", pass,
     [] {
       return four_echoes({0, 1, 2, 3});
     }},
    {rule::REQ_16, "crossed replies", breach,
     [] {
       Recording t;
       auto c = t.create();
       auto a = t.request(c, echo), b = t.request(c, echo);
       t.reply(b);
       const Value crossed = *t.trace().requests[1].reply()->value;
       t.reply(a, {.value = crossed});
       return t.trace();
     }},
    {rule::REQ_16, "another's error", breach,
     [] {
       Recording t;
       auto c = t.create();
       auto a = t.request(c, echo), b = t.request(c, fail);
       t.reply(b);
       t.reply(a, {.code = ret_err, .text = std::string(t.trace().requests[1].reply()->text())});
       return t.trace();
     }},
    {rule::REQ_16, "RET_ERR without a reason", breach,
     [] {
       Recording t;
       t.reply(t.request(t.create(), echo), {.code = ret_err});
       return t.trace();
     }},
    {rule::REQ_16, "a busy library may say RET_ERR", not_exercised,
     [] {
       Recording t;
       auto c = t.create();
       t.request(c, delay);
       t.reply(t.request(c, echo), {.code = ret_err});
       return t.trace();
     }},
    {rule::REQ_16, "more than a MiB may get RET_ERR", not_exercised,
     [] {
       Recording t;
       t.reply(t.request(t.create(), echo, {.payload = Payload{2u << 20, 1}}), {.code = ret_err});
       return t.trace();
     }},
    {rule::REQ_16, "a reply that was not kept whole", unknown,
     [] {
       Recording t;
       t.reply(t.request(t.create(), echo), {.kept = 4});
       return t.trace();
     }},
});

}  // namespace
}  // namespace ffi_cts::rules
