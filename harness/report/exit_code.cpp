#include "harness/report/report.hpp"

namespace ffi_cts {

Shown shown(const RuleResult& rule) {
  switch (rule.status) {
    case Status::pass:
      return Shown::pass;
    case Status::fail:
      return rule.rule.rule().level == spec::Level::must ? Shown::fail : Shown::warn;
    case Status::not_exercised:
      return Shown::not_exercised;
    case Status::not_applicable:
      return Shown::not_applicable;
    case Status::unknown:
      break;
  }
  return Shown::unknown;
}

const char* to_string(Shown shown) {
  constexpr const char* words[shown_count] = {"pass", "fail", "warn", "not exercised", "not applicable", "unknown"};
  return words[static_cast<int>(shown)];
}

int exit_code(const Result& result, bool strict) {
  bool open = false;
  for (const RuleResult& rule : result.rules) {
    Shown verdict = shown(rule);
    if (verdict == Shown::fail || (strict && verdict == Shown::warn)) return 1;
    open = open || verdict == Shown::unknown || (verdict == Shown::not_exercised && result.stopped.empty());
  }
  return open ? 3 : 0;
}

}  // namespace ffi_cts
