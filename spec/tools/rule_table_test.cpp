#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <ffi_cts/rule_table.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "chapter_reader.hpp"
#include "table_writer.hpp"

extern "C" int abi_as_c(void);

namespace {

using namespace ffi_cts::spec::tools;
namespace spec = ffi_cts::spec;

// A good rule that begins at line 3 of a good chapter, and the means to spoil it.
const std::string good_heading = "# 5 · events · EVT\n\n";
const std::string good_rule =
    "### EVT-9 · MUST · library · judged\n"
    "One sentence that\n"
    "wraps.\n"
    "\n"
    "*Intent:* Why.\n"
    "\n"
    "*Needs:* role emit or role echo; export remove_event_listener; proc\n"
    "\n"
    "*Right:*\n"
    "```c\n"
    "### not a heading\n"
    "  right();\n"
    "```\n"
    "*Wrong:*\n"
    "```c\n"
    "wrong();\n"
    "```\n";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

Reading reading_of(const std::string& rules, const std::string& path = "spec/5_events.md") {
  Reading reading;
  read_chapter(path, good_heading + rules, reading);
  finish(reading);
  return reading;
}

// What the first complaint about these rules says; empty if there is none.
std::string complaint(const std::string& rules, const std::string& path = "spec/5_events.md") {
  const auto reading = reading_of(rules, path);
  return reading.complaints.empty() ? std::string() : reading.complaints.front().text();
}

TEST(RuleReader, reads_a_well_formed_rule) {
  const auto reading = reading_of(good_rule);
  ASSERT_TRUE(reading.complaints.empty()) << reading.complaints.front().text();
  ASSERT_EQ(reading.rules.size(), 1u);
  const auto& rule = reading.rules.front();
  EXPECT_EQ(rule.id(), "EVT-9");
  EXPECT_EQ(rule.line, 3);
  EXPECT_TRUE(rule.judged);
  EXPECT_EQ(rule.sentence, "One sentence that wraps.");
  EXPECT_EQ(rule.intent, "Why.");
  EXPECT_EQ(rule.right_example, "### not a heading\n  right();\n");
  EXPECT_EQ(rule.wrong_example, "wrong();\n");
  ASSERT_EQ(rule.need_list.size(), 3u);
  EXPECT_EQ(rule.need_list[0].any_of, (std::vector<std::string>{"emit", "echo"}));
  EXPECT_EQ(rule.need_list[2].kind, "proc");
}

TEST(RuleReader, reads_an_unjudged_rule_with_its_reason) {
  const auto text = with(good_rule, "judged\n", "unjudged\n*Unjudged:* Not yet.\n\n");
  const auto reading = reading_of(text);
  ASSERT_TRUE(reading.complaints.empty()) << reading.complaints.front().text();
  EXPECT_FALSE(reading.rules.front().judged);
  EXPECT_EQ(reading.rules.front().unjudged_reason, "Not yet.");
  EXPECT_EQ(reading.rules.front().sentence, "One sentence that wraps.");
}

TEST(RuleReader, names_file_and_line_of_a_malformed_heading) {
  const auto spoiled = [](const std::string& heading) {
    return complaint(with(good_rule, "EVT-9 · MUST · library · judged", heading));
  };
  EXPECT_EQ(spoiled("EVT-9 MUST library judged").rfind("spec/5_events.md:3: a rule's heading is", 0), 0u);
  EXPECT_EQ(spoiled("EVT-9 · MUST · library"),
            "spec/5_events.md:3: a rule's heading is '### EVT-9 · MUST · library · judged', "
            "this is 'EVT-9 · MUST · library'");
  EXPECT_EQ(spoiled("EVT9 · MUST · library · judged"), "spec/5_events.md:3: malformed rule id 'EVT9'");
  EXPECT_EQ(spoiled("FOO-9 · MUST · library · judged"),
            "spec/5_events.md:3: unknown chapter 'FOO' in the rule id 'FOO-9'");
  EXPECT_EQ(spoiled("REQ-9 · MUST · library · judged"), "spec/5_events.md:3: 'REQ-9' belongs into 2_requests.md");
  for (const std::string id : {"EVT-0", "EVT-09", "EVT--1", "EVT-", "EVT-9x"}) {
    EXPECT_EQ(spoiled(id + " · MUST · library · judged"),
              "spec/5_events.md:3: the number of the rule id '" + id + "' should be 1 or more");
  }
}

TEST(RuleReader, names_file_and_line_of_an_unknown_word) {
  EXPECT_EQ(complaint(with(good_rule, "MUST", "MAY")),
            "spec/5_events.md:3: unknown word 'MAY' in the heading, expected MUST or SHOULD");
  EXPECT_EQ(complaint(with(good_rule, "library", "lib")),
            "spec/5_events.md:3: unknown word 'lib' in the heading, expected library, host or peer");
  EXPECT_EQ(complaint(with(good_rule, "judged", "jugded")),
            "spec/5_events.md:3: unknown word 'jugded' in the heading, expected judged or unjudged");
}

TEST(RuleReader, names_file_and_line_of_a_rule_with_a_part_missing) {
  EXPECT_EQ(complaint(with(good_rule, "One sentence that\nwraps.\n", "")),
            "spec/5_events.md:3: EVT-9: missing sentence");
  EXPECT_EQ(complaint(with(good_rule, "*Intent:* Why.\n", "")), "spec/5_events.md:3: EVT-9: missing Intent");
  EXPECT_EQ(complaint(with(good_rule, "*Intent:* Why.", "*Intent:*")), "spec/5_events.md:3: EVT-9: missing Intent");
  const std::string needs = "*Needs:* role emit or role echo; export remove_event_listener; proc\n";
  EXPECT_EQ(complaint(with(good_rule, needs, "")), "spec/5_events.md:3: EVT-9: missing Needs");
  EXPECT_EQ(complaint(with(good_rule, "judged", "unjudged")), "spec/5_events.md:3: EVT-9: missing Unjudged reason");
  EXPECT_EQ(complaint(with(good_rule, "wrong();\n", "")), "spec/5_events.md:3: EVT-9: missing Wrong example");
}

TEST(RuleReader, names_file_and_line_of_an_unknown_need) {
  const auto spoiled = [](const std::string& needs) {
    return complaint(with(good_rule, "role emit or role echo; export remove_event_listener; proc", needs));
  };
  EXPECT_EQ(spoiled("nothing"), "");
  EXPECT_EQ(spoiled("event"), "");
  EXPECT_EQ(spoiled("burst; proc"), "");
  EXPECT_EQ(spoiled("contract wildcard; role progress"), "");
  EXPECT_EQ(spoiled("role dance"), "spec/5_events.md:9: EVT-9: unknown need 'role dance'");
  EXPECT_EQ(spoiled("contract wildcards"), "spec/5_events.md:9: EVT-9: unknown need 'contract wildcards'");
  EXPECT_EQ(spoiled("export destroy"), "spec/5_events.md:9: EVT-9: unknown need 'export destroy'");
  EXPECT_EQ(spoiled("proc; "), "spec/5_events.md:9: EVT-9: unknown need ''");
  EXPECT_EQ(spoiled("role emit or proc"),
            "spec/5_events.md:9: EVT-9: only roles can be alternatives: 'role emit or proc'");
}

TEST(RuleReader, names_file_and_line_of_a_duplicate) {
  EXPECT_EQ(complaint(good_rule + good_rule),
            "spec/5_events.md:20: duplicate rule id 'EVT-9', first in spec/5_events.md:3");
}

TEST(RuleReader, names_file_and_line_of_what_is_out_of_place) {
  EXPECT_EQ(complaint(good_rule + "*Itent:* Typo.\n"), "spec/5_events.md:20: EVT-9: unknown field 'Itent'");
  EXPECT_EQ(complaint(good_rule + "*Intent:* Again.\n"), "spec/5_events.md:20: EVT-9: a second 'Intent'");
  EXPECT_EQ(complaint(good_rule + "Stray words.\n"), "spec/5_events.md:20: EVT-9: text outside a field; use *Note:*");
  EXPECT_EQ(complaint(good_rule + "```c\n```\n"),
            "spec/5_events.md:20: EVT-9: a fenced block must follow *Right:* or *Wrong:*");
  EXPECT_EQ(complaint(good_rule + "\n*Note:* fine.\n\n```c\n").substr(0, 20), "spec/5_events.md:23:");
  EXPECT_EQ(complaint(good_rule, "spec/5_evnets.md"), "spec/5_evnets.md:1: '5_evnets.md' is the name of no chapter");
  EXPECT_EQ(complaint(good_rule, "spec/2_requests.md"),
            "spec/2_requests.md:1: the chapter's heading should be '# 2 · requests · REQ'");
}

class Tool : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "ffi_cts_spec_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  // Runs the tool on one chapter; what it printed is in output().
  int run(const std::string& chapter) {
    std::ofstream(directory_ / "5_events.md") << chapter;
    const auto in = [this](const char* name) { return "'" + (directory_ / name).string() + "'"; };
    const std::string command =
        "'" RULE_TABLE_TOOL "' " + in("table.hpp") + " " + in("5_events.md") + " >" + in("output") + " 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string output() const {
    std::ifstream file(directory_ / "output");
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  bool wrote_a_table() const { return std::filesystem::exists(directory_ / "table.hpp"); }

  std::filesystem::path directory_;
};

TEST_F(Tool, writes_a_table_from_good_chapters) {
  EXPECT_EQ(run(good_heading + good_rule), 0) << output();
  EXPECT_TRUE(wrote_a_table());
  EXPECT_EQ(output(), "");
}

TEST_F(Tool, ends_with_status_1_and_file_and_line_and_writes_nothing) {
  EXPECT_EQ(run(good_heading + with(good_rule, "MUST", "MUSTN'T")), 1);
  EXPECT_EQ(output(), (directory_ / "5_events.md").string() +
                          ":3: unknown word 'MUSTN'T' in the heading, expected MUST or SHOULD\n");
  EXPECT_FALSE(wrote_a_table());
}

TEST(TableWriter, makes_literals_of_any_text) {
  EXPECT_EQ(literal("a\"b\\c\n\x01"
                    "1·?"),
            "\"a\\\"b\\\\c\\n\\0011·\\?\"");
}

TEST(RuleTable, holds_every_chapter) {
  std::map<std::string_view, int> count;
  for (const auto& rule : spec::rules) ++count[rule.chapter];
  EXPECT_EQ(spec::chapters.size(), 11u);
  const std::map<std::string_view, int> expected = {{"LOAD", 6}, {"REQ", 22}, {"PAY", 13}, {"NAT", 7},
                                                    {"EVT", 20}, {"HST", 21}, {"THR", 9},  {"END", 16},
                                                    {"WIRE", 6}, {"RMT", 12}, {"OBL", 14}};
  EXPECT_EQ(count, expected);
}

TEST(RuleTable, numbers_the_rules_of_a_chapter_without_gap) {
  std::map<std::string_view, int> last;
  for (const auto& rule : spec::rules) EXPECT_EQ(rule.number, ++last[rule.chapter]) << rule.id;
}

TEST(RuleTable, says_of_every_rule_why_it_is_there) {
  for (const auto& rule : spec::rules) {
    EXPECT_GT(rule.sentence.size(), 20u) << rule.id;
    EXPECT_GT(rule.intent.size(), 20u) << rule.id;
    EXPECT_EQ(rule.judged, rule.unjudged_reason.empty()) << rule.id;
    EXPECT_NE(rule.right_example, rule.wrong_example) << rule.id;
    EXPECT_EQ(rule.needs == "nothing", rule.need_list.empty()) << rule.id;
    EXPECT_EQ(spec::find_chapter(rule.chapter)->number, rule.chapter_number) << rule.id;
  }
}

TEST(RuleTable, finds_rules_by_id_and_by_constant) {
  constexpr spec::RuleId id = spec::rule::REQ_1;
  EXPECT_EQ(id.id(), "REQ-1");
  EXPECT_EQ(of(id).chapter_title, "requests");
  EXPECT_EQ(spec::find_rule("REQ-1"), &id.rule());
  EXPECT_EQ(spec::RuleId(id.rule()), id);
  EXPECT_LT(spec::rule::REQ_2, spec::rule::REQ_10);
  EXPECT_EQ(spec::find_rule("REQ-999"), nullptr);
  EXPECT_EQ(spec::find_chapter("FOO"), nullptr);
}

TEST(Header, compiles_as_c_and_as_cpp) {
  EXPECT_EQ(abi_as_c(), 0);
}

}  // namespace
