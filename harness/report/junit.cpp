#include "harness/report/junit.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <map>
#include <pugixml.hpp>
#include <sstream>
#include <vector>

#include "harness/report/expect.hpp"
#include "harness/report/failure.hpp"
#include "harness/report/layout.hpp"
#include "harness/report/report.hpp"

namespace ffi_cts {
namespace {

void put(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name) = xml_text(value).c_str();
}

// A testcase's failure, error or skipped; `kind` is empty for one that passed.
struct Mark {
  std::string kind, type, message, text;
};

struct Case {
  std::string name;
  Mark mark;
  long long ms = 0;
  std::string property;  // under which of the suite's properties it is named, if any
  std::string output;    // of the suite's system-out
};

// Writes a suite: the schemas want its parts in this order.
class Suite {
 public:
  Suite(const Result& result, const JunitStamp& stamp) : result_(result), stamp_(stamp) {}

  void write(pugi::xml_node root, const std::string& name, const std::vector<Case>& cases, int id) const {
    pugi::xml_node suite = root.append_child("testsuite");
    std::map<std::string, int, std::less<>> counts;
    long long ms = 0;
    for (const Case& c : cases) {
      ++counts[c.mark.kind];
      ms += c.ms;
    }
    put(suite, "name", name);
    put(suite, "package", class_name());
    put(suite, "id", std::to_string(id));
    put(suite, "timestamp", stamp_.timestamp);
    put(suite, "hostname", stamp_.host);
    put(suite, "tests", std::to_string(cases.size()));
    put(suite, "failures", std::to_string(counts["failure"]));
    put(suite, "errors", std::to_string(counts["error"]));
    put(suite, "skipped", std::to_string(counts["skipped"]));
    put(suite, "time", seconds(ms));
    properties(suite, cases);
    for (const Case& c : cases) testcase(suite, c);
    std::string output;
    for (const Case& c : cases) output += c.output;
    suite.append_child("system-out").text() = xml_text(output).c_str();
    suite.append_child("system-err");
  }

 private:
  static std::string seconds(long long ms) { return fmt::format("{}.{:03}", ms / 1000, ms % 1000); }

  // "libfoo": a dot would make a package of what is before it.
  std::string class_name() const {
    std::string name = std::filesystem::path(result_.library).filename();
    if (std::size_t at = name.find(".so"); at != std::string::npos && at > 0) name.erase(at);
    return name;
  }

  void properties(pugi::xml_node suite, const std::vector<Case>& cases) const {
    pugi::xml_node node = suite.append_child("properties");
    auto property = [&](std::string_view name, std::string_view value) {
      pugi::xml_node child = node.append_child("property");
      put(child, "name", name);
      put(child, "value", value);
    };
    property("library", result_.library);
    property("interface", result_.interface_file);
    property("seed", std::to_string(result_.seed));
    property("cases", std::to_string(result_.cases));
    std::map<std::string, std::vector<std::string>> named;
    for (const Case& c : cases)
      if (!c.property.empty()) named[c.property].push_back(c.name.substr(0, c.name.find(':')));
    for (const auto& [name, ids] : named) property(name, joined(ids, ", "));
  }

  void testcase(pugi::xml_node suite, const Case& c) const {
    pugi::xml_node node = suite.append_child("testcase");
    put(node, "classname", class_name());
    put(node, "name", c.name);
    put(node, "time", seconds(c.ms));
    if (c.mark.kind.empty()) return;
    pugi::xml_node mark = node.append_child(c.mark.kind.c_str());
    if (!c.mark.type.empty()) put(mark, "type", c.mark.type);
    put(mark, "message", c.mark.message);
    if (!c.mark.text.empty()) mark.text() = xml_text(c.mark.text).c_str();
  }

