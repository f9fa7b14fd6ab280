// THR-7 and THR-8 on hand-written traces: what a sanitizer reported, and of whom.
#include <csignal>

#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum Outcome;
using enum RoleName;

SanitizerReport report_of(const std::string& kind, const std::string& module) {
  return {.tool = "ASanitizer", .kind = kind, .address = 0x10, .parts = {{"Write of size 4", {{"memcpy", "", "libc.so.6"}, {"f", "f.c:1", module}}}}};
}

// A request while a sanitizer watches; where one is given, its report ends the process.
Trace watched(Sanitizer by, const SanitizerReport* report = nullptr) {
  Recording t;
  t.watch(by, "libfoo.so");
  auto c = t.create();
  if (report) {
    t.begin_request(c, echo);
    t.report(*report);
    return t.trace();
  }
  t.reply(t.request(c, echo));
  t.destroy(c);
  return t.trace();
}

const SanitizerReport race = report_of("data race", "libfoo.so"), of_host = report_of("data race", "ffi-cts-worker-tsan"),
                      late_read = report_of("heap-use-after-free", "libfoo.so");

const bool registered = register_cases({
    {rule::THR_7, "nothing was reported", pass, [] { return watched(Sanitizer::thread); }},
    {rule::THR_7, "a race in the library", breach, [] { return watched(Sanitizer::thread, &race); }, true},
    {rule::THR_7, "a race that names no code of the library", unknown, [] { return watched(Sanitizer::thread, &of_host); }},
    {rule::THR_7, "nobody watched", not_exercised, [] { return watched(Sanitizer::none); }},
    {rule::THR_7, "the other sanitizer watched", not_exercised, [] { return watched(Sanitizer::address, &late_read); }},
    {rule::THR_8, "nothing was reported", pass, [] { return watched(Sanitizer::address); }},
    {rule::THR_8, "freed memory is read", breach, [] { return watched(Sanitizer::address, &late_read); }, true},
    {rule::THR_8, "freed memory is read by the host alone", unknown, [] { return watched(Sanitizer::address, &of_host); }},
    {rule::THR_8, "after the host had used a destroyed handle", unknown,
     [] {
       Recording t;
       t.watch(Sanitizer::address, "libfoo.so");
       auto c = t.create();
       t.destroy(c);
       t.begin_request(c, echo);
       t.report(late_read);
       return t.trace();
     }},
    {rule::THR_8, "nobody watched", not_exercised, [] { return watched(Sanitizer::none); }},
    // The process ended during a request, which is nobody else's.
    {rule::REQ_22, "a sanitizer ended the process", not_exercised, [] { return watched(Sanitizer::address, &late_read); }},
});

}  // namespace
}  // namespace ffi_cts::rules
