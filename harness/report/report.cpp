#include "harness/report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "harness/report/failure.hpp"
#include "harness/report/layout.hpp"

namespace ffi_cts {
namespace {

constexpr std::size_t width = 96;

using Counts = std::array<std::size_t, shown_count>;
constexpr std::array all_shown{Shown::pass,          Shown::fail,           Shown::warn,
                               Shown::not_exercised, Shown::not_applicable, Shown::unknown};

std::string head(const Result& result) {
  std::string out = fmt::format("{} ({})  seed {}  {} in {:.1f} s", result.library, result.interface_file, result.seed,
                                counted(result.cases, "case"), result.seconds);
  if (result.seconds > 0) out += fmt::format(" ({:.0f}/s)", static_cast<double>(result.cases) / result.seconds);
  if (result.lost_workers) out += fmt::format("  {} lost", counted(result.lost_workers, "worker"));
  return out + '\n';
}

std::string failures(const Result& result, const ReportStyle& style) {
  std::string own, following;
  for (const RuleResult* rule : failures_in_order(result)) {
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
  std::string out = fmt::format("{:<22}", "chapter");
  for (Shown column : all_shown) out += fmt::format("  {:>4}", to_string(column));
  out += '\n';
  for (const auto& [number, chapter] : chapters) {
    out += fmt::format("{:<22}", chapter.first);
    for (Shown column : all_shown) {
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

std::string remarks(const Result& result) {
  std::string out;
  for (Shown wanted : {Shown::not_exercised, Shown::unknown, Shown::not_applicable}) out += listed(result, wanted);
  for (const std::string& what : result.avoided) out += fmt::format("{:<14}  {}\n", "left out", what);
  if (!result.stopped.empty()) out += fmt::format("{:<14}  {}\n", "stopped", result.stopped);
  return out;
}

std::string closing(const Result& result, bool color) {
  Counts counts{};
  for (const RuleResult& rule : result.rules) ++counts[static_cast<std::size_t>(shown(rule))];
  std::vector<std::string> parts;
  for (Shown verdict : all_shown)
    if (std::size_t n = counts[static_cast<std::size_t>(verdict)])
      parts.push_back(fmt::format("{} {}", n, to_string(verdict)));
  std::string line = counted(result.rules.size(), "rule") + (parts.empty() ? "" : ": " + joined(parts, ", "));
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
  if (style.quiet) return found + closing(result, style.color);
  std::string left = remarks(result);
  return head(result) + '\n' + found + table(result) + '\n' + left + (left.empty() ? "" : "\n") +
         closing(result, style.color);
}

}  // namespace ffi_cts
