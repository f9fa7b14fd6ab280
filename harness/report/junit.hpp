// A run's result for CI: JUnit XML, valid by the schema of Ant's JUnit task and by that of Jenkins's xUnit plugin.
#pragma once

#include <string>
#include <string_view>

#include "harness/engine/result.hpp"

namespace ffi_cts {

// When and where it ran: "2026-03-01T12:00:00" (UTC, as the schema wants it without a zone), the host's name.
struct JunitStamp {
  std::string timestamp, host;
};
JunitStamp junit_stamp();

// A testsuite for each chapter, a testcase for each rule: classname is the library, name the rule's id and sentence.
//   failure  broken (a SHOULD only when `strict`), with all that the report says; or its expectation does not hold
//   error    unknown, or not exercised in a run that was stopped; a suite "run" says then that it was stopped
//   skipped  not applicable, not exercised, unknown where a failure is expected
// A rule that is broken as expected, and a SHOULD where `strict` is not set, count as passed: what is known of their
// breaches is in the suite's system-out, and their ids among its properties. All rules see every program, so each that
// was judged is given the same share of the run's time, and to this what looking closer at its breaches took.
std::string to_junit(const Result& result, bool strict, const JunitStamp& stamp);

// The text without what XML 1.0 cannot hold, not even escaped: U+FFFD stands for each control character, noncharacter
// and byte that is no UTF-8.
std::string xml_text(std::string_view text);

}  // namespace ffi_cts
