#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "harness/cli/cli.hpp"
#include "harness/report/case_file.hpp"
#include "harness/report/json.hpp"
#include "harness/report/report.hpp"

namespace ffi_cts {
namespace {

// Sanitizers slow everything down, and their own threads tick.
double sanitizer_factor() {
#ifdef FFI_CTS_SANITIZER
  return 5;
#else
  return 1;
#endif
}

WorkerSetup setup_for(const std::string& library, const std::string& interface_file, double timeout_s) {
  WorkerSetup setup;
  setup.program = worker_program();
  setup.library = library;
  setup.interface_file = interface_file;
  setup.backstop_s = timeout_s * sanitizer_factor();
  setup.give_up_s *= sanitizer_factor();
  return setup;
}

void show_progress(const Result& result, const RunCommand& command) {
  int broken = 0;
  for (const RuleResult& rule : result.rules) broken += rule.breach.has_value();
  double rate = result.seconds > 0 ? static_cast<double>(result.cases) / result.seconds : 0;
  double left = std::min(command.seconds - result.seconds, rate > 0 ? static_cast<double>(command.cases - result.cases) / rate : command.seconds);
  fmt::print(stderr, "\r\x1b[K{} programs, {:.0f}/s, {} rules broken, {:.0f} s left", result.cases, rate, broken, std::max(0.0, left));
  std::fflush(stderr);
}

void write_text(const std::string& file, const std::string& text) {
  if (file == "-") {
    fmt::print("{}\n", text);
    return;
  }
  std::ofstream out(file);
  out << text << '\n';
  if (!out.flush()) throw std::runtime_error(fmt::format("{}: cannot be written", file));
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
    file.seed = rule.breach->seed;
    file.case_number = rule.breach->case_number;
    file.tries = example.tries;
    file.history = example.history;
    file.program = example.program;
    rule.breach->case_file = save_case(directory, file);
  }
}

}  // namespace

int run(const RunCommand& command, const Suite& suite) {
  std::vector<Judge> judges = chosen(suite, command.rules);
  std::string library = command.library.empty() ? bundled_library("libprobe.so") : command.library;
  std::string interface_file = command.interface_file.empty() ? interface_beside(library) : command.interface_file;
  if (!std::filesystem::exists(library)) throw std::runtime_error(fmt::format("{}: no such file", library));
  Interface interface = load_interface(interface_file);
  check_library(library, interface);

  RunOptions options;
  options.setup = setup_for(library, interface_file, command.common.timeout_s);
  options.seed = command.seed;
  options.cases = command.cases;
  options.seconds = command.seconds;
  options.generated_only = command.generated_only;
  bool terminal = isatty(STDERR_FILENO) && !command.common.quiet;
  if (terminal) options.progress = [&command](const Result& result) { show_progress(result, command); };

  Result result = Engine(options, interface, judges, suite.scenarios).run();
  if (terminal) fmt::print(stderr, "\r\x1b[K");
  save_cases(result, command.common.save);
  if (command.json != "-") fmt::print("{}", terminal_report(result, {use_color(command.common), command.common.quiet}));
  if (!command.json.empty()) write_text(command.json, to_json(result));
  return exit_code(result, command.common.strict);
}

int replay(const ReplayCommand& command, const Suite& suite) {
  CaseFile file = load_case(command.case_file);
  if (!std::filesystem::exists(file.library)) throw std::runtime_error(fmt::format("{}: no such file (the library of {})", file.library, command.case_file));
  Interface interface = load_interface(file.interface_file);
  check_library(file.library, interface);
  if (hash_of_file(file.library) != file.library_hash)
    fmt::print(stderr, "ffi-cts: {} has changed since this case was saved\n", file.library);
  Judge judge = chosen(suite, {file.rule}).front();

  Bench bench(setup_for(file.library, file.interface_file, command.common.timeout_s), interface);
  Result result;
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
