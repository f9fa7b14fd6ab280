#include <algorithm>

#include "conformance/rules/common.hpp"

namespace ffi_cts::rules {

std::span<const Judge> all() {
  static const std::vector<Judge> judges = [] {
    std::vector<Judge> out;
    for (const auto chapter : {loading(), requests(), payloads(), native_calls(), events(), host_calls(), threads(), teardown()})
      out.insert(out.end(), chapter.begin(), chapter.end());
    return out;
  }();
  return judges;
}

Verdict judge(spec::RuleId rule, const Trace& trace) {
  const auto judges = all();
  const auto found = std::find_if(judges.begin(), judges.end(), [&](const Judge& each) { return each.rule == rule; });
  return found == judges.end() ? undecidable("no judge") : found->judge(trace);
}

}  // namespace ffi_cts::rules