  const Result& result_;
  const JunitStamp& stamp_;
};

std::string breach_message(const RuleResult& rule) {
  if (!rule.breach) return rule.follows_from ? fmt::format("follows from {}", rule.follows_from->id()) : "broken";
  const Verdict& verdict = rule.breach->example.sighting.verdict;
  return fmt::format("expected: {}; seen: {}", printable(verdict.expected), printable(verdict.seen));
}

Mark skipped(const RuleResult& rule, const Result& result, Shown verdict) {
  std::string what = to_string(verdict);
  if (verdict == Shown::not_exercised && !result.stopped.empty())
    return {"error", "stopped", what + ": " + result.stopped, ""};
  return {"skipped", "", rule.note.empty() ? what : what + ": " + rule.note, ""};
}

Mark mark_of(const RuleResult& rule, const Result& result, bool strict) {
  Shown verdict = shown(rule);
  bool broken = verdict == Shown::fail || (strict && verdict == Shown::warn);
  std::string block = rule.status == Status::fail ? failure_block(rule, result.library, false) : "";
  std::string complaints, type;
  for (const Expectation& entry : result.expectations) {
    if (entry.rule != rule.rule || complaint(entry, result).empty()) continue;
    if (fails_the_run(entry)) type = to_string(entry.outcome);
    complaints += complaint(entry, result) + '\n';
  }
  if (broken)
    return {"failure", std::string(spec::to_string(rule.rule.rule().level)), breach_message(rule), block + complaints};
  if (!type.empty()) return {"failure", type, complaints.substr(0, complaints.find('\n')), complaints + block};
  switch (verdict) {
    case Shown::not_exercised:
    case Shown::not_applicable:
      return skipped(rule, result, verdict);
    case Shown::unknown: {
      std::string why = rule.note.empty() ? "no trace could decide it" : rule.note;
      if (is_excused(rule, result)) return {"skipped", "", "unknown, and expected to fail: " + why, ""};
      return {"error", "unknown", why, ""};
    }
    case Shown::pass:
    case Shown::as_expected:
    case Shown::fail:
    case Shown::warn:
      break;
  }
  return {};
}

// The breaches that make no failure are told all the same.
void add_output(Case& c, const RuleResult& rule, const Result& result) {
  if (rule.status != Status::fail || c.mark.kind == "failure") return;
  c.property = rule.as_expected ? "as expected" : "warnings";
  const Expectation* entry = expectation_of(rule, result);
  if (entry) c.output = fmt::format("as expected ({}:{}): {}\n", entry->file, entry->line, grounds(*entry));
  c.output += failure_block(rule, result.library, false) + '\n';
}

bool was_judged(const RuleResult& rule) {
  return rule.status != Status::not_applicable && rule.status != Status::not_exercised;
}

}  // namespace

JunitStamp junit_stamp() {
  std::time_t now = std::time(nullptr);
  std::tm time{};
  gmtime_r(&now, &time);
  std::array<char, 256> host{};
  bool known = gethostname(host.data(), host.size() - 1) == 0 && host[0] != '\0';
  return {fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", time.tm_year + 1900, time.tm_mon + 1, time.tm_mday,
                      time.tm_hour, time.tm_min, time.tm_sec),
          known ? host.data() : "localhost"};
}

std::string to_junit(const Result& result, bool strict, const JunitStamp& stamp) {
  double judged = 0;
  for (const RuleResult& rule : result.rules) judged += was_judged(rule);
  std::map<int, std::pair<std::string, std::vector<Case>>> chapters;
  for (const RuleResult& rule : result.rules) {
    const spec::Rule& spec = rule.rule.rule();
    auto& [name, cases] = chapters[spec.chapter_number];
    name = fmt::format("{} {}", spec.chapter, spec.chapter_title);
    Case c{fmt::format("{}: {}", spec.id, spec.sentence), mark_of(rule, result, strict), 0, {}, {}};
    if (was_judged(rule)) c.ms = std::llround((result.seconds / judged + rule.investigated_s) * 1000);
    add_output(c, rule, result);
    cases.push_back(std::move(c));
  }
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  put(declaration, "version", "1.0");
  put(declaration, "encoding", "UTF-8");
  pugi::xml_node root = document.append_child("testsuites");
  Suite suite(result, stamp);
  int id = 0;
  for (const auto& [number, chapter] : chapters) suite.write(root, chapter.first, chapter.second, id++);
  if (!result.stopped.empty())
    suite.write(root, "run",
                {{"the library is judged to the end", {"error", "stopped", result.stopped, ""}, 0, {}, {}}}, id);
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  std::string text = out.str();
  text.pop_back();  // its last line feed
  return text;
}

}  // namespace ffi_cts
