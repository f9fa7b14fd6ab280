// The suite on the probe: no false alarm, and nothing left unexercised.
#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "conformance/tests/command.hpp"
#include "conformance/tests/files.hpp"

namespace ffi_cts::tests {
namespace {

TEST(Probe, Passes_every_rule_that_applies_to_it_and_each_is_exercised) {
  Directory directory;
  Outcome outcome =
      Command({"run", "--cases", "2000", "--seed", "11", "--json", "-"}).in(directory.path()).within(300).run();
  ASSERT_EQ(outcome.code, 0) << outcome;
  EXPECT_EQ(outcome.err, "");
  auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["seed"], 11);
  EXPECT_EQ(json["cases"], 2000);
  EXPECT_EQ(json["library"], library("libprobe.so"));
  std::size_t passed = 0;
  for (const auto& rule : json["rules"]) {
    if (rule["verdict"] == "not applicable") {
      // The probe states no limit of contexts, and its role call_host replies with no text; the faulty libraries of these rules do.
      // The last two need a sanitizer's worker.
      EXPECT_TRUE(rule["id"] == "END-13" || rule["id"] == "NAT-6" || rule["id"] == "THR-7" || rule["id"] == "THR-8") << rule;
      continue;
    }
    EXPECT_EQ(rule["verdict"], "pass") << rule;
    EXPECT_GT(rule["exercised"], 0) << rule;
    ++passed;
  }
  EXPECT_GE(passed, 60u);
  EXPECT_EQ(json["coverage"]["unreached"], nlohmann::json::array());
  for (const auto& cell : json["tables"]) EXPECT_EQ(cell["state"], "ok") << cell;
  EXPECT_GT(json["tables"].size(), 250u);
}

// What comes up by chance (calls that overlap, say) may differ; which programs there are, and where they lead, does not. A busy machine
// may use up the time for shortening: then another run is asked.
TEST(Probe, Two_runs_of_one_seed_find_the_same_defect_in_the_same_case_with_the_same_program) {
  Directory directory;
  std::vector<nlohmann::json> found;
  for (int runs = 0; runs < 4; ++runs) {
    Outcome outcome = Command({"run", library("faulty/REQ-1_twice.so"), "--rule", "REQ-1", "--cases", "200", "--seed", "5", "--json", "-"})
                          .in(directory.path())
                          .run();
    const nlohmann::json rule = nlohmann::json::parse(outcome.out)["rules"][0];
    ASSERT_EQ(rule["verdict"], "fail") << outcome;
    const nlohmann::json one = {rule["program"], rule["case"]};
    if (std::ranges::find(found, one) != found.end()) return;
    found.push_back(one);
  }
  ADD_FAILURE() << "each of four runs found something else: " << nlohmann::json(found);
}

TEST(Probe, Leaves_nothing_behind_when_nothing_is_broken) {
  Directory directory;
  Outcome outcome = Command({"run", "--cases", "30"}).in(directory.path()).run();
  EXPECT_EQ(outcome.code, 3) << outcome;  // 30 programs do not exercise everything
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

}  // namespace
}  // namespace ffi_cts::tests
