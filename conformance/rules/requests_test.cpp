#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum Outcome;
using enum RoleName;

const bool registered = register_cases({
    {rule::REQ_1, "one answer is right", pass,
     [] {
       Recording t;
       auto c = t.create();
       t.reply(t.request(c, echo));
       t.destroy(c);
       return t.trace();
     }},
    {rule::REQ_1, "cancelled at destroy is answered", pass,
     [] {
       Recording t;
       auto c = t.create();
       auto r = t.request(c, delay);
       auto d = t.begin_destroy(c);
       t.reply(r, {.code = ret_err});
       t.leave(d);
       return t.trace();
     }},
    {rule::REQ_1, "two answers are one too many", breach,
     [] {
       Recording t;
       auto c = t.create();
       auto r = t.request(c, echo);
       t.reply(r);
       t.reply(r);
       t.destroy(c);
       return t.trace();
     }},
    {rule::REQ_1, "a second answer after destroy counts", breach,
     [] {
       Recording t;
       auto c = t.create();
       auto r = t.request(c, echo);
       t.reply(r);
       t.destroy(c);
       t.reply(r);
       return t.trace();
     }},
    {rule::REQ_1, "no answer, and nothing moved any more", breach,
     [] {
       Recording t;
       auto c = t.create();
       t.wait(t.request(c, echo), ObjectKind::request, true);
       t.destroy(c);
       return t.trace();
     }},
    {rule::REQ_1, "in flight at destroy is another rule's", pass,
     [] {
       Recording t;
       auto c = t.create();
       t.request(c, echo);
       t.destroy(c);
       return t.trace();
     }},
    {rule::REQ_1, "no answer to a proc without context by the end", breach,
     [] {
       Recording t;
       t.request_without_context(toy_version_proc);
       return t.trace();
     }},
    {rule::REQ_1, "no answer while destroy never succeeded", unknown,
     [] {
       Recording t;
       auto c = t.create();
       t.request(c, echo);
       t.destroy(c, {.result = ret_err});
       return t.trace();
     }},
    {rule::REQ_1, "a crash cut it off", unknown,
     [] {
       Recording t;
       t.request(t.create(), echo);
       t.crash();
       return t.trace();
     }},
    {rule::REQ_1, "refused requests are none", not_exercised,
     [] {
       Recording t;
       auto c = t.create();
       t.request(c, echo, {.result = ret_err});
       t.destroy(c);
       return t.trace();
     }},
    {rule::REQ_1, "what follows a call with a destroyed handle proves nothing", pass,
     [] {
       Recording t;
       auto c = t.create();
       t.destroy(c);
       t.request(c, echo);
       return t.trace();
     }},

    {rule::REQ_2, "RET_OK, RET_ERR and progress are the codes", pass,
     [] {
       Recording t;
       auto c = t.create();
       auto r = t.request(c, progress);
       t.progress(r);
       t.reply(r);
       t.reply(t.request(c, fail));
       return t.trace();
     }},
    {rule::REQ_2, "a reply with code 7", breach,
     [] {
       Recording t;
       auto c = t.create();
       t.reply(t.request(c, echo), {.code = 7});
       return t.trace();
     }},
    {rule::REQ_2, "a constructor with code 2", breach,
     [] {
       Recording t;
       t.construct(t.create_only(), {.code = 2});
       return t.trace();
     }},
    {rule::REQ_2, "no callback, no code", not_exercised,
     [] {
       Recording t;
       t.create_only();
       return t.trace();
     }},

    {rule::REQ_4, "userData as given", pass,
     [] {
       Recording t;
       auto c = t.create();
       t.reply(t.request(c, echo));
       return t.trace();
     }},
    {rule::REQ_4, "userData of another", breach,
     [] {
       Recording t;
       auto c = t.create();
       t.reply(t.request(c, echo), {.user_data = 0x1234});
       return t.trace();
     }},
    {rule::REQ_4, "no callback, no userData", not_exercised,
     [] {
       Recording t;
       t.create_only();
       return t.trace();
     }},

    {rule::REQ_6, "progress before the end", pass,
     [] {
       Recording t;
       auto c = t.create();
       auto r = t.request(c, progress);
       t.progress(r);
       t.progress(r);
       t.reply(r);
       t.destroy(c);
       return t.trace();
     }},
    {rule::REQ_6, "progress after the end", breach,
     [] {
       Recording t;
       auto c = t.create();
       auto r = t.request(c, progress);
       t.reply(r);
       t.progress(r);
       return t.trace();
     }},
    {rule::REQ_6, "progress taken for the end", breach,
     [] {
       Recording t;
       auto c = t.create();
       t.progress(t.request(c, progress));
       t.destroy(c);
       return t.trace();
     }},
    {rule::REQ_6, "progress and then a hang", unknown,
     [] {
       Recording t;
       t.progress(t.request(t.create(), progress));
       t.hang();
       return t.trace();
     }},
    {rule::REQ_6, "no progress", not_exercised,
     [] {
       Recording t;
       t.reply(t.request(t.create(), echo));
       return t.trace();
     }},

    {rule::REQ_17, "the handle as a CBOR text", pass,
     [] {
       Recording t;
       t.destroy(t.create());
       return t.trace();
     }},
    {rule::REQ_17, "the handle as plain text", pass,
     [] {
       Recording t;
       auto c = t.create_only();
       t.construct(c, {.text = std::to_string(t.handle(c))});
       return t.trace();
     }},
    {rule::REQ_17, "another handle", breach,
     [] {
       Recording t;
       t.construct(t.create_only(), {.value = Value("17")});
       return t.trace();
     }},
    {rule::REQ_17, "the handle in hexadecimal", breach,
     [] {
       Recording t;
       t.construct(t.create_only(), {.value = Value("0x10000")});
       return t.trace();
     }},
    {rule::REQ_17, "two callbacks of one constructor", breach,
     [] {
       Recording t;
       t.construct(t.create());
       return t.trace();
     }},
    {rule::REQ_17, "no callback by the time destroy returned", breach,
     [] {
       Recording t;
       t.destroy(t.create_only());
       return t.trace();
     }},
    {rule::REQ_17, "no callback yet", unknown,
     [] {
       Recording t;
       t.create_only();
       t.crash();
       return t.trace();
     }},
    {rule::REQ_17, "refused constructors call back inside", not_exercised,
     [] {
       Recording t;
       t.create_only(create, {.result = 0});
       return t.trace();
     }},
});

}  // namespace
}  // namespace ffi_cts::rules
