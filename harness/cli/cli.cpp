#include "harness/cli/cli.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "harness/driver/instrumentation.hpp"

namespace ffi_cts {
namespace {

// What this program and the worker named like it are built with.
#ifdef FFI_CTS_SANITIZER
const Sanitizer own_sanitizer = sanitizer_of_word(FFI_CTS_SANITIZER).value_or(Sanitizer::none);
#else
const Sanitizer own_sanitizer = Sanitizer::none;
#endif

std::filesystem::path program_directory() { return std::filesystem::read_symlink("/proc/self/exe").parent_path(); }

// "30s", "2m", "500ms" or a bare number of seconds.
double seconds_of(const std::string& text) {
  std::size_t end = 0;
  double number = -1;
  try {
    number = std::stod(text, &end);
  } catch (const std::exception&) {
  }
  std::string unit = text.substr(std::min(end, text.size()));
  double factor = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "ms" ? 0.001 : -1;
  if (!std::isfinite(number) || number < 0 || factor < 0) throw CLI::ValidationError(fmt::format("\"{}\" is no time (30s, 2m, 500ms)", text));
  return number * factor;
}

double backstop_of(const std::string& text) {
  const double seconds = seconds_of(text);
  if (seconds <= 0) throw CLI::ValidationError(fmt::format("\"{}\": without time everything hangs", text));
  return seconds;
}

// CLI11 would take -1 for a large number.
const CLI::Validator whole_number(
    [](std::string& text) {
      bool good = !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos && text.find_first_not_of('0') != std::string::npos;
      return good ? std::string() : fmt::format("\"{}\" is no number from 1 on", text);
    },
    "N");

void add_common(CLI::App& app, CommonOptions& common) {
  app.add_option("--color", common.color, "auto, always or never")->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_flag("--quiet", common.quiet, "failures and the closing line only");
  app.add_flag("--strict", common.strict, "a broken SHOULD fails the run, too");
  app.add_option_function<std::string>("--timeout", [&common](const std::string& t) { common.timeout_s = backstop_of(t); },
                                       "how long nothing may move before a call counts as hung (10s)");
  app.add_option("--worker", common.worker, "plain, or with a sanitizer, for libraries built with it: asan (memory: THR-8; for others,\n"
                 "too), tsan (races: THR-7)")->check(CLI::IsMember({"plain", "asan", "tsan"}));
  app.add_option("--save", common.save, "directory for counterexamples")->capture_default_str();
}

void add_run(CLI::App& app, RunCommand& run) {
  app.add_option("LIBRARY", run.library, "shared library to judge (the bundled probe if none is named)");
  app.add_option("--interface", run.interface_file, "its interface file (the one beside it if none is named)");
  app.add_option("--rule", run.rules, "rules or chapters to judge: EVT-9, EVT")->type_name("ID|CHAPTER");
  app.add_option("--seed", run.seed, "of the generated programs")->capture_default_str();
  auto* cases = app.add_option("--cases", run.cases, "programs to run (10,000, or what 60 s allow)")->check(whole_number);
  app.add_option_function<std::string>("--time", [&run, cases](const std::string& t) {
    run.seconds = seconds_of(t);
    if (cases->count() == 0) run.cases = ~std::uint64_t{0};
  }, "time for running programs instead: 30s");
  app.add_option("--expect", run.expect, "failures that are known, in a TOML file: [[expect]] with rule and reason, and where\n"
                 "wanted message (part of what is seen), link, until (its last day). Such a failure\n"
                 "passes; a rule that passes all the same, one that does not apply, and an entry whose\n"
                 "last day is over fail the run")->type_name("FILE");
  app.add_option("--junit", run.junit, "write the result as JUnit XML to a file (- for standard output)")->type_name("FILE");
  app.add_option("--json", run.json, "write the result to a file (- for standard output)")->type_name("FILE");
  app.add_flag("--coverage", run.coverage, "show which calls were made: in which callback, on which thread, in which state\n"
                                           "of the context; those that were missed; the re-entrancy matrix and the\n"
                                           "teardown sweep");
  app.add_flag("--costs", run.costs, "show what each rule's judge took");
  app.add_flag("--generated-only", run.generated_only, "leave the hand-written scenarios out");
  app.callback([&run, cases, &app] {
    // A number of cases asked for is run whole, unless a time was asked for as well.
    if (cases->count() && !app.count("--time")) run.seconds = 1e9;
  });
}

void add_bench(CLI::App& app, BenchCommand& bench) {
  app.add_option("LIBRARY", bench.library, "shared library to measure (the bundled probe if none is named)");
  app.add_option("--interface", bench.interface_file, "its interface file (the one beside it if none is named)");
  app.add_option("--against", bench.against, "a second library, measured in the same rounds");
  app.add_option("--interface2", bench.against_interface, "the second library's interface file");
  app.add_option("--row", bench.rows, "a row, or those whose names begin so; may be given again")->type_name("NAME")->allow_extra_args(false);
  app.add_option("--rounds", bench.rounds, "rounds, the sides of a row taking turns")->check(whole_number)->capture_default_str();
  app.add_flag("--scale", bench.scale, "the rows for which the number of requests, listeners or contexts grows");
  app.add_flag("--remote", bench.remote, "the reference's endpoint beside bare pipes; no library is measured");
  app.add_flag("--explain", bench.explain, "say what the rows and their floors do, with the floors' code, and measure nothing");
  app.add_option("--json", bench.json, "write the result to a file (- for standard output)");
  app.add_option_function<std::string>("--timeout", [&bench](const std::string& t) { bench.timeout_s = backstop_of(t); },
                                       "how long one measurement may take (60s)");
}

void add_peer(CLI::App& app, PeerCommand& peer) {
  app.add_option("COMMAND", peer.command, "the peer's command and its arguments, after --");
  app.add_option("--dialect", peer.dialect, "how ids are written: plain (7) or tagged ([\"LPID\", 7])")->check(CLI::IsMember({"plain", "tagged"}))->capture_default_str();
  app.add_option("--max-frame", peer.max_frame, "bytes that a frame may hold, as agreed with the peer")->check(CLI::Range(1'000, 16'000'000))->capture_default_str();
  app.add_flag("--as-child", peer.as_child, "the peer is a parent: it is started with the command of its child as further\n"
                                            "arguments, and that child is the judge's");
  app.add_option("--rule", peer.rules, "rules or chapters to judge: WIRE-2, RMT")->type_name("ID|CHAPTER")->allow_extra_args(false);
  app.add_option("--seed", peer.seed, "of the generated conversations")->capture_default_str();
  auto* cases = app.add_option("--cases", peer.cases, "conversations to hold (10,000, or what 60 s allow)")->check(whole_number);
  app.add_option_function<std::string>("--time", [&peer, cases](const std::string& t) {
    peer.seconds = seconds_of(t);
    if (cases->count() == 0) peer.cases = ~std::uint64_t{0};
  }, "time for conversations instead: 30s");
  app.add_option("--replay", peer.replay, "hold a saved conversation again, with this command or its own")->type_name("FILE");
  app.add_option("--repeat", peer.repeat, "how many times, with --replay")->check(whole_number);
  app.add_option("--junit", peer.junit, "write the result as JUnit XML to a file (- for standard output)")->type_name("FILE");
  app.add_option("--json", peer.json, "write the result to a file (- for standard output)")->type_name("FILE");
  app.callback([&peer, cases, &app] {
    if (cases->count() && !app.count("--time")) peer.seconds = 1e9;
  });
}

void add_bindgen(CLI::App& app, BindgenCommand& bindgen, const Bindgen& how) {
  app.add_option("--interface", bindgen.interface_file, "the library's interface file, which names a schema")->required()->type_name("FILE");
  app.add_option("--lang", bindgen.language, how.languages)->required()->type_name("LANGUAGE");
  app.add_option("--out", bindgen.directory, "directory for what is written; made if it is missing")->required()->type_name("DIR");
}

// What CLI11 could not place. The first unknown option says most; it would list all that came with it.
std::string left_over(const CLI::App& app, const std::vector<std::string>& words, const CLI::ExtrasError& error) {
  if (app.get_subcommands().empty()) return error.what();
  const CLI::App& command = *app.get_subcommands().front();
  for (const std::string& word : words) {
    if (word == "--") break;
    const std::string name = word.substr(0, word.find('='));
    if (name.starts_with("--") && !command.get_option_no_throw(name))
      return fmt::format("{} has no option {} (ffi-cts {} --help lists them)", command.get_name(), name, command.get_name());
  }
  return error.what();
}

}  // namespace

std::string worker_program(Sanitizer sanitizer) {
  std::string name = "ffi-cts-worker";
  if (sanitizer != own_sanitizer) name += fmt::format("-{}", worker_word(sanitizer));
  auto here = program_directory();
  auto installed = here.parent_path() / "libexec" / "ffi-cts" / name;
  std::string found = std::filesystem::exists(here / name) ? here / name : installed;
  if (!std::filesystem::exists(found))
    throw std::runtime_error(fmt::format("--worker {}: {} is missing: this ffi-cts was built without it", worker_word(sanitizer), (here / name).string()));
  return found;
}

WorkerSetup worker_setup(const std::string& library, const std::string& interface_file, double timeout_s, const std::string& worker) {
  WorkerSetup setup;
  setup.sanitizer = worker.empty() ? own_sanitizer : sanitizer_of_word(worker).value();
  setup.program = worker_program(setup.sanitizer);
  setup.instrumented = instrumentation_of(library).sanitizer == setup.sanitizer;
  setup.library = library;
  setup.interface_file = interface_file;
  // Sanitizers slow everything down, and their own threads tick.
  const double slower = setup.sanitizer == Sanitizer::none ? 1 : 5;
  setup.backstop_s = timeout_s * slower;
  setup.give_up_s *= slower;
  return setup;
}

std::string bundled_library(const std::string& name) {
  auto libraries = program_directory().parent_path() / "lib";
  auto installed = libraries / "ffi-cts";
  return (std::filesystem::exists(installed) ? installed : libraries) / name;
}

std::string interface_beside(const std::string& library) {
  std::filesystem::path path(library);
  std::string name = path.filename().string();
  if (name.starts_with("lib")) name.erase(0, 3);
  if (std::size_t at = name.find(".so"); at != std::string::npos) name.erase(at);
  path.replace_filename(name + ".toml");
  if (!std::filesystem::exists(path))
    throw std::runtime_error(fmt::format("{}: no such file, the interface file of {}; --interface names another", path.string(), library));
  return path;
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

bool use_color(const CommonOptions& common) {
  if (common.color != "auto") return common.color == "always";
  return isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR");
}

std::vector<Judge> chosen(const Suite& suite, const std::vector<std::string>& names) {
  if (names.empty()) return {suite.judges.begin(), suite.judges.end()};
  std::vector<Judge> out;
  for (const std::string& name : names) {
    if (!spec::find_rule(name) && !spec::find_chapter(name)) throw std::runtime_error(fmt::format("{}: no such rule or chapter (see: ffi-cts list)", name));
    bool any = false;
    for (const Judge& judge : suite.judges) {
      if (judge.rule.id() != name && judge.rule.rule().chapter != name) continue;
      any = true;
      out.push_back(judge);
    }
    if (!any) throw std::runtime_error(fmt::format("{}: this version has no judge for it", name));
  }
  return out;
}

int command_line(int argc, char** argv, const Suite& suite) {
  CLI::App app{"Judges a shared library with an asynchronous C ABI, rule by rule.\n"
               "Exit code: 0 all pass or fail as expected (a broken SHOULD is a warning), 1 a rule is broken or an expectation does not\n"
               "hold, 2 the command, a file or a library cannot be used, 3 only unknown or not exercised rules are left, or the\n"
               "library could not be judged to the end."};
  // The child of a parent that is judged: see harness/peer/stub.cpp.
  if (argc == 3 && std::string_view(argv[1]) == "peer-stub") return peer::stub_main(argv[2]);
  app.set_version_flag("--version", "ffi-cts " FFI_CTS_VERSION);
  app.require_subcommand(1);
  if (argc > 1 && argv[1][0] != '-') {
    constexpr std::array<std::string_view, 7> known = {"run", "peer", "replay", "list", "explain", "bench", "bindgen"};
    if (std::find(known.begin(), known.end(), argv[1]) == known.end()) {
      fmt::print(stderr, "ffi-cts: {}: no such command (there are run, peer, replay, list, explain, bench and bindgen)\n", argv[1]);
      return 2;
    }
  }

  RunCommand run_command;
  CLI::App* run_app = app.add_subcommand("run", "judge a library");
  add_run(*run_app, run_command);
  add_common(*run_app, run_command.common);

  PeerCommand peer_command;
  CLI::App* peer_app = app.add_subcommand("peer", "judge a remote peer that speaks framed CBOR on its stdin and stdout");
  add_peer(*peer_app, peer_command);
  add_common(*peer_app, peer_command.common);

  ReplayCommand replay_command;
  CLI::App* replay_app = app.add_subcommand("replay", "run a saved counterexample again");
  replay_app->add_option("CASE", replay_command.case_file, "a .case file")->required();
  replay_app->add_option("--repeat", replay_command.repeat, "how many times")->check(whole_number);
  add_common(*replay_app, replay_command.common);

  FaultyCommand faulty;
  std::string what = "rules";
  CLI::App* list_app = app.add_subcommand("list", "the rules, or the bundled faulty libraries and what they are caught by");
  list_app->add_option("WHAT", what, "rules or faulty")->check(CLI::IsMember({"rules", "faulty"}));
  list_app->add_option("--seeds", faulty.seeds, "faulty: how many seeds each is tried with")->check(whole_number);
  list_app->add_option("--seed", faulty.first_seed, "faulty: the first of them");
  list_app->add_option("--only", faulty.only, "faulty: those whose id begins so");
  list_app->add_option_function<std::string>("--time", [&faulty](const std::string& t) { faulty.seconds = seconds_of(t); }, "faulty: time for each library and seed (60s)");
  list_app->add_option_function<std::string>("--shrink", [&faulty](const std::string& t) { faulty.shrink_seconds = seconds_of(t); },
                                             "faulty: time to shorten a counterexample (10s); less where only the catching counts");
  list_app->add_option("--jobs", faulty.jobs, "faulty: how many are tried at a time (1)")->check(whole_number);
  list_app->add_flag("--json", faulty.json, "faulty: as JSON");
  list_app->add_option("--markdown", faulty.markdown, "faulty: write the table to a file");
  list_app->add_flag("--check", faulty.check, "faulty: exit code 1 unless each is caught as it must be");

  std::string rule;
  CLI::App* explain_app = app.add_subcommand("explain", "a rule: its sentence, why it is there, a right and a wrong example");
  explain_app->add_option("RULE", rule, "EVT-9")->required();

  BenchCommand bench_command;
  CLI::App* bench_app = app.add_subcommand("bench", "what calls through the C ABI cost, each beside its floor: the same without a library");
  add_bench(*bench_app, bench_command);

  BindgenCommand bindgen_command;
  CLI::App* bindgen_app = app.add_subcommand("bindgen", "write bindings, or a library's skeleton, from an interface file and its schema");
  add_bindgen(*bindgen_app, bindgen_command, suite.bindgen);

  try {
    app.parse(argc, argv);
    if (bench_app->parsed()) return run_bench(bench_command);
    if (bindgen_app->parsed()) return run_bindgen(bindgen_command, suite.bindgen);
    if (run_app->parsed()) return run(run_command, suite);
    if (peer_app->parsed()) return judge_peer(peer_command, suite);
    if (replay_app->parsed()) return replay(replay_command, suite);
    if (explain_app->parsed()) return explain(rule);
    return what == "rules" ? list_rules() : list_faulty(faulty, suite);
  } catch (const CLI::ExtrasError& error) {
    fmt::print(stderr, "ffi-cts: {}\n", left_over(app, {argv + 1, argv + argc}, error));
  } catch (const CLI::ParseError& error) {
    // Help and version are no errors; all else is one clear line.
    if (error.get_exit_code() == 0) return app.exit(error);
    fmt::print(stderr, "ffi-cts: {}\n", error.what());
  } catch (const std::exception& error) {
    fmt::print(stderr, "ffi-cts: {}\n", error.what());
  }
  return 2;
}

}  // namespace ffi_cts
