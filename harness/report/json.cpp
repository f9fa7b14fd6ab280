#include "harness/report/json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/program/text.hpp"
#include "harness/report/cells.hpp"
#include "harness/report/expect.hpp"
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

// What a sanitizer reported: each access with its frames.
Json report_object(const SanitizerReport& report) {
  Json parts = Json::array();
  for (const SanitizerReport::Part& part : report.parts) {
    Json frames = Json::array();
    for (const auto& frame : part.frames) frames.push_back({{"function", frame.function}, {"place", frame.place}, {"module", frame.module}});
    parts.push_back({{"title", part.title}, {"frames", std::move(frames)}});
  }
  return {{"tool", report.tool}, {"kind", report.kind}, {"address", report.address}, {"parts", std::move(parts)}};
}

Json rule_object(const RuleResult& rule) {
  Json out = {{"id", rule.rule.id()},
              {"level", spec::to_string(rule.rule.rule().level)},
              {"verdict", to_string(shown(rule))},
              {"exercised", rule.exercised},
              {"judged_s", rule.judged_s},
              {"message", message(rule)},
              {"case", nullptr}};
  if (rule.breach) {
    if (!rule.breach->case_file.empty()) out["case"] = rule.breach->case_file;
    const auto& told = rule.breach->told;
    out["steps"] = told ? told->steps : count_steps(rule.breach->example.program);
    out["program"] = told ? told->text : to_text(rule.breach->example.program);
    const auto& trace = rule.breach->example.sighting.trace;
    if (trace && trace->ending.report) out["report"] = report_object(*trace->ending.report);
  } else if (rule.follows_from) {
    out["follows_from"] = rule.follows_from->id();
  }
  return out;
}

Json expectation_object(const Expectation& entry, const Result& result) {
  auto text_or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  return {{"rule", entry.rule.id()},
          {"outcome", to_string(entry.outcome)},
          {"holds", !fails_the_run(entry) && entry.outcome != Expectation::Outcome::other_failure},
          {"message", text_or_null(entry.message)},
          {"reason", entry.reason},
          {"link", text_or_null(entry.link)},
          {"until", text_or_null(entry.until)},
          {"file", entry.file},
          {"line", entry.line},
          {"complaint", text_or_null(complaint(entry, result))}};
}

Json cell_object(const CoverageCell& cell) {
  return {{"call", to_string(cell.kind)},
          {"inside", to_string(cell.place)},
          {"thread", to_string(cell.thread)},
          {"state", to_string(cell.state)}};
}

Json coverage_object(const Result& result) {
  Json cells = Json::array(), missing = Json::array();
  for_each_cell([&](const CoverageCell& cell) {
    std::uint64_t count = result.coverage[cell];
    if (count == 0) return;
    Json object = cell_object(cell);
    object["count"] = count;
    cells.push_back(std::move(object));
  });
  for (const CoverageCell& cell : unreached(result.coverage, result.goals)) missing.push_back(cell_object(cell));
  return {{"goals", result.goals.size()}, {"unreached", std::move(missing)}, {"cells", std::move(cells)}};
}

Json self_check_object(const Result& result) {
  Json rules = Json::array();
  for (spec::RuleId rule : never_exercised(result)) rules.push_back(rule.id());
  return {{"full_run", result.full}, {"never_exercised", std::move(rules)}, {"gaps", gaps(result).size()}, {"denied", result.denied}};
}

Json table_cells(const Result& result) {
  Json out = Json::array();
  for (const CellResult& cell : result.cells) {
    Json broken = Json::array();
    for (spec::RuleId rule : confirmed(cell, result)) broken.push_back(rule.id());
    const Cell& place = cell.scenario->cell;
    out.push_back({{"table", place.table}, {"row", place.row}, {"column", place.column}, {"state", to_string(state_of(cell, result))},
                   {"broken", std::move(broken)}});
  }
  return out;
}

}  // namespace

std::string to_json(const Result& result) {
  Json rules = Json::array();
  for (const RuleResult& rule : result.rules) rules.push_back(rule_object(rule));
  double rate = result.seconds > 0 ? static_cast<double>(result.cases) / result.seconds : 0;
  Json out = {{"library", result.library},
              {"worker", result.worker},
              {"seed", result.seed},
              {"cases", result.cases},
              {"cases_per_second", rate},
              {"rules", std::move(rules)},
              {"stopped", result.stopped.empty() ? Json(nullptr) : Json(result.stopped)},
              {"left_out", result.avoided},
              {"expectations", Json::array()},
              {"self_check", self_check_object(result)},
              {"coverage", coverage_object(result)},
              {"tables", table_cells(result)}};
  for (const Expectation& entry : result.expectations) out["expectations"].push_back(expectation_object(entry, result));
  // What a library said may be no UTF-8.
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ffi_cts
