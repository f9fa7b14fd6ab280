#include "harness/report/json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/program/text.hpp"
#include "harness/report/report.hpp"

namespace ffi_cts {
namespace {

using Json = nlohmann::ordered_json;

std::string message(const RuleResult& rule) {
  if (rule.breach) {
    const Verdict& verdict = rule.breach->example.sighting.verdict;
    return fmt::format("expected: {}; seen: {}", verdict.expected, verdict.seen);
  }
  if (rule.follows_from) return fmt::format("follows from {}", rule.follows_from->id());
  return rule.note;
}

Json rule_object(const RuleResult& rule) {
  Json out = {{"id", rule.rule.id()},
              {"level", spec::to_string(rule.rule.rule().level)},
              {"verdict", to_string(shown(rule))},
              {"exercised", rule.exercised},
              {"message", message(rule)},
              {"case", nullptr}};
  if (rule.breach) {
    if (!rule.breach->case_file.empty()) out["case"] = rule.breach->case_file;
    out["steps"] = count_steps(rule.breach->example.program);
    out["program"] = to_text(rule.breach->example.program);
  } else if (rule.follows_from) {
    out["follows_from"] = rule.follows_from->id();
  }
  return out;
}

}  // namespace

std::string to_json(const Result& result) {
  Json rules = Json::array();
  for (const RuleResult& rule : result.rules) rules.push_back(rule_object(rule));
  double rate = result.seconds > 0 ? static_cast<double>(result.cases) / result.seconds : 0;
  Json out = {{"library", result.library},
              {"seed", result.seed},
              {"cases", result.cases},
              {"cases_per_second", rate},
              {"rules", std::move(rules)}};
  // What a library said may be no UTF-8.
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ffi_cts
