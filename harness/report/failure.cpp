#include "harness/report/failure.hpp"

#include <fmt/format.h>

#include "harness/program/text.hpp"
#include "harness/report/ending.hpp"
#include "harness/report/events.hpp"
#include "harness/report/layout.hpp"

namespace ffi_cts {
namespace {

constexpr std::size_t most_program_lines = 40, most_output_lines = 5, width = 108;

std::string headline(const RuleResult& rule, bool color) {
  const spec::Rule& spec = rule.rule.rule();
  bool must = spec.level == spec::Level::must;
  return fmt::format("{} {} {}  {}", painted(must ? "FAIL" : "WARN", must ? Color::red : Color::yellow, color),
                     painted(spec.id, Color::bold, color), spec::to_string(spec.level), spec.sentence);
}

std::string origin(const Breach& breach) {
  std::string out = breach.scenario.empty() ? "" : fmt::format("scenario {}, ", breach.scenario);
  return out + fmt::format("seed {}, case {}", breach.seed, breach.case_number);
}

std::string size_and_origin(const Breach& breach, int steps) {
  std::string shrunk = breach.original_steps > steps ? fmt::format(", shrunk from {}", breach.original_steps) : "";
  return fmt::format("{}{} ({})", counted(static_cast<std::size_t>(steps), "step"), shrunk, origin(breach));
}

std::string told_part(const Breach& breach, const Told& told) {
  std::vector<std::string> program{size_and_origin(breach, told.steps)};
  for (const std::string& line : told.program) {
    if (program.size() > most_program_lines) break;
    program.push_back(line);
  }
  if (told.program.size() > most_program_lines) program.push_back(fmt::format("… and {}", counted(told.program.size() - most_program_lines, "more line")));
  return labelled("program", program) + labelled("trace", told.trace) + labelled("end", told.ending);
}

// Its steps, numbered as verdicts and traces number them: those inside callbacks count too.
std::vector<std::string> program_lines(const Breach& breach) {
  const Program& program = breach.example.program;
  if (program.steps.empty()) return {"none: it happened while the library was loaded"};
  std::string head = size_and_origin(breach, count_steps(program));
  if (program.fresh_process) head += "; in a process of its own";
  if (program.rounds > 1) head += fmt::format("; {} times over", program.rounds);
  if (program.fresh_threads) head += "; on host threads made for it";
  if (program.signal_storm) head += "; under a storm of signals";
  if (program.schedule) head += fmt::format("; under schedule {}", program.schedule);
  if (program.many_descriptors) head += "; with more than 1,024 descriptors open";
  std::vector<std::string> out{std::move(head)};
  int number = 1;
  for (const Step& step : program.steps) {
    if (out.size() > most_program_lines) {
      out.push_back(fmt::format("… and {}", counted(program.steps.size() - most_program_lines, "more line")));
      break;
    }
    out.push_back(fmt::format("{}  {}  {}", number, static_cast<char>('A' + step.thread), to_text(step)));
    Program alone;
    alone.steps = {step};
    number += count_steps(alone);
  }
  return out;
}

std::string history_words(const Counterexample& example) {
  const History& history = example.history;
  if (history.size() == 1 && history.front().first == example.program)
    return fmt::format("after {} of it in one process",
                       counted(static_cast<std::size_t>(history.front().second), "run"));
  std::size_t earlier = 0;
  for (const auto& [program, times] : history) earlier += static_cast<std::size_t>(times);
  return fmt::format("depends on what the process did before: {}", counted(earlier, "earlier program"));
}

std::vector<std::string> again_lines(const Breach& breach) {
  const Counterexample& example = breach.example;
  if (example.program.steps.empty() && !breach.told) return {};
  if (!example.reproduced) return {"not seen again"};
  std::string out = breach.of > 0 ? fmt::format("reproduced {} of {}", breach.seen, breach.of) : "reproduced";
  if (!example.history.empty()) out += "; " + history_words(example);
  if (example.tries > 1) out += fmt::format("; comes by chance, a replay gives it {} runs", example.tries);
  return {out};
}

std::vector<std::string> also_lines(const Breach& breach) {
  std::vector<std::string> ids;
  for (spec::RuleId id : breach.with) ids.emplace_back(id.id());
  if (ids.empty()) return {};
  ids.front() = "breaks " + ids.front();
  return wrapped(ids, ", ", width);
}

std::vector<std::string> last_lines(std::string_view output) {
  std::vector<std::string> lines;
  while (!output.empty() && lines.size() < most_output_lines) {
    std::size_t end = output.rfind('\n');
    std::string_view line = end == std::string_view::npos ? output : output.substr(end + 1);
    output = end == std::string_view::npos ? std::string_view{} : output.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.insert(lines.begin(), printable(shortened(line, 2 * width)));
  }
  return lines;
}

// As a shell takes it.
std::string shell_word(const std::string& text) {
  bool plain = text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:=@%") ==
               std::string::npos;
  if (plain) return text;
  std::string out = "'";
  for (char c : text) c == '\'' ? out += "'\\''" : out += c;
  return out + '\'';
}

std::string trace_part(const Breach& breach, const std::string& library) {
  const Sighting& sighting = breach.example.sighting;
  if (!sighting.trace) return "";
  const Trace& trace = *sighting.trace;
  std::string out;
  if (!trace.completed()) out += labelled(ending_label(trace.ending), ending_lines(trace, library));
  out += labelled("program", program_lines(breach));
  out += labelled("trace", wrapped(proving_events(trace, sighting.verdict), "  ·  ", width));
  if (trace.completed()) return out;
  out += labelled("stacks", stack_lines(trace.ending, library));
  return out + labelled("output", last_lines(breach.output));
}

}  // namespace

std::string failure_block(const RuleResult& rule, const std::string& library, bool color) {
  std::string head = headline(rule, color);
  if (!rule.breach)
    return head + (rule.follows_from ? fmt::format("  (follows from {})\n", rule.follows_from->id()) : "\n");
  const Breach& breach = *rule.breach;
  const Verdict& verdict = breach.example.sighting.verdict;
  std::string out = head + '\n';
  out += labelled("expected", {printable(verdict.expected)});
  out += labelled("seen", {printable(verdict.seen)});
  out += breach.told ? told_part(breach, *breach.told) : trace_part(breach, library);
  out += labelled("again", again_lines(breach));
  out += labelled("also", also_lines(breach));
  if (!breach.case_file.empty()) out += labelled("replay", {"ffi-cts replay " + shell_word(breach.case_file)});
  return out;
}

}  // namespace ffi_cts
