// The command ffi-cts: what it is given by main, and its subcommands.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "harness/engine/engine.hpp"
#include "harness/peer/engine.hpp"

namespace ffi_cts {

// Bindings from an interface file: the reference's, which the harness does not know.
struct Bindgen {
  std::string languages;  // "c, library"
  // Writes what the language has for the interface file into the directory and returns the paths. Throws what is wrong.
  std::function<std::vector<std::string>(const std::string& interface_file, const std::string& language, const std::string& directory)> generate;
};

// What main hands to the command.
struct Suite {
  std::span<const Judge> judges;
  std::vector<Scenario> scenarios;
  Bindgen bindgen;
  std::span<const peer::Judge> peer_judges;
  std::function<std::vector<peer::Opening>(bool parent)> conversations;
};

// Parses the arguments and does what they say. Returns the exit code: 0, 1, 2 or 3 as the help tells.
int command_line(int argc, char** argv, const Suite& suite);

// ---- the subcommands ----

struct CommonOptions {
  std::string color = "auto";
  bool quiet = false, strict = false;
  double timeout_s = 10;            // the backstop of a hang
  std::string save = "./ffi-cts-cases";
  std::string worker;               // plain, asan or tsan; empty: as this program is built, or as the case says
};

struct RunCommand {
  CommonOptions common;
  std::string library, interface_file, junit, json, expect;
  std::vector<std::string> rules;   // ids or chapters
  std::uint64_t seed = 1, cases = 10'000;
  double seconds = 60;
  bool generated_only = false, coverage = false, costs = false;
};
int run(const RunCommand& command, const Suite& suite);

struct ReplayCommand {
  CommonOptions common;
  std::string case_file;
  int repeat = 1;
};
int replay(const ReplayCommand& command, const Suite& suite);

struct PeerCommand {
  CommonOptions common;
  std::vector<std::string> command;
  std::string dialect = "plain", junit, json, replay;
  std::size_t max_frame = peer::default_frame_limit;
  std::vector<std::string> rules;   // ids or chapters
  std::uint64_t seed = 1, cases = 10'000;
  double seconds = 60;
  bool as_child = false;            // the peer is the parent of a child that is the judge's
  int repeat = 1;                   // of a replay
};
int judge_peer(const PeerCommand& command, const Suite& suite);
peer::RunOptions run_options(const PeerCommand& command);
// Of `command` the case file, the peer's command unless it is empty, and how often.
int replay_conversation(PeerCommand command, const Suite& suite);

int list_rules();
int explain(const std::string& rule);

struct FaultyCommand {
  std::uint64_t seeds = 1, first_seed = 1;
  bool json = false;
  std::string markdown;             // a file to write the table to
  std::string only;                 // ids that begin with this
  double seconds = 60;              // for each library and seed
  double shrink_seconds = 10;       // for each counterexample; below 3 only the first one is shrunk
  unsigned jobs = 1;                // libraries that are tried at a time
  bool check = false;               // exit code 1 unless every plant is caught as it must be
};
int list_faulty(const FaultyCommand& command, const Suite& suite);

struct BenchCommand {
  std::string library, interface_file, against, against_interface, json;
  std::vector<std::string> rows;    // names begin so
  int rounds = 15;
  double timeout_s = 60;            // for one measurement
  bool scale = false, remote = false, explain = false;
};
int run_bench(const BenchCommand& command);

struct BindgenCommand {
  std::string interface_file, language, directory;
};
int run_bindgen(const BindgenCommand& command, const Bindgen& bindgen);

// ---- shared by them ----

// Paths beside the running program: the worker, the bundled libraries.
// Throws std::runtime_error when there is no worker of that kind.
std::string worker_program(Sanitizer sanitizer);
// What workers for a library are started with. `worker`: as CommonOptions has it. Throws std::runtime_error.
WorkerSetup worker_setup(const std::string& library, const std::string& interface_file, double timeout_s, const std::string& worker);
std::string bundled_library(const std::string& name);  // "libprobe.so", "faulty/REQ-1_twice.so"
// The interface file that lies beside a library: libmy_timer.so has my_timer.toml.
std::string interface_beside(const std::string& library);
// Writes the text and a newline; to standard output where the file is "-". Throws std::runtime_error.
void write_text(const std::string& file, const std::string& text);
bool use_color(const CommonOptions& common);
// The judges of these ids and chapters; all when none are named. Throws std::runtime_error on a name that is neither.
std::vector<Judge> chosen(const Suite& suite, const std::vector<std::string>& names);

}  // namespace ffi_cts
