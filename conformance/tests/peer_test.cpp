// `ffi-cts peer`, as people use it: on peers that are right, on faulty ones, and used wrongly.
#include <gmock/gmock.h>

#include <fstream>

#include "conformance/tests/files.hpp"
#include "conformance/tests/verdicts.hpp"

namespace ffi_cts::tests {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class Peer : public testing::Test {
 protected:
  Outcome run(std::vector<std::string> options, std::vector<std::string> command = {}) {
    std::vector<std::string> arguments{"peer", "--save", directory.path() + "/cases"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    if (!command.empty()) arguments.push_back("--");
    arguments.insert(arguments.end(), command.begin(), command.end());
    return Command(std::move(arguments)).in(directory.path()).within(120).run();
  }
  static std::string faulty(const std::string& name) { return library("faulty/peers/" + name); }

  const std::string c_peer = FFI_CTS_C_PEER, python_peer = FFI_CTS_PYTHON_PEER, impatient_peer = FFI_CTS_IMPATIENT_PEER;
  Directory directory;
};

TEST_F(Peer, A_good_one_passes_all_rules_as_child_and_as_parent_in_both_dialects) {
  Outcome child = run({"--cases", "300"}, {c_peer});
  EXPECT_EQ(child.code, 0) << child;
  EXPECT_THAT(child.out, HasSubstr("18 rules: 16 pass, 2 not applicable\n"));
  Outcome tagged = run({"--cases", "150", "--dialect", "tagged", "--max-frame", "2000"},
                       {c_peer, "--dialect", "tagged", "--max-frame", "2000"});
  EXPECT_EQ(tagged.code, 0) << tagged;
  Outcome parent = run({"--cases", "80", "--as-child"}, {c_peer, "--parent"});
  EXPECT_EQ(parent.code, 0) << parent;
  EXPECT_THAT(parent.out, HasSubstr("18 rules: 18 pass\n"));
}

TEST_F(Peer, One_that_takes_long_to_start_passes_too) {
  Outcome child = run({"--cases", "45"}, {python_peer});
  EXPECT_EQ(child.code, 0) << child;
  Outcome parent =
      run({"--cases", "40", "--as-child", "--dialect", "tagged"}, {python_peer, "--dialect", "tagged", "--parent"});
  EXPECT_EQ(parent.code, 0) << parent;
}

TEST_F(Peer, One_that_ends_what_is_not_read_forgets_links_of_the_dead_and_marks_diagnostics_passes_too) {
  Outcome child = run({"--cases", "40"}, {impatient_peer});
  EXPECT_EQ(child.code, 0) << child;
  Outcome parent = run({"--cases", "60", "--as-child"}, {impatient_peer, "--parent"});
  EXPECT_EQ(parent.code, 0) << parent;
}

TEST_F(Peer, One_that_prints_much_is_still_seen_to_pass_diagnostics_on) {
  Outcome outcome = run({"--cases", "45", "--as-child", "--rule", "RMT-10"},
                        {"/bin/sh", "-c", "yes x | head -3000 >&2; exec \"$0\" --parent \"$@\"", c_peer});
  EXPECT_EQ(outcome.code, 0) << outcome;
}

TEST_F(Peer, A_failure_shows_its_conversation_and_is_replayed_from_its_file) {
  Outcome outcome = run({"--cases", "60", "--rule", "RMT-5", "--json", directory.path() + "/result.json"},
                        {faulty("RMT-5_generic_reason")});
  EXPECT_EQ(outcome.code, 1) << outcome;
  for (const char* part :
       {"FAIL RMT-5 MUST  ", "\n  expected  ", "it hears \"error\"", "\n            1  j1 link_me conformance\n",
        "\n            2  j1 end \"boom\"\n", "judge  exit 1 \"boom\"  [8364657869740164626f6f6d]",
        "\n  again     reproduced 10 of 10\n", "\n  replay    ffi-cts replay "})
    EXPECT_THAT(outcome.out, HasSubstr(part));
  std::ifstream file(directory.path() + "/result.json");
  const auto json = nlohmann::json::parse(file);
  const std::string saved = json["rules"][0]["case"];
  EXPECT_EQ(json["rules"][0]["steps"], 2);
  Outcome again = Command({"replay", saved, "--repeat", "3"}).in(directory.path()).run();
  EXPECT_EQ(again.code, 1) << again;
  EXPECT_THAT(again.out, HasSubstr("RMT-5 broken in 3 of 3 replays\n"));
  Outcome mended = run({"--replay", saved}, {c_peer});
  EXPECT_EQ(mended.code, 0) << mended;
  EXPECT_THAT(mended.out, HasSubstr("RMT-5 broken in 0 of 1 replays\n"));
}

TEST_F(Peer, One_that_dies_hangs_or_never_speaks_ends_the_run_all_the_same) {
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"/bin/false"},
                                             {"/bin/cat"},
                                             {"/bin/sh", "-c", "kill -9 $$"},
                                             {"/bin/sh", "-c", "exec cat > /dev/null"},
                                             {"/usr/bin/yes"}}) {
    Outcome outcome = run({"--cases", "4", "--rule", "RMT-3", "--rule", "WIRE-1"}, command);
    EXPECT_EQ(outcome.code, 1) << outcome;
  }
}

