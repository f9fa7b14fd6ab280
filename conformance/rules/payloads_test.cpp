#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum Outcome;
using enum RoleName;

Trace one(RoleName role, Delivery delivery = {}, With with = {}) {
  Recording t;
  t.reply(t.request(t.create(), role, with), std::move(delivery));
  return t.trace();
}

// A listener of this name hears an event of the role's name.
Trace heard_under(NameKind name) {
  Recording t;
  auto c = t.create();
  auto l = t.listen(c, {.name = name});
  t.hear(l, t.request(c, emit));
  return t.trace();
}

// What the driver writes of a thread that had ended.
Trace submitter_gone(Delivery delivery) {
  Recording t;
  t.program.fresh_threads = true;
  auto c = t.create();
  auto r = t.request(c, echo, {.thread = 1});
  t.reply(r, std::move(delivery));
  t.destroy(c);
  return t.trace();
}

// The toy with a schema: its echo replies with a map, and whether it has a name is open.
Recording typed() {
  Recording t;
  t.know_types();
  t.interface.procs[0].returns_cddl = t.type("{ echoed: tstr }");
  return t;
}

Trace typed_reply(RoleName role, Delivery delivery = {}, With with = {}) {
  Recording t = typed();
  t.reply(t.request(t.create(), role, with), std::move(delivery));
  return t.trace();
}

// So much memory, in MiB, was used while nine hostile bytes were answered.
Trace hostile_memory(std::uint64_t mib) {
  Recording t;
  t.loading.emplace().resident = {10u << 20, (10 + mib) << 20};
  t.reply(t.request(t.create(), echo, {.misuse = Misuse::hostile}), {.code = ret_err});
  return t.trace();
}

