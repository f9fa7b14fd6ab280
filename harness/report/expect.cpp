#include "harness/report/expect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "harness/interface/table.hpp"
#include "harness/report/layout.hpp"

namespace ffi_cts {
namespace {

using Fate = Expectation::Outcome;

std::string contents(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) throw InterfaceError(file + ": cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

// As 2026-12-31, and a day that there is.
bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  auto number = [&](std::size_t at, std::size_t length) -> std::optional<int> {
    int out = 0;
    for (char c : text.substr(at, length)) {
      if (c < '0' || c > '9') return std::nullopt;
      out = out * 10 + (c - '0');
    }
    return out;
  };
  auto year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (!year || !month || !day) return false;
  return std::chrono::year_month_day{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                     std::chrono::day(static_cast<unsigned>(*day))}
      .ok();
}

Expectation read_entry(const Table& table) {
  table.only({"rule", "message", "reason", "link", "until"});
  std::string id = table.text("rule");
  const spec::Rule* rule = spec::find_rule(id);
  if (!rule) table.fail("rule", fmt::format("the spec has no rule \"{}\" (see: ffi-cts list)", id));
  Expectation out{spec::RuleId(*rule)};
  out.message = table.optional_nonempty_text("message").value_or("");
  out.reason = table.text("reason");
  out.link = table.optional_nonempty_text("link").value_or("");
  out.until = table.optional_nonempty_text("until").value_or("");
  if (!out.until.empty() && !is_date(out.until))
    table.fail("until", fmt::format("\"{}\" is no date like 2026-12-31", out.until));
  out.line = table.line();
  return out;
}

bool is_asked(spec::RuleId rule, const std::vector<std::string>& asked) {
  return asked.empty() || std::any_of(asked.begin(), asked.end(), [&](const std::string& name) {
           return name == rule.id() || name == rule.rule().chapter;
         });
}

RuleResult* find_rule(Result& result, spec::RuleId id) {
  auto found =
      std::find_if(result.rules.begin(), result.rules.end(), [&](const RuleResult& r) { return r.rule == id; });
  return found == result.rules.end() ? nullptr : &*found;
}

// A breach that only follows from another shows nothing of its own that could differ.
bool is_what_was_seen(const Expectation& expectation, const RuleResult& rule) {
  if (!rule.breach) return true;
  const std::string& seen = rule.breach->example.sighting.verdict.seen;
  return seen.find(expectation.message) != std::string::npos ||
         printable(seen).find(expectation.message) != std::string::npos;
}

Fate outcome_of(const Expectation& expectation, const RuleResult* rule, const std::string& today) {
  if (!rule || rule->status == Status::not_applicable) return Fate::stale;
  if (!expectation.until.empty() && expectation.until < today) return Fate::expired;
  if (rule->status == Status::pass) return Fate::unexpected_pass;
  if (rule->status != Status::fail) return Fate::not_seen;
  return is_what_was_seen(expectation, *rule) ? Fate::as_expected : Fate::other_failure;
}

void mark_followers(Result& result) {
  auto has_entry = [&](spec::RuleId id) {
    return std::any_of(result.expectations.begin(), result.expectations.end(),
                       [&](const Expectation& e) { return e.rule == id; });
  };
  for (bool more = true; more;) {
    more = false;
    for (RuleResult& rule : result.rules) {
      if (rule.status != Status::fail || rule.as_expected || rule.breach || !rule.follows_from) continue;
      const RuleResult* root = find_rule(result, *rule.follows_from);
      if (!root || !root->as_expected || has_entry(rule.rule)) continue;
      more = rule.as_expected = true;
    }
  }
}

}  // namespace

std::vector<Expectation> load_expectations(const std::string& file) {
  toml_tree::Node tree = toml_tree::parse(contents(file), file, toml_tree::Dates::as_text);
  Table root(file, "", tree);
  root.only({"expect"});
  std::vector<Expectation> out;
  for (const Table& table : root.tables("expect")) {
    Expectation entry = read_entry(table);
    entry.file = file;
    for (const Expectation& earlier : out)
      if (earlier.rule == entry.rule && earlier.message == entry.message)
        table.fail("rule", fmt::format("line {} says the same of {}", earlier.line, entry.rule.id()));
    out.push_back(std::move(entry));
  }
  return out;
}

void apply(std::vector<Expectation> expectations, const std::vector<std::string>& asked, const std::string& today,
           Result& result) {
  for (Expectation& expectation : expectations) {
    if (!is_asked(expectation.rule, asked)) continue;
    RuleResult* rule = find_rule(result, expectation.rule);
    expectation.outcome = outcome_of(expectation, rule, today);
    if (expectation.outcome == Fate::as_expected) rule->as_expected = true;
  }
  // Of several entries of a rule one is enough: only one breach of a rule is shown.
  for (Expectation& expectation : expectations) {
    const RuleResult* rule = find_rule(result, expectation.rule);
    if (expectation.outcome == Fate::other_failure && rule->as_expected) expectation.outcome = Fate::not_seen;
  }
  result.expectations = std::move(expectations);
  mark_followers(result);
}

std::string today_in_utc() {
  std::time_t now = std::time(nullptr);
  std::tm day{};
  gmtime_r(&now, &day);
  return fmt::format("{:04}-{:02}-{:02}", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

bool fails_the_run(const Expectation& expectation) {
  return expectation.outcome == Fate::unexpected_pass || expectation.outcome == Fate::stale ||
         expectation.outcome == Fate::expired;
}

std::string_view to_string(Fate outcome) {
  constexpr std::array<std::string_view, 7> words = {"not asked",       "as expected", "not seen", "other failure",
                                                     "unexpected pass", "stale",       "expired"};
  return words[static_cast<std::size_t>(outcome)];
}

std::string complaint(const Expectation& expectation, const Result& result) {
  std::string place = fmt::format("{}:{}: {}", expectation.file, expectation.line, expectation.rule.id());
  auto rule = std::find_if(result.rules.begin(), result.rules.end(),
                           [&](const RuleResult& r) { return r.rule == expectation.rule; });
  switch (expectation.outcome) {
    case Fate::unexpected_pass:
      return fmt::format("{} passes, and is expected to fail ({}): remove the entry", place,
                         printable(expectation.reason));
    case Fate::stale:
      if (rule == result.rules.end()) return place + " is stale: this version has no judge for it; remove the entry";
      return fmt::format("{} is stale: the rule does not apply to this library ({}); remove the entry", place,
                         rule->note);
    case Fate::expired:
      return fmt::format(
          "{} expired on {} ({}): {}", place, expectation.until, printable(expectation.reason),
          rule->status == Status::pass ? "the rule passes; remove the entry" : "mend the library, or the entry");
    case Fate::other_failure:
      return fmt::format("{} is broken otherwise than expected: \"{}\" was not seen", place,
                         printable(expectation.message));
    case Fate::not_asked:
    case Fate::as_expected:
    case Fate::not_seen:
      break;
  }
  return "";
}

std::string grounds(const Expectation& expectation) {
  std::string out = printable(expectation.reason);
  if (!expectation.link.empty()) out += "; " + printable(expectation.link);
  if (!expectation.until.empty()) out += "; until " + expectation.until;
  return out;
}

bool is_excused(const RuleResult& rule, const Result& result) {
  return std::any_of(result.expectations.begin(), result.expectations.end(),
                     [&](const Expectation& e) { return e.rule == rule.rule && e.outcome == Fate::not_seen; });
}

const Expectation* expectation_of(const RuleResult& rule, const Result& result) {
  for (const Expectation& expectation : result.expectations)
    if (expectation.rule == rule.rule && expectation.outcome == Fate::as_expected) return &expectation;
  return nullptr;
}

}  // namespace ffi_cts
