// Judges of borrowed bytes on hand-written traces: PAY-1, PAY-2, PAY-13, HST-13.
#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum Outcome;
using enum RoleName;

constexpr std::uint64_t place = 0x7000'0000, size = 64;

// The latest call of that export had its bytes in `place`, and the program crashed at the fourth of them.
Trace crashed_at_its_bytes(Recording t, Export which, bool write = false) {
  t.crash();
  Trace trace = t.trace();
  trace.ending.fault_address = place + 4;
  trace.ending.fault_write = write;
  for (auto call = trace.calls.rbegin(); call != trace.calls.rend(); ++call) {
    if (call->export_ != which) continue;
    call->pointer = place;
    call->size = size;
    call->guarded = true;
    break;
  }
  return trace;
}

Recording answered_echo() {
  Recording t;
  t.reply(t.request(t.create(), echo));
  return t;
}

Recording echo_under_way() {
  Recording t;
  t.begin_request(t.create(), echo);
  return t;
}

Recording completed() {
  Recording t;
  auto c = t.create();
  auto h = t.reg(c);
  t.complete(t.call_host(h, t.request(c, call_host)), {.thread = 0});
  return t;
}

Trace lent_and_left_alone(Recording t) {
  Trace trace = t.trace();
  for (Call& call : trace.calls) {
    call.pointer = place;
    call.size = size;
    call.guarded = true;
  }
  return trace;
}

const bool registered = register_cases({
    {rule::PAY_1, "bytes that nobody touches", pass, [] { return lent_and_left_alone(answered_echo()); }},
    {rule::PAY_1, "a request is read when its submission has returned", breach,
     [] { return crashed_at_its_bytes(answered_echo(), Export::request); }, true},
    {rule::PAY_1, "a constructor's request is read when create has returned", breach,
     [] { return crashed_at_its_bytes(answered_echo(), Export::create); }, true},
    {rule::PAY_1, "a crash during the submission is no late one", not_exercised,
     [] { return crashed_at_its_bytes(echo_under_way(), Export::request); }},
    {rule::PAY_1, "a crash right behind its bytes", pass,
     [] {
       Trace trace = crashed_at_its_bytes(answered_echo(), Export::request);
       trace.ending.fault_address = place + size;
       return trace;
     }},
    {rule::PAY_1, "a vector is read that begins before the bytes", breach,
     [] {
       Trace trace = crashed_at_its_bytes(answered_echo(), Export::request);
       for (Call& call : trace.calls)
         if (call.guarded) call.pointer += 48, call.size -= 48;
       trace.ending.fault_address = place + 32;
       return trace;
     },
     true},
    {rule::PAY_1, "no bytes", not_exercised, [] { return Recording().trace(); }},

    {rule::PAY_2, "bytes that are read", pass, [] { return lent_and_left_alone(answered_echo()); }},
    {rule::PAY_2, "a request is written to while it is submitted", breach,
     [] { return crashed_at_its_bytes(echo_under_way(), Export::request, true); }, true},
    {rule::PAY_2, "a request is written to later, which is PAY-1's", pass,
     [] { return crashed_at_its_bytes(answered_echo(), Export::request, true); }},

    {rule::PAY_2, "no bytes", not_exercised, [] { return Recording().trace(); }},

    {rule::HST_13, "a completion that is left alone", pass, [] { return lent_and_left_alone(completed()); }},
    {rule::HST_13, "a completion is read when host_complete has returned", breach,
     [] { return crashed_at_its_bytes(completed(), Export::host_complete); }, true},
    {rule::HST_13, "no completion", not_exercised, [] { return answered_echo().trace(); }},

    {rule::PAY_13, "a name is read when the call has returned", breach,
     [] {
       Recording t;
       t.listen(t.create());
       return crashed_at_its_bytes(std::move(t), Export::add_listener);
     },
     true},
    {rule::REQ_22, "a crash in borrowed bytes is their rule's alone", not_exercised,
     [] { return crashed_at_its_bytes(answered_echo(), Export::request); }},
});

}  // namespace
}  // namespace ffi_cts::rules