// What it prints, or says unasked, is no progress.
TEST_F(Peer, One_that_hangs_and_goes_on_talking_ends_the_run_all_the_same) {
  for (const char* script :
       {"exec yes >&2", "while :; do printf 'Z\\0\\0\\0\\014\\203hproxy_id\\001\\002'; sleep 0.02; done"}) {
    Outcome outcome = run({"--cases", "2", "--rule", "RMT-3", "--timeout", "50ms"}, {"/bin/sh", "-c", script});
    EXPECT_EQ(outcome.code, 1) << outcome;
  }
}

TEST_F(Peer, One_that_takes_longer_than_a_moment_is_not_called_hung) {
  const std::string file = directory.path() + "/slow.conversation";
  std::ofstream(file) << "ffi-cts conversation 1\nrule WIRE-5\n\nbad \"an empty frame\"\n";
  Outcome outcome = run({"--replay", file}, {"/bin/sh", "-c", "sleep 3; exec " + c_peer});
  EXPECT_EQ(outcome.code, 0) << outcome;
}

TEST_F(Peer, Wrong_use_is_one_clear_line_and_exit_code_2) {
  const auto told = [&](std::vector<std::string> options, std::vector<std::string> command, const std::string& what) {
    Outcome outcome = run(std::move(options), std::move(command));
    EXPECT_EQ(outcome.code, 2) << outcome;
    EXPECT_THAT(outcome.err, HasSubstr(what)) << outcome;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome;
  };
  told({}, {}, "the peer's command is missing");
  told({}, {"/no/such/peer"}, "/no/such/peer: No such file or directory");
  told({"--as-child"}, {"/bin/true"}, "/bin/true: it never started the command of its child");
  told({"--dialect", "spoken"}, {c_peer}, "spoken");
  told({"--rule", "EVT-9"}, {c_peer}, "EVT-9: no rule or chapter that peers are judged by");
  told({"--replay", "nowhere"}, {}, "nowhere: cannot be read");
  const auto saved = [&](const std::string& text) {
    std::ofstream(directory.path() + "/x.conversation") << text;
    return directory.path() + "/x.conversation";
  };
  told({"--replay", saved("hello\n")}, {c_peer}, "x.conversation:1: not a saved conversation");
  told({"--replay", saved("ffi-cts conversation 1\nrule EVT-9\n\nwait\n")}, {c_peer},
       "x.conversation:2: the spec has no rule \"EVT-9\" for peers");
  told({"--replay", saved("ffi-cts conversation 1\nrule RMT-1\n\nwait\njump\n")}, {c_peer},
       "x.conversation:5: \"jump\" is no step");
  told({"--replay", saved("ffi-cts conversation 1\nrule RMT-1\nword c-peer\n\n")}, {c_peer}, "the steps are missing");
}

}  // namespace
}  // namespace ffi_cts::tests
