// Spec, judges and faulty libraries name the same rules: each judged rule has a judge and a faulty library, and each of
// these a rule.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "conformance/rules/judge.hpp"
#include "conformance/rules/peer_judge.hpp"
#include "conformance/scenarios/conversations.hpp"
#include "conformance/scenarios/scenarios.hpp"
#include "harness/interface/toml_tree.hpp"

namespace ffi_cts {
namespace {

using testing::ContainerEq;
using testing::IsEmpty;
using testing::Not;
using Ids = std::set<std::string>;

const std::filesystem::path folder = FFI_CTS_SOURCE_DIR "/conformance/faulty";

struct Entry {
  std::string id, rule, summary;
  std::int64_t minimum = 0;
  std::vector<std::string> rules;  // a foreign one's
};

std::vector<Entry> entries(const std::string& kind, const std::string& name = "faulty.toml") {
  std::string file = folder / name;
  std::ifstream in(file);
  toml_tree::Node root = toml_tree::parse(std::string{std::istreambuf_iterator<char>(in), {}}, file);
  std::vector<Entry> out;
  for (const toml_tree::Entry& tables : *root.entries()) {
    if (tables.key != kind) continue;
    for (const toml_tree::Node& table : *tables.value.array()) {
      Entry& entry = out.emplace_back();
      for (const toml_tree::Entry& field : *table.entries()) {
        if (field.key == "id") entry.id = *field.value.text();
        if (field.key == "rule") entry.rule = *field.value.text();
        if (field.key == "summary") entry.summary = *field.value.text();
        if (field.key == "minimum") entry.minimum = std::get<std::int64_t>(field.value.data);
        if (field.key != "rules") continue;
        for (const toml_tree::Node& rule : *field.value.array()) entry.rules.push_back(*rule.text());
      }
    }
  }
  return out;
}

Ids ids_of(const std::vector<Entry>& all) {
  Ids ids;
  for (const Entry& entry : all) ids.insert(entry.id);
  return ids;
}

// Those of libraries, and those of peers.
std::vector<Entry> plants() {
  std::vector<Entry> out = entries("faulty"), peers = entries("faulty", "peers/peers.toml");
  out.insert(out.end(), peers.begin(), peers.end());
  return out;
}

Ids sources_in(const std::filesystem::path& directory) {
  Ids stems;
  for (const auto& file : std::filesystem::directory_iterator(directory))
    if (file.path().extension() == ".cpp" || file.path().extension() == ".c") stems.insert(file.path().stem());
  return stems;
}

Ids judged_rules() {
  Ids ids;
  for (const spec::Rule& rule : spec::rules)
    if (rule.judged) ids.emplace(rule.id);
  return ids;
}

TEST(Traceability, The_rules_marked_judged_are_those_that_have_a_judge) {
  Ids judges;
  for (const Judge& judge : rules::all())
    EXPECT_TRUE(judges.emplace(judge.rule.id()).second) << judge.rule.id() << " has two judges";
  for (const peer::Judge& judge : peer::rules::peers())
    EXPECT_TRUE(judges.emplace(judge.rule.id()).second) << judge.rule.id() << " has two judges";
  EXPECT_THAT(judges, ContainerEq(judged_rules()));
  EXPECT_GE(judges.size(), 60u);
}

TEST(Traceability, The_rules_marked_judged_are_those_that_a_faulty_library_breaks) {
  Ids broken;
  for (const Entry& entry : plants()) broken.insert(entry.rule);
  EXPECT_THAT(broken, ContainerEq(judged_rules()));
}

TEST(Traceability, A_rule_that_is_not_judged_says_why) {
  for (const spec::Rule& rule : spec::rules) EXPECT_EQ(rule.unjudged_reason.empty(), rule.judged) << rule.id;
}

// The list of chapters in the package that other builds use.
TEST(Traceability, Each_chapter_with_a_judge_is_a_test_of_ffi_cts_add_test) {
  std::ifstream file(FFI_CTS_SOURCE_DIR "/cmake/package/ffi_cts_add_test.cmake");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::string start = "set(FFI_CTS_CHAPTERS ";
  const std::size_t at = text.find(start);
  ASSERT_NE(at, std::string::npos);
  std::istringstream words(text.substr(at + start.size(), text.find(')', at) - at - start.size()));
  const std::set<std::string> listed{std::istream_iterator<std::string>(words), {}};
  std::set<std::string> judged;
  for (const Judge& judge : rules::all()) judged.insert(std::string(judge.rule.id().substr(0, judge.rule.id().find('-'))));
  EXPECT_EQ(listed, judged);
}

TEST(Traceability, The_judges_stand_in_the_order_of_the_spec) {
  auto judges = rules::all();
  EXPECT_TRUE(std::is_sorted(judges.begin(), judges.end(), [](auto& a, auto& b) { return a.rule < b.rule; }));
  auto peers = peer::rules::peers();
  EXPECT_TRUE(std::is_sorted(peers.begin(), peers.end(), [](auto& a, auto& b) { return a.rule < b.rule; }));
}

TEST(Traceability, Peers_are_judged_by_the_rules_that_bind_peers_and_libraries_by_no_such_rule) {
  for (const peer::Judge& judge : peer::rules::peers()) EXPECT_EQ(judge.rule.rule().binds, spec::Binds::peer) << judge.rule.id();
  for (const Judge& judge : rules::all()) EXPECT_NE(judge.rule.rule().binds, spec::Binds::peer) << judge.rule.id();
}

// Two that followed from each other would hide each other.
TEST(Traceability, No_rule_follows_from_itself_by_any_way) {
  std::map<std::string_view, const Judge*> judges;
  for (const Judge& judge : rules::all()) judges[judge.rule.id()] = &judge;
  std::set<std::string_view> done, open;
  std::function<void(const Judge&)> visit = [&](const Judge& judge) {
    if (!done.insert(judge.rule.id()).second) return;
    open.insert(judge.rule.id());
    for (spec::RuleId root : judge.follows_from) {
      EXPECT_FALSE(open.contains(root.id())) << judge.rule.id() << " follows from " << root.id() << ", which follows from it";
      if (judges.contains(root.id())) visit(*judges[root.id()]);
    }
    open.erase(judge.rule.id());
  };
  for (const Judge& judge : rules::all()) visit(judge);
}

TEST(Traceability, Each_faulty_library_has_one_source_file_and_one_entry) {
  EXPECT_THAT(ids_of(entries("faulty")), ContainerEq(sources_in(folder)));
  EXPECT_EQ(ids_of(entries("faulty")).size(), entries("faulty").size());
  EXPECT_THAT(ids_of(entries("foreign")), ContainerEq(sources_in(folder / "foreign")));
  EXPECT_THAT(ids_of(entries("faulty", "peers/peers.toml")), ContainerEq(sources_in(folder / "peers")));
  EXPECT_EQ(ids_of(entries("foreign")).size(), entries("foreign").size());
}

TEST(Traceability, Each_faulty_library_is_named_after_its_rule_and_says_what_it_does) {
  for (const Entry& entry : plants()) {
    SCOPED_TRACE(entry.id);
    EXPECT_EQ(entry.id.substr(0, entry.id.find('_')), entry.rule);
    EXPECT_FALSE(entry.summary.empty());
    EXPECT_GE(entry.minimum, 1);
  }
}

TEST(Traceability, The_rules_that_a_foreign_library_breaks_are_judged) {
  Ids judged = judged_rules();
  for (const Entry& entry : entries("foreign"))
    for (const std::string& rule : entry.rules) EXPECT_TRUE(judged.contains(rule)) << entry.id << ": " << rule;
}

TEST(Traceability, Every_scenario_can_be_read_and_does_something) {
  auto scenarios = scenarios::all();
  EXPECT_THAT(scenarios, Not(IsEmpty()));
  std::set<std::string> names;
  for (const Scenario& scenario : scenarios) {
    EXPECT_TRUE(names.insert(scenario.name).second) << scenario.name;
    EXPECT_THAT(scenario.program.steps, Not(IsEmpty())) << scenario.name;
  }
  for (const peer::Opening& opening : scenarios::conversations(true)) {
    EXPECT_TRUE(names.insert(opening.name).second) << opening.name;
    EXPECT_THAT(opening.conversation.steps, Not(IsEmpty())) << opening.name;
    EXPECT_TRUE(spec::find_rule(opening.name.substr(0, opening.name.find('_')))) << opening.name;
  }
}

}  // namespace
}  // namespace ffi_cts