const bool registered = register_cases({
    {rule::PAY_3, "bytes stay", pass, [] { return one(echo); }},
    {rule::PAY_3, "bytes change", breach, [] { return one(echo, {.changed = true}); }},
    {rule::PAY_3, "no callback left", not_exercised,
     [] {
       Recording t;
       t.enter_construct(t.create_only());
       t.crash();
       return t.trace();
     }},

    {rule::PAY_4, "pointers are not NULL", pass, [] { return one(echo); }},
    {rule::PAY_4, "NULL with length 0", breach,
     [] { return one(echo, {.code = ret_err, .text = "", .null_pointer = true}); }},
    {rule::PAY_4, "no callback", not_exercised, [] { return Recording().trace(); }},

    {rule::PAY_5, "one item", pass, [] { return one(echo); }},
    {rule::PAY_5, "a byte after the item", breach,
     [] {
       return one(echo, {.bytes = Bytes{0xa0, 0x00}});
     }},
    {rule::PAY_5, "an item cut short", breach,
     [] {
       return one(echo, {.bytes = Bytes{0x63, 'a'}});
     }},
    {rule::PAY_5, "no bytes at all", breach, [] { return one(echo, {.bytes = Bytes{}}); }},
    {rule::PAY_5, "what has no value, which is PAY-6's", not_exercised, [] { return one(empty, {.bytes = Bytes{}}); }},
    {rule::PAY_5, "not kept whole", unknown, [] { return one(echo, {.kept = 2}); }},
    {rule::PAY_5, "errors are text", not_exercised, [] { return one(fail); }},

    {rule::PAY_5, "of its type", pass, [] { return typed_reply(echo); }},
    {rule::PAY_5, "of its type and with a key more", pass,
     [] { return typed_reply(echo, {.value = Value(Map{{"echoed", "x"}, {"more", 1}})}); }},
    {rule::PAY_5, "a key is missing", breach, [] { return typed_reply(echo, {.value = Value(Map{{"name", "x"}})}); }},
    {rule::PAY_5, "bytes where a text is due", breach,
     [] { return typed_reply(echo, {.value = Value(Map{{"echoed", Bytes{1}}})}); }},
    {rule::PAY_5, "another type for a proc that no role plays", breach,
     [] { return typed_reply(echo, {.value = Value(3)}, {.misuse = Misuse::item, .proc = 0}); }},
    {rule::PAY_5, "a value where there is none", breach, [] { return typed_reply(emit, {.value = Value(3)}); }},
    {rule::PAY_5, "undefined where there is no value", breach, [] { return typed_reply(emit, {.bytes = Bytes{0xf7}}); }},
    {rule::PAY_5, "another type, not kept whole", unknown,
     [] { return typed_reply(echo, {.value = Value(Map{{"name", "x"}}), .kept = 2}); }},
    {rule::PAY_5, "another type that no schema knows of", pass, [] { return one(echo, {.value = Value(3)}); }},
    {rule::PAY_5, "the whole reply of another request, which is REQ-16's", pass,
     [] {
       Recording t = typed();
       auto c = t.create();
       auto r = t.request(c, echo);
       t.request(c, empty);
       t.reply(r, {.value = Value(Nil{})});
       return t.trace();
     }},

    {rule::PAY_6, "f6", pass, [] { return one(empty); }},
    {rule::PAY_6, "length 0", breach, [] { return one(empty, {.bytes = Bytes{}}); }},
    {rule::PAY_6, "an empty map", breach, [] { return one(empty, {.bytes = Bytes{0xa0}}); }},
    {rule::PAY_6, "a byte that was not kept", not_exercised, [] { return one(empty, {.kept = 0}); }},
    {rule::PAY_6, "a reply with a value", not_exercised, [] { return one(echo); }},

    {rule::PAY_7, "exactly the text", pass, [] { return one(fail); }},
    {rule::PAY_7, "the constructor's own text", pass,
     [] {
       Recording t;
       t.create(create_fail);
       return t.trace();
     }},
    {rule::PAY_7, "an empty text", breach, [] { return one(echo, {.code = ret_err, .text = ""}); }},
    {rule::PAY_7, "no UTF-8", breach, [] { return one(echo, {.code = ret_err, .text = "\xc3\x28"}); }},
    {rule::PAY_7, "a text wrapped in CBOR", breach,
     [] {
       Recording t;
       auto c = t.create();
       t.reply(t.request(c, fail));
       const std::string text(t.trace().requests[0].reply()->text());
       Recording u;
       u.reply(u.request(u.create(), fail), {.value = Value(text)});
       return u.trace();
     }},
    {rule::PAY_7, "the host's own bytes", not_exercised, [] { return one(call_host, {.code = ret_err, .text = ""}); }},
    {rule::PAY_7, "no error", not_exercised, [] { return one(echo); }},

    {rule::PAY_8, "64 KiB come back", pass,
     [] {
       return one(echo, {}, {.payload = Payload{65536, 1}});
     }},
    {rule::PAY_8, "more than a MiB gets RET_ERR", pass,
     [] {
       return one(echo, {.code = ret_err}, {.payload = Payload{2u << 20, 1}});
     }},
    {rule::PAY_8, "64 KiB come back shorter", breach,
     [] {
       const Value shorter = Map{{Value("echoed"), Value(std::string(100, 'x'))}};
       return one(echo, {.value = shorter}, {.payload = Payload{65536, 1}});
     }},
    {rule::PAY_8, "64 KiB are refused", breach,
     [] {
       Recording t;
       t.request(t.create(), echo, {.result = ret_err, .payload = Payload{65536, 1}});
       return t.trace();
     }},
    {rule::PAY_8, "64 KiB get RET_ERR", breach,
     [] {
       return one(echo, {.code = ret_err}, {.payload = Payload{65536, 1}});
     }},
    {rule::PAY_8, "not kept whole", unknown,
     [] {
       return one(echo, {.kept = 4}, {.payload = Payload{65536, 1}});
     }},
    {rule::PAY_8, "no echo", not_exercised, [] { return one(empty); }},

    {rule::PAY_10, "the right answer", pass, [] { return submitter_gone({}); }},
    {rule::PAY_10, "another answer", breach, [] { return submitter_gone({.value = Value(Map{})}); }},
    {rule::PAY_10, "RET_ERR", breach, [] { return submitter_gone({.code = ret_err}); }},
    {rule::PAY_10, "a crash while the answer is due", breach,
     [] {
       Recording t;
       t.program.fresh_threads = true;
       t.request(t.create(), echo, {.thread = 1});
       t.crash();
       return t.trace();
     },
     true},
    {rule::PAY_10, "threads that stay", not_exercised, [] { return one(echo); }},

    {rule::PAY_11, "refused", pass,
     [] {
       Recording t;
       auto c = t.create();
       t.request(c, echo, {.result = ret_err, .misuse = Misuse::null_payload});
       t.reply(t.request(c, echo, {.misuse = Misuse::empty_payload}), {.code = ret_err});
       return t.trace();
     }},
    {rule::PAY_11, "accepted", breach, [] { return one(echo, {.code = ret_err}, {.misuse = Misuse::null_payload}); }},
    {rule::PAY_11, "a context made of it", breach,
     [] {
       Recording t;
       t.create(create, {.misuse = Misuse::null_payload});
       return t.trace();
     }},
    {rule::PAY_11, "it crashes", breach,
     [] {
       Recording t;
       t.begin_request(t.create(), echo, {.misuse = Misuse::null_payload});
       t.crash();
       return t.trace();
     },
     true},
    {rule::PAY_11, "payloads with an address", not_exercised, [] { return one(echo); }},

    {rule::PAY_12, "refused or answered", pass,
     [] {
       Recording t;
       auto c = t.create();
       t.request(c, echo, {.result = ret_err, .misuse = Misuse::hostile});
       t.reply(t.request(c, echo, {.misuse = Misuse::hostile}), {.code = ret_err});
       return t.trace();
     }},
    {rule::PAY_12, "no answer", breach,
     [] {
       Recording t;
       auto c = t.create();
       t.request(c, echo, {.misuse = Misuse::hostile});
       t.destroy(c);
       return t.trace();
     }},
    {rule::PAY_12, "it crashes inside the call", breach,
     [] {
       Recording t;
       t.begin_request(t.create(), echo, {.misuse = Misuse::hostile});
       t.crash();
       return t.trace();
     },
     true},
    {rule::PAY_12, "the loop crashes on it", breach,
     [] {
       Recording t;
       t.request(t.create(), echo, {.misuse = Misuse::hostile});
       t.crash();
       return t.trace();
     },
     true},
    {rule::PAY_12, "the call takes six seconds", breach,
     [] {
       Recording t;
       auto r = t.begin_request(t.create(), echo, {.misuse = Misuse::hostile});
       t.advance_ms(6000);
       t.leave(r, ret_err);
       return t.trace();
     },
     false, true},
    {rule::PAY_12, "cut off", unknown,
     [] {
       Recording t;
       auto c = t.create();
       t.request(c, echo, {.misuse = Misuse::hostile});
       t.begin_destroy(c);
       t.hang();
       return t.trace();
     }},
    {rule::PAY_12, "in little memory", pass, [] { return hostile_memory(3); }},
    {rule::PAY_12, "in memory that a library may have kept for its first request", pass, [] { return hostile_memory(30); }},
    {rule::PAY_12, "in far more memory than was sent", breach, [] { return hostile_memory(60); }},
    {rule::PAY_12, "in the memory of a large request beside it", pass,
     [] {
       Recording t;
       t.loading.emplace().resident = {10u << 20, 70u << 20};
       auto c = t.create();
       t.reply(t.request(c, echo, {.misuse = Misuse::hostile}), {.code = ret_err});
       t.reply(t.request(c, echo, {.payload = Payload{1u << 20, 1}}));
       return t.trace();
     }},
    {rule::PAY_12, "friendly bytes", not_exercised, [] { return one(echo); }},

    {rule::PAY_13, "refused or silent", pass,
     [] {
       Recording t;
       auto c = t.create();
       t.listen(c, {.result = 0, .name = NameKind::huge});
       t.listen(c, {.name = NameKind::not_utf8});
       t.listen(c, {.name = NameKind::prefix});
       t.reply(t.request(c, emit));
       return t.trace();
     }},
    {rule::PAY_13, "a prefix hears", breach, [] { return heard_under(NameKind::prefix); }},
    {rule::PAY_13, "a huge name hears", breach, [] { return heard_under(NameKind::huge); }},
    {rule::PAY_13, "it crashes on a huge name", breach,
     [] {
       Recording t;
       t.begin_listen(t.create(), {.name = NameKind::huge});
       t.crash();
       return t.trace();
     },
     true},
    {rule::PAY_13, "it crashes in the first call of a thread", not_exercised,
     [] {
       Recording t;
       t.begin_listen(t.create(), {.thread = 1, .name = NameKind::huge, .first = first_of_thread});
       t.crash();
       return t.trace();
     }},
    {rule::PAY_13, "a host function is called by a prefix", breach,
     [] {
       Recording t;
       auto c = t.create();
       auto h = t.reg(c, {.name = NameKind::prefix});
       t.call_host(h, t.request(c, call_host));
       return t.trace();
     }},
    {rule::PAY_13, "it crashes on a host function's huge name", breach,
     [] {
       Recording t;
       t.begin_reg(t.create(), {.name = NameKind::huge});
       t.crash();
       return t.trace();
     },
     true},
    {rule::PAY_13, "no names", not_exercised,
     [] {
       Recording t;
       t.create();
       return t.trace();
     }},
    {rule::PAY_13, "the very name", pass, [] { return heard_under(NameKind::event); }},
});

}  // namespace
}  // namespace ffi_cts::rules
