#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum Outcome;
using enum RoleName;

// A context that has served one echo.
Recording::ContextId serving(Recording& t) {
  auto c = t.create();
  t.reply(t.request(c, echo));
  return c;
}

const bool registered = register_cases({
    {rule::REQ_3, "refused with its own code", pass,
     [] {
       Recording t;
       auto c = t.create();
       t.request(c, emit, {.result = ret_missing_callback, .misuse = Misuse::null_callback});
       t.create_only(create, {.result = 0, .misuse = Misuse::null_callback});
       return t.trace();
     }},
    {rule::REQ_3, "any code for a closing context", pass,
     [] {
       Recording t;
       auto c = t.create();
       auto d = t.begin_destroy(c, {.thread = 1});
       t.request(c, emit, {.result = ret_err, .misuse = Misuse::null_callback});
       t.leave(d);
       return t.trace();
     }},
    {rule::REQ_3, "another code", breach,
     [] {
       Recording t;
       t.request(t.create(), echo, {.result = ret_err, .misuse = Misuse::null_callback});
       return t.trace();
     }},
    {rule::REQ_3, "accepted", breach,
     [] {
       Recording t;
       t.request(t.create(), echo, {.misuse = Misuse::null_callback});
       return t.trace();
     }},
    {rule::REQ_3, "constructed", breach,
     [] {
       Recording t;
       t.create_only(create, {.misuse = Misuse::null_callback});
       return t.trace();
     }},
    {rule::REQ_3, "refused, but its event is heard", breach,
     [] {
       Recording t;
       auto c = t.create();
       auto l = t.listen(c);
       auto r = t.request(c, emit, {.result = ret_missing_callback, .misuse = Misuse::null_callback});
       t.hear(l, r);
       auto trace = t.trace();
       auto& request = trace.requests.front();  // as the index says of a well-formed one
       request.identifiable = true;
       request.event = "tick";
       request.event_payload = *trace.callbacks.back().value->find("payload");
       return trace;
     }},
    {rule::REQ_3, "it crashes inside the call", breach,
     [] {
       Recording t;
       t.begin_request(t.create(), echo, {.misuse = Misuse::null_callback});
       t.crash();
       return t.trace();
     },
     true},
    {rule::REQ_3, "callbacks given", not_exercised,
     [] {
       Recording t;
       t.request(t.create(), echo);
       return t.trace();
     }},

    {rule::REQ_5, "refused with one callback inside, or with none", pass,
     [] {
       Recording t;
       auto c = t.create();
       t.request(c, echo, {.result = ret_err});
       t.request(c, echo, {.result = ret_err, .refusals = 0});
       return t.trace();
     }},
    {rule::REQ_5, "a callback later", breach,
     [] {
       Recording t;
       t.reply(t.request(t.create(), echo, {.result = ret_err, .refusals = 0}), {.code = ret_err});
       return t.trace();
     }},
    {rule::REQ_5, "two callbacks", breach,
     [] {
       Recording t;
       t.request(t.create(), echo, {.result = ret_err, .refusals = 2});
       return t.trace();
     }},
    {rule::REQ_5, "RET_OK inside", breach,
     [] {
       Recording t;
       auto r = t.begin_request(t.create(), echo);
       t.refuse_inline(r, {.code = ret_ok});
       t.leave(r, ret_err);
       return t.trace();
     }},
    {rule::REQ_5, "a constructor calls back later", breach,
     [] {
       Recording t;
       t.construct(t.create_only(create, {.result = 0, .refusals = 0}), {.code = ret_err});
       return t.trace();
     }},
    {rule::REQ_5, "nothing refused", not_exercised,
     [] {
       Recording t;
       t.request(t.create(), echo);
       return t.trace();
     }},

    {rule::REQ_18, "one callback inside", pass,
     [] {
       Recording t;
       t.request(t.create(), echo, {.result = ret_err});
       return t.trace();
     }},
    {rule::REQ_18, "a silent refusal", breach,
     [] {
       Recording t;
       t.request(t.create(), echo, {.result = ret_err, .refusals = 0});
       return t.trace();
     }},
    {rule::REQ_18, "a NULL callback cannot be called", not_exercised,
     [] {
       Recording t;
       t.request(t.create(), echo, {.result = ret_missing_callback, .misuse = Misuse::null_callback});
       return t.trace();
     }},

    {rule::REQ_8, "malformed is refused or gets RET_ERR, and the context works on", pass,
     [] {
       Recording t;
       auto c = serving(t);
       t.request(c, echo, {.result = ret_err, .misuse = Misuse::malformed});
       t.reply(t.request(c, echo, {.misuse = Misuse::malformed}), {.code = ret_err});
       t.reply(t.request(c, echo, {.misuse = Misuse::lenient}));
       t.reply(t.request(c, echo));
       t.destroy(c);
       return t.trace();
     }},
    {rule::REQ_8, "what is nearly right may be answered either way", pass,
     [] {
       Recording t;
       auto c = serving(t);
       t.reply(t.request(c, echo, {.misuse = Misuse::near_miss}), {.code = ret_ok});
       t.reply(t.request(c, echo, {.misuse = Misuse::near_miss}), {.code = ret_err});
       return t.trace();
     }},
    {rule::REQ_8, "what is nearly right gets two answers", breach,
     [] {
       Recording t;
       auto r = t.request(serving(t), echo, {.misuse = Misuse::near_miss});
       t.reply(r);
       t.reply(r);
       return t.trace();
     }},
    {rule::REQ_8, "malformed gets RET_OK", breach,
     [] {
       Recording t;
       t.reply(t.request(t.create(), echo, {.misuse = Misuse::malformed}), {.code = ret_ok});
       return t.trace();
     }},
    {rule::REQ_8, "malformed gets no answer", breach,
     [] {
       Recording t;
       auto c = t.create();
       t.request(c, echo, {.misuse = Misuse::malformed});
       t.destroy(c);
       return t.trace();
     }},
    {rule::REQ_8, "the context is dead afterwards", breach,
     [] {
       Recording t;
       auto c = serving(t);
       t.request(c, echo, {.result = ret_err, .misuse = Misuse::malformed});
       t.reply(t.request(c, echo), {.code = ret_err});
       return t.trace();
     }},
    {rule::REQ_8, "the context refuses afterwards", breach,
     [] {
       Recording t;
       auto c = serving(t);
       t.request(c, echo, {.result = ret_err, .misuse = Misuse::malformed});
       t.request(c, echo, {.result = ret_err});
       return t.trace();
     }},
    {rule::REQ_8, "a destroy may cancel what comes afterwards", pass,
     [] {
       Recording t;
       auto c = serving(t);
       t.request(c, echo, {.result = ret_err, .misuse = Misuse::malformed});
       auto r = t.request(c, echo);
       auto d = t.begin_destroy(c);
       t.reply(r, {.code = ret_err});
       t.leave(d);
       return t.trace();
     }},
    {rule::REQ_8, "it hangs on malformed bytes", breach,
     [] {
       Recording t;
       t.begin_request(t.create(), echo, {.misuse = Misuse::malformed});
       t.hang();
       return t.trace();
     },
     true},
    {rule::REQ_8, "cut off before its answer", unknown,
     [] {
       Recording t;
       t.request(t.create(), echo, {.misuse = Misuse::malformed});
       t.crash();
       return t.trace();
     }},
    {rule::REQ_8, "all requests are well formed", not_exercised,
     [] {
       Recording t;
       serving(t);
       return t.trace();
     }},

    {rule::REQ_9, "refused with one callback inside, and later ones work", pass,
     [] {
       Recording t;
       t.create_only(create, {.result = 0, .misuse = Misuse::malformed});
       t.destroy(t.create());
       return t.trace();
     }},
    {rule::REQ_9, "refused silently", breach,
     [] {
       Recording t;
       t.create_only(create, {.result = 0, .refusals = 0});
       return t.trace();
     }},
    {rule::REQ_9, "calls back after it returned", breach,
     [] {
       Recording t;
       t.construct(t.create_only(create, {.result = 0, .refusals = 0}), {.code = ret_err});
       return t.trace();
     }},
    {rule::REQ_9, "places run out", breach,
     [] {
       Recording t;
       for (int i = 0; i < 32; ++i) t.create_only(create, {.result = 0, .misuse = Misuse::malformed});
       t.create_only(create, {.result = 0});
       return t.trace();
     }},
    {rule::REQ_9, "a full library may refuse", pass,
     [] {
       Recording t;
       t.create();
       t.create_only(create, {.result = 0, .misuse = Misuse::malformed});
       t.create_only(create, {.result = 0});
       return t.trace();
     }},
    {rule::REQ_9, "nothing refused", not_exercised,
     [] {
       Recording t;
       t.create();
       return t.trace();
     }},
});

}  // namespace
}  // namespace ffi_cts::rules
