// Chapter 4 on hand-written traces.
#include <array>

#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum Outcome;
using enum RoleName;

constexpr std::size_t empty_proc = 3;
constexpr std::uint64_t place = 0x7000'0000, size = 64;

// The toy with native variants.
Recording toy() {
  Recording t;
  for (Proc& proc : t.interface.procs) proc.native = true;
  t.interface.constructor.native = true;
  return t;
}

With in(NativeForm form) { return {.native = form}; }

// One native echo with that answer.
Trace echoed(Delivery delivery = {}, NativeForm form = NativeForm::plain) {
  Recording t = toy();
  auto c = t.create();
  t.reply(t.request(c, echo, in(form)), std::move(delivery));
  t.destroy(c);
  return t.trace();
}

Delivery value(Value v) { return {.value = std::move(v)}; }
Delivery wrong() { return value(Map{{"echoed", "another text"}, {"name", "x"}}); }
Delivery failed() { return {.code = ret_err, .text = "no"}; }
Delivery unreadable() { return {.text = "len is 8, and sizeof(Reply) is 16", .marks = native_fault}; }

// CBOR, native, native, CBOR of the same call, with these answers.
Trace four(std::array<Delivery, 4> answers, NativeForm form = NativeForm::plain) {
  Recording t = toy();
  auto c = t.create();
  for (std::size_t i = 0; i < 4; ++i) {
    With with{.proc = empty_proc};
    if (i == 1 || i == 2) with.native = form;
    t.reply(t.request(c, echo, with), answers[i]);
  }
  t.destroy(c);
  return t.trace();
}

Trace crashed_at_its_arguments(bool native, bool answered) {
  Recording t = toy();
  With with;
  if (native) with.native = NativeForm::plain;
  auto c = t.create();
  auto r = answered ? t.request(c, echo, with) : t.begin_request(c, echo, with);
  if (answered) t.reply(r);
  t.crash();
  Trace trace = t.trace();
  trace.ending.fault_address = place + 4;
  trace.calls.back().pointer = place;
  trace.calls.back().size = size;
  trace.calls.back().guarded = true;
  return trace;
}

Trace lent_and_left_alone() {
  Trace trace = echoed();
  for (Call& call : trace.calls) {
    call.pointer = place;
    call.size = size;
    call.guarded = true;
  }
  return trace;
}

// The loop crashed after this callback had left.
Trace crashed_after(bool native, bool another_call = false) {
  Recording t = toy();
  With with;
  if (native) with.native = NativeForm::plain;
  auto c = t.create();
  t.reply(t.request(c, echo, with));
  if (another_call) t.reply(t.request(c, echo));
  t.crash(6, {}, 4);
  return t.trace();
}

Trace crashed_inside(NativeForm form) {
  Recording t = toy();
  t.begin_request(t.create(), echo, in(form));
  t.crash(11, {}, 0);
  return t.trace();
}

// The host answers with a text that holds a NUL; the reply of call_host is that text.
Trace answered_with_nul(bool cut) {
  Recording t = toy();
  t.interface.roles.at(call_host).reply = Value("$answer");
  auto c = t.create();
  auto h = t.reg(c);
  auto r = t.request(c, call_host, in(NativeForm::plain));
  auto completion = t.complete(t.call_host(h, r), {.thread = 0, .payload = Payload{20, 63}});
  const std::string text = t.answer(completion);
  t.reply(r, value(Value(cut ? std::string(text.c_str()) : text)));
  t.destroy(c);
  return t.trace();
}

const Value one(Map{{"a", 1}, {"b", Value{}}}), without_b(Map{{"a", 1}}), two(Map{{"a", 2}});

const bool registered = register_cases({
    {rule::NAT_1, "arguments that nobody touches later", pass, [] { return lent_and_left_alone(); }},
    {rule::NAT_1, "an argument is read when the call has returned", breach, [] { return crashed_at_its_arguments(true, true); }, true},
    {rule::NAT_1, "a request in CBOR is PAY-1's", not_exercised, [] { return crashed_at_its_arguments(false, true); }},
    {rule::NAT_1, "a crash during the call is no late one", not_exercised, [] { return crashed_at_its_arguments(true, false); }},
    {rule::PAY_1, "arguments of a native call are NAT-1's", not_exercised, [] { return crashed_at_its_arguments(true, true); }},

    {rule::NAT_2, "a struct as declared", pass, [] { return echoed(); }},
    {rule::NAT_2, "another length", breach, [] { return echoed(unreadable()); }},
    {rule::NAT_2, "an error is no struct", not_exercised, [] { return echoed(failed()); }},
    {rule::PAY_5, "a native reply is no CBOR", not_exercised, [] { return echoed(unreadable()); }},

    {rule::NAT_3, "replies that were released", pass, [] { return echoed(); }},
    {rule::NAT_3, "a crash after the callback of a native reply", breach, [] { return crashed_after(true); }, true},
    {rule::NAT_3, "a crash after that of another one", pass, [] { return crashed_after(true, true); }},
    {rule::NAT_3, "a crash after a reply in CBOR", not_exercised, [] { return crashed_after(false); }},

    {rule::NAT_4, "the reply that the interface file promises", pass, [] { return echoed(); }},
    {rule::NAT_4, "another reply", breach, [] { return echoed(wrong()); }},
    {rule::NAT_4, "an error where the file promises a reply", breach, [] { return echoed(failed()); }},
    {rule::NAT_4, "four answers alike, absent or null", pass, [] { return four({value(one), value(without_b), value(without_b), value(one)}); }},
    {rule::NAT_4, "the native ones are others", breach, [] { return four({value(one), value(two), value(two), value(one)}); }},
    {rule::NAT_4, "the native ones fail", breach, [] { return four({value(one), failed(), failed(), value(one)}); }},
    {rule::NAT_4, "both fail, each in its words", pass, [] { return four({failed(), {.code = ret_err, .text = "oh"}, {.code = ret_err, .text = "oh"}, failed()}); }},
    {rule::NAT_4, "answers that change from call to call", unknown, [] { return four({value(one), value(two), value(one), value(two)}); }},
    {rule::NAT_4, "no native request", not_exercised, [] { return crashed_after(false); }},
    {rule::REQ_16, "a native reply that nobody else asked for is NAT-4's", pass, [] { return echoed(wrong()); }},

    {rule::NAT_5, "NULL is answered as the empty text is", pass, [] { return four({value(one), value(one), value(one), value(one)}, NativeForm::nulls); }},
    {rule::NAT_5, "NULL is answered otherwise", breach, [] { return four({value(one), value(two), value(two), value(one)}, NativeForm::nulls); }},
    {rule::NAT_5, "NULL is looked at", breach, [] { return crashed_inside(NativeForm::nulls); }, true},
    {rule::NAT_5, "a crash of another form", not_exercised, [] { return crashed_inside(NativeForm::plain); }},

    {rule::NAT_6, "a NUL comes through", pass, [] { return answered_with_nul(false); }},
    {rule::NAT_6, "a text ends at its NUL", breach, [] { return answered_with_nul(true); }},
    {rule::NAT_6, "no text", not_exercised, [] { return echoed(); }},

    {rule::NAT_7, "a struct that lies well", pass, [] { return echoed(); }},
    {rule::NAT_7, "a struct at an odd address", breach, [] { return echoed({.marks = misaligned}); }},
    {rule::NAT_7, "another true is another answer", breach, [] { return four({value(one), value(two), value(two), value(one)}, NativeForm::bools); }},
    {rule::NAT_7, "no native reply", not_exercised, [] { return crashed_after(false); }},
});

}  // namespace
}  // namespace ffi_cts::rules
