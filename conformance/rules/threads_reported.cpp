// THR-7 and THR-8: what a sanitizer saw while the library ran.
#include <algorithm>

#include "conformance/rules/threads.hpp"

namespace ffi_cts::rules {
namespace {

// "Write of size 4 by thread T2, in foo_echo_cbor src/foo.c:17": the first frame of the library's own, if it says so.
std::string words_of(const SanitizerReport& report, const std::string& library) {
  std::string out = report.kind;
  for (const SanitizerReport::Part& part : report.parts) {
    const auto own = std::ranges::find(part.frames, library, &SanitizerReport::Frame::module);
    if (own == part.frames.end()) continue;
    return out + ": " + part.title + ", in " + (own->function.empty() ? library : own->function) +
           (own->place.empty() ? "" : " (" + own->place + ")");
  }
  return out;
}

// A report is the library's breach where one of its accesses leads through the library: the host's own code is built with
// the sanitizer, too.
Verdict nothing_reported(const Trace& trace, Sanitizer by, std::string expected) {
  if (trace.watched_by != by) return exercised_if(false);
  const Ending& ending = trace.ending;
  if (ending.kind != EndKind::reported || !ending.report)
    return exercised_if(std::ranges::any_of(trace.calls, [](const Call& call) { return call.finished(); }));
  if (!ending.report->names(trace.library))
    return undecidable(ending.report->tool + " reported a " + ending.report->kind + " that names no code of the library");
  const auto running = trace.running_calls();
  const Stamp last = running.empty() ? trace.end : running.back()->entered;
  return breach_by_ending(std::move(expected), words_of(*ending.report, trace.library), {last});
}

}  // namespace

// THR-7: no program that keeps the host's obligations makes the library race on data.
Verdict nothing_races(const Trace& trace) {
  return nothing_reported(trace, Sanitizer::thread, "the library orders what its threads share");
}

// THR-8: no program that keeps the host's obligations makes the library access memory wrongly or do what C leaves undefined.
Verdict memory_is_used_rightly(const Trace& trace) {
  return nothing_reported(trace, Sanitizer::address, "the library uses memory as it may");
}

}  // namespace ffi_cts::rules
