#include "harness/report/report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "harness/report/expect.hpp"
#include "harness/report/failure.hpp"
#include "harness/report/layout.hpp"

namespace ffi_cts {
namespace {

constexpr std::size_t width = 96;

using Counts = std::array<std::size_t, shown_count>;
constexpr std::array all_shown{Shown::pass,          Shown::as_expected,    Shown::fail,   Shown::warn,
                               Shown::not_exercised, Shown::not_applicable, Shown::unknown};

Counts counts_of(const Result& result) {
  Counts counts{};
  for (const RuleResult& rule : result.rules) ++counts[static_cast<std::size_t>(shown(rule))];
  return counts;
}

std::string head(const Result& result) {
  std::string out = fmt::format("{} ({})  seed {}  {} in {:.1f} s", result.library, result.interface_file, result.seed,
                                counted(result.cases, "case"), result.seconds);
  if (result.seconds > 0) out += fmt::format(" ({:.0f}/s)", static_cast<double>(result.cases) / result.seconds);
  if (result.worker != "plain") out += fmt::format("  worker {}", result.worker);
  if (result.lost_workers) out += fmt::format("  {} lost", counted(result.lost_workers, "worker"));
  return out + '\n';
}

std::string failures(const Result& result, const ReportStyle& style) {
  std::string own, following;
  for (const RuleResult* rule : failures_in_order(result)) {
    if (rule->as_expected) continue;
    std::string block = failure_block(*rule, result.library, style.color);
    if (rule->breach)
      own += (own.empty() ? "" : "\n") + block;
    else
      following += block;
  }
  return own + (own.empty() || following.empty() ? "" : "\n") + following;
}

std::string table(const Result& result) {
  std::map<int, std::pair<std::string, Counts>> chapters;
  for (const RuleResult& rule : result.rules) {
    const spec::Rule& spec = rule.rule.rule();
    auto& [title, counts] = chapters[spec.chapter_number];
    title = fmt::format("{} {}", spec.chapter, spec.chapter_title);
    ++counts[static_cast<std::size_t>(shown(rule))];
  }
  std::vector<Shown> columns;
  Counts counts = counts_of(result);
  for (Shown column : all_shown)
    if (column != Shown::as_expected || counts[static_cast<std::size_t>(column)]) columns.push_back(column);
  std::string out = fmt::format("{:<22}", "chapter");
  for (Shown column : columns) out += fmt::format("  {:>4}", to_string(column));
  out += '\n';
  for (const auto& [number, chapter] : chapters) {
    out += fmt::format("{:<22}", chapter.first);
    for (Shown column : columns) {
      std::string_view name = to_string(column);
      std::size_t n = chapter.second[static_cast<std::size_t>(column)];
      out += fmt::format("  {:>{}}", n ? fmt::format("{}", n) : "-", std::max<std::size_t>(4, name.size()));
    }
    out += '\n';
  }
  return out;
}

// The ids of the rules shown so, those with the same note together.
std::string listed(const Result& result, Shown wanted) {
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (const RuleResult& rule : result.rules) {
    if (shown(rule) != wanted) continue;
    auto group = std::find_if(groups.begin(), groups.end(), [&](auto& g) { return g.first == rule.note; });
    if (group == groups.end()) group = groups.insert(groups.end(), {rule.note, {}});
    group->second.emplace_back(rule.rule.id());
  }
  std::string out;
  for (auto& [note, ids] : groups) {
    if (!note.empty()) ids.back() += fmt::format(": {}", printable(note));
    for (const std::string& line : wrapped(ids, ", ", width))
      out += fmt::format("{:<14}  {}\n", out.empty() ? to_string(wanted) : "", line);
  }
  return out;
}

std::string under(std::string_view label, const std::string& words) {
  return fmt::format("{:<14}  {}\n", label, words);
}

// Each broken rule that an expectation covers, with what was seen and why it is known.
std::string expected(const Result& result) {
  std::string out;
  for (const RuleResult& rule : result.rules) {
    if (!rule.as_expected) continue;
    std::string words = std::string(rule.rule.id());
    if (rule.breach)
      words += ": " + printable(rule.breach->example.sighting.verdict.seen);
    else if (rule.follows_from)
      words += fmt::format(": follows from {}", rule.follows_from->id());
    if (const Expectation* entry = expectation_of(rule, result)) words += fmt::format(" ({})", grounds(*entry));
    out += under(out.empty() ? to_string(Shown::as_expected) : "", words);
  }
  return out;
}

// What makes the run fail, or leaves it open, without being a breach.
std::string complaints(const Result& result) {
  std::string out;
  for (const Expectation& entry : result.expectations)
    if (std::string words = complaint(entry, result); !words.empty()) out += under("expectation", words);
  bool broken = std::any_of(result.rules.begin(), result.rules.end(),
                            [](const RuleResult& rule) { return rule.status == Status::fail; });
  std::string why = broken ? "a gap of the generator, or hidden by what is broken" : "a gap of the generator";
  for (spec::RuleId rule : never_exercised(result))
    out += under("self-check", fmt::format("{} applies to this library and was never exercised in {}: {}", rule.id(),
                                           counted(result.cases, "case"), why));
  if (result.full && !result.denied.empty())
    out += under("self-check", fmt::format("the interface file says that there is nothing of this kind, and the library exports {}: it was not judged",
                                           fmt::join(result.denied, ", ")));
  if (std::size_t n = gaps(result).size())
    out += under("self-check", fmt::format("{} of {} kinds of call {} never made: {} (--coverage "
                                           "lists them)",
                                           n, result.goals.size(), n == 1 ? "was" : "were", why));
  return out;
}

std::string remarks(const Result& result) {
  std::string out = expected(result);
  for (Shown wanted : {Shown::not_exercised, Shown::unknown, Shown::not_applicable}) out += listed(result, wanted);
  for (const std::string& what : result.avoided) out += under("left out", what);
  if (!result.stopped.empty()) out += under("stopped", result.stopped);
  return out + complaints(result);
}

std::string closing(const Result& result, bool color) {
  Counts counts = counts_of(result);
  std::vector<std::string> parts;
  for (Shown verdict : all_shown)
    if (std::size_t n = counts[static_cast<std::size_t>(verdict)])
      parts.push_back(fmt::format("{} {}", n, to_string(verdict)));
  std::string line = counted(result.rules.size(), "rule") + (parts.empty() ? "" : ": " + joined(parts, ", "));
  auto wrong = std::count_if(result.expectations.begin(), result.expectations.end(), fails_the_run);
  if (wrong) line += fmt::format("; {} to be mended", counted(static_cast<std::size_t>(wrong), "expectation"));
  int code = exit_code(result, false);
  return painted(line, code == 1 ? Color::red : code == 0 ? Color::green : Color::yellow, color) + '\n';
}

}  // namespace

std::vector<const RuleResult*> failures_in_order(const Result& result) {
  std::vector<const RuleResult*> out;
  for (const RuleResult& rule : result.rules)
    if (rule.status == Status::fail) out.push_back(&rule);
  auto rank = [](const RuleResult* rule) {
    return std::tuple(!rule->breach, rule->breach && rule->breach->beside, rule->rule.rule().level, rule->rule.index());
  };
  std::stable_sort(out.begin(), out.end(), [&](auto* a, auto* b) { return rank(a) < rank(b); });
  return out;
}

std::string terminal_report(const Result& result, const ReportStyle& style) {
  std::string found = failures(result, style);
  if (!found.empty()) found += '\n';
  if (style.quiet) {
    std::string left = complaints(result);
    return found + left + (left.empty() ? "" : "\n") + closing(result, style.color);
  }
  std::string left = remarks(result);
  return head(result) + '\n' + found + table(result) + '\n' + left + (left.empty() ? "" : "\n") +
         closing(result, style.color);
}

}  // namespace ffi_cts
