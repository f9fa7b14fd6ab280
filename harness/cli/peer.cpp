// ffi-cts peer: judge a remote peer.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "harness/cli/cli.hpp"
#include "harness/peer/case_file.hpp"
#include "harness/report/expect.hpp"
#include "harness/report/json.hpp"
#include "harness/report/junit.hpp"
#include "harness/report/progress.hpp"
#include "harness/report/report.hpp"

namespace ffi_cts {
namespace {

peer::Setup setup_for(const PeerCommand& command) {
  peer::Setup setup;
  setup.command = command.command;
  setup.parent = command.as_child;
  setup.stub = {std::filesystem::read_symlink("/proc/self/exe"), "peer-stub"};
  setup.backstop_s = command.common.timeout_s;
  return setup;
}

peer::Manner manner_for(const PeerCommand& command) {
  return {command.dialect == "tagged" ? peer::Dialect::tagged : peer::Dialect::plain, command.max_frame};
}

std::vector<peer::Judge> chosen_judges(const Suite& suite, const std::vector<std::string>& names) {
  if (names.empty()) return {suite.peer_judges.begin(), suite.peer_judges.end()};
  std::vector<peer::Judge> out;
  for (const std::string& name : names) {
    const std::size_t before = out.size();
    for (const peer::Judge& judge : suite.peer_judges)
      if (judge.rule.id() == name || judge.rule.rule().chapter == name) out.push_back(judge);
    if (out.size() == before)
      throw std::runtime_error(
          fmt::format("{}: no rule or chapter that peers are judged by (there are WIRE and RMT)", name));
  }
  return out;
}

int tell(const PeerCommand& command, const Result& result, bool quiet) {
  if (command.json != "-" && command.junit != "-")
    fmt::print("{}", terminal_report(result, {use_color(command.common), quiet}));
  std::fflush(stdout);
  if (!command.json.empty()) write_text(command.json, to_json(result));
  if (!command.junit.empty()) write_text(command.junit, to_junit(result, command.common.strict, junit_stamp()));
  return exit_code(result, command.common.strict);
}

void save(const PeerCommand& command, Result& result) {
  for (RuleResult& rule : result.rules) {
    if (!rule.breach || !rule.breach->told) continue;
    peer::CaseFile file{std::string(rule.rule.id()), command.command, manner_for(command), command.as_child,
                        peer::parse_conversation(rule.breach->told->text)};
    rule.breach->case_file = peer::save_case(command.common.save, file);
  }
}

}  // namespace

peer::RunOptions run_options(const PeerCommand& command) {
  peer::RunOptions options;
  options.setup = setup_for(command);
  options.manner = manner_for(command);
  options.seed = command.seed;
  options.cases = command.cases;
  options.seconds = command.seconds;
  return options;
}

int judge_peer(const PeerCommand& command, const Suite& suite) {
  if (!command.replay.empty()) return replay_conversation(command, suite);
  if (command.command.empty())
    throw std::runtime_error("the peer's command is missing: ffi-cts peer [OPTIONS] -- COMMAND …");
  if (command.json == "-" && command.junit == "-")
    throw std::runtime_error("--json and --junit cannot both go to standard output");
  const std::vector<peer::Judge> judges = chosen_judges(suite, command.rules);
  peer::RunOptions options = run_options(command);
  const bool terminal = isatty(STDERR_FILENO) && !command.common.quiet;
  if (terminal)
    options.progress = [&command](const Result& result) {
      fmt::print(stderr, "\r\x1b[K{}", progress_line(result, {command.cases, command.seconds}, 100));
      std::fflush(stderr);
    };
  Result result = peer::Engine(options, judges, suite.conversations(command.as_child)).run();
  if (terminal) fmt::print(stderr, "\r\x1b[K");
  save(command, result);
  return tell(command, result, command.common.quiet);
}

int replay_conversation(PeerCommand command, const Suite& suite) {
  const peer::CaseFile file = peer::load_case(command.replay);
  if (command.command.empty()) command.command = file.command;
  command.as_child = file.parent;
  command.dialect = file.manner.dialect == peer::Dialect::tagged ? "tagged" : "plain";
  command.max_frame = file.manner.limit;
  const peer::RunOptions options = run_options(command);
  Result result =
      peer::Engine(options, suite.peer_judges, {})
          .replay(peer::normalize(file.conversation), spec::RuleId(*spec::find_rule(file.rule)), command.repeat);
  RuleResult& rule = result.rules.front();
  if (rule.breach) rule.breach->case_file = command.replay;
  const int seen = rule.breach ? rule.breach->seen : 0;
  command.common.strict = true;
  const int code = tell(command, result, true);
  fmt::print("{} broken in {} of {} replays\n", file.rule, seen, command.repeat);
  return code;
}

}  // namespace ffi_cts
