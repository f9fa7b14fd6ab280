#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "harness/cli/cli.hpp"
#include "harness/peer/case_file.hpp"
#include "harness/report/case_file.hpp"
#include "harness/report/cells.hpp"
#include "harness/report/costs.hpp"
#include "harness/report/coverage.hpp"
#include "harness/report/expect.hpp"
#include "harness/report/json.hpp"
#include "harness/report/junit.hpp"
#include "harness/report/progress.hpp"
#include "harness/report/report.hpp"

namespace ffi_cts {
namespace {

constexpr std::uint64_t full_run_cases = 2'000;

// One column is left free: some terminals wrap as soon as the last one is written.
std::size_t terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u : 0;
}

void show_progress(const Result& result, const RunCommand& command) {
  fmt::print(stderr, "\r\x1b[K{}", progress_line(result, {command.cases, command.seconds}, terminal_columns()));
  std::fflush(stderr);
}

void save_cases(Result& result, const std::string& directory) {
  for (RuleResult& rule : result.rules) {
    if (!rule.breach || rule.breach->example.program.steps.empty()) continue;
    const Counterexample& example = rule.breach->example;
    CaseFile file;
    file.library = std::filesystem::absolute(result.library);
    file.library_hash = hash_of_file(result.library);
    file.interface_file = std::filesystem::absolute(result.interface_file);
    file.rule = std::string(rule.rule.id());
    file.worker = result.worker;
    file.seed = rule.breach->seed;
    file.case_number = rule.breach->case_number;
    file.tries = example.tries;
    file.history = example.history;
    file.program = example.program;
    rule.breach->case_file = save_case(directory, file);
  }
}

// Long enough, of all rules, with the scenarios: what is not exercised then, the suite should have exercised.
bool is_full(const RunCommand& command, const Result& result) {
  return command.rules.empty() && !command.generated_only && result.cases >= full_run_cases;
}

// Does each in turn, also after one that failed: what cannot be written does not take the rest with it. False when one
// failed; a line on standard error says why.
bool all_done(const std::vector<std::function<void()>>& parts) {
  bool done = true;
  for (const auto& part : parts) {
    try {
      part();
    } catch (const std::exception& error) {
      fmt::print(stderr, "ffi-cts: {}\n", error.what());
      done = false;
    }
  }
  return done;
}

// The cases, the report and the files. Returns the exit code.
int tell(const RunCommand& command, Result& result) {
  bool strict = command.common.strict;
  auto report = [&] {
    if (command.json == "-" || command.junit == "-") return;
    fmt::print("{}", terminal_report(result, {use_color(command.common), command.common.quiet}));
    if (command.coverage) fmt::print("\n{}\n{}", coverage_table(result), cell_tables(result));
    if (command.costs) fmt::print("\n{}", cost_table(result));
    std::fflush(stdout);  // before what standard error says
  };
  auto json = [&] {
    if (!command.json.empty()) write_text(command.json, to_json(result));
  };
  auto junit = [&] {
    if (!command.junit.empty()) write_text(command.junit, to_junit(result, strict, junit_stamp()));
  };
  // The report names the saved cases, so these come first.
  bool done = all_done({[&] { save_cases(result, command.common.save); }, report, json, junit});
  return done ? exit_code(result, strict) : 2;
}

}  // namespace

int run(const RunCommand& command, const Suite& suite) {
  if (command.json == "-" && command.junit == "-")
    throw std::runtime_error("--json and --junit cannot both go to standard output");
  std::vector<Judge> judges = chosen(suite, command.rules);
  std::string library = command.library.empty() ? bundled_library("libprobe.so") : command.library;
  check_file(library);  // before its interface file is missed
  std::string interface_file = command.interface_file.empty() ? interface_beside(library) : command.interface_file;
  Interface interface = load_interface(interface_file);
  check_library(library, interface);
  std::vector<Expectation> expectations;
  if (!command.expect.empty()) expectations = load_expectations(command.expect);

  RunOptions options;
  options.setup = worker_setup(library, interface_file, command.common.timeout_s, command.common.worker);
  options.seed = command.seed;
  options.cases = command.cases;
  options.seconds = command.seconds;
  options.generated_only = command.generated_only;
  bool terminal = isatty(STDERR_FILENO) && !command.common.quiet;
  if (terminal) options.progress = [&command](const Result& result) { show_progress(result, command); };

  Result result = Engine(options, interface, judges, suite.scenarios).run();
  if (terminal) fmt::print(stderr, "\r\x1b[K");
  result.full = is_full(command, result);
  result.denied = denied_exports(library, interface);
  apply(std::move(expectations), command.rules, today_in_utc(), result);
  return tell(command, result);
}

int replay(const ReplayCommand& command, const Suite& suite) {
  if (peer::is_conversation_file(command.case_file)) {
    PeerCommand again;
    again.common = command.common;
    again.replay = command.case_file;
    again.repeat = command.repeat;
    return replay_conversation(again, suite);
  }
  CaseFile file = load_case(command.case_file);
  if (!std::filesystem::exists(file.library)) throw std::runtime_error(fmt::format("{}: no such file (the library of {})", file.library, command.case_file));
  Interface interface = load_interface(file.interface_file);
  check_library(file.library, interface);
  if (hash_of_file(file.library) != file.library_hash)
    fmt::print(stderr, "ffi-cts: {} has changed since this case was saved\n", file.library);
  Judge judge = chosen(suite, {file.rule}).front();

  const std::string& worker = command.common.worker.empty() ? file.worker : command.common.worker;
  Bench bench(worker_setup(file.library, file.interface_file, command.common.timeout_s, worker), interface);
  Result result;
  result.worker = worker;
  result.library = file.library;
  result.interface_file = file.interface_file;
  result.seed = file.seed;
  RuleResult rule(judge.rule);
  Breach breach;
  breach.original_steps = count_steps(file.program);
  breach.seed = file.seed;
  breach.case_number = file.case_number;
  breach.case_file = command.case_file;
  breach.example.program = file.program;
  breach.example.history = file.history;
  breach.example.tries = file.tries;
  auto begun = Clock::now();
  for (int i = 0; i < command.repeat; ++i) {
    bench.fresh();
    bool first = breach.seen == 0;
    // A rare breach shows without its stacks first: taking them costs time that may hide it.
    auto seen = bench.seek_after(file.history, judge, file.program, file.tries, Clock::time_point::max(), first);
    ++breach.of;
    if (!seen) continue;
    if (breach.seen++ == 0) breach.example.sighting = std::move(*seen);
    breach.example.reproduced = true;
  }
  result.cases = static_cast<std::uint64_t>(bench.runs());
  result.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  rule.exercised = static_cast<std::uint64_t>(breach.of);
  rule.status = breach.seen ? Status::fail : Status::pass;
  int seen = breach.seen, of = breach.of;
  breach.output = bench.output();
  if (seen) rule.breach = std::move(breach);
  result.rules.push_back(std::move(rule));
  fmt::print("{}", terminal_report(result, {use_color(command.common), true}));
  fmt::print("{} broken in {} of {} replays\n", file.rule, seen, of);
  return exit_code(result, true);
}

}  // namespace ffi_cts
