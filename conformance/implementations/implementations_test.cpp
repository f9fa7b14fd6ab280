// The suite on implementations that share no code with the reference: no false alarm, nothing left unexercised; and the
// defects that are planted in copies of them are caught, each by its own rule.
#include <dlfcn.h>
#include <ffi_cts/abi.h>
#include <gmock/gmock.h>
#include <toml++/toml.h>

#include <atomic>
#include <thread>

#include "conformance/tests/files.hpp"
#include "conformance/tests/verdicts.hpp"

namespace ffi_cts::tests {
namespace {

#ifdef FFI_CTS_HAS_RUST
const auto names = testing::Values("cprobe", "rustprobe");
#else
const auto names = testing::Values("cprobe");
#endif

class Implementation : public testing::TestWithParam<const char*> {
 protected:
  std::string name = GetParam(), path = library("lib" + name + ".so");
};

TEST_P(Implementation, Passes_every_rule_and_each_is_exercised) {
  Directory directory;
  Judged judged = judge(path, {"--cases", "2000", "--seed", "21"}, directory.path(), 300);
  ASSERT_EQ(judged.outcome.code, 0) << judged;
  EXPECT_THAT(judged.not_passed(), testing::IsEmpty());
  for (const auto& rule : judged.json["rules"]) {
    if (rule["id"].get<std::string>().starts_with("NAT-")) continue;  // they have the CBOR variants only
    if (rule["id"] == "THR-7" || rule["id"] == "THR-8") continue;     // they need a sanitizer's worker
    EXPECT_NE(rule["verdict"], "not applicable") << rule;             // they play every role and state a limit of contexts
    EXPECT_GT(rule["exercised"], 0) << rule;
  }
}

void ignore(int, const char*, size_t, void*) {}

TEST_P(Implementation, Is_gone_from_the_process_when_it_is_closed_after_the_last_destroy) {
  void* loaded = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_TRUE(loaded) << dlerror();
  auto create = reinterpret_cast<FFICtsCreateCborFn>(dlsym(loaded, (name + "_create_cbor").c_str()));
  auto destroy = reinterpret_cast<FFICtsDestroyFn>(dlsym(loaded, (name + "_destroy").c_str()));
  ASSERT_TRUE(create && destroy);
  const std::string config =
      "\xa1\x66"
      "config\xa1\x64"
      "name\x60";
  void* context = create(reinterpret_cast<const uint8_t*>(config.data()), config.size(), ignore, nullptr);
  ASSERT_TRUE(context);
  EXPECT_EQ(destroy(context), RET_OK);
  dlclose(loaded);
  EXPECT_FALSE(dlopen(path.c_str(), RTLD_NOW | RTLD_NOLOAD));
}

INSTANTIATE_TEST_SUITE_P(Each, Implementation, names, [](const auto& each) { return std::string(each.param); });

// What planted.toml says of one.
struct Defect {
  std::string id, rule, summary, open, chance;
  std::int64_t cases = 60;
};

std::vector<Defect> planted() {
  std::vector<Defect> defects;
  const toml::table file = toml::parse_file(library("planted/planted.toml"));
  for (const toml::node& entry : *file["planted"].as_array()) {
    const toml::table& table = *entry.as_table();
    const auto text = [&](const char* key) { return table[key].value_or(std::string()); };
    defects.push_back({text("id"), text("rule"), text("summary"), text("open"), text("chance"),
                       table["cases"].value_or(Defect().cases)});
  }
  return defects;
}

// Its own rule is broken, wherever that stands in the report, with one of the seeds; the last has more time to find what comes by
// chance.
bool caught(const Defect& defect, int seeds, Judged& last) {
  for (int seed = 1; seed <= seeds; ++seed) {
    Directory directory;
    last = judge(library("planted/" + defect.id + ".so"),
                 {"--rule", defect.rule, "--cases", std::to_string(seed < seeds ? defect.cases : 10 * defect.cases), "--seed", std::to_string(seed)},
                 directory.path(), 300);
    const std::string verdict = last.verdict(defect.rule);
    if (verdict == "fail" || verdict == "warn") return true;
  }
  return false;
}

void check(const Defect& defect) {
  const bool open = !defect.open.empty();
  if (open && !defect.chance.empty()) return;  // whatever came of it would prove nothing
  Judged last;
  const bool found = caught(defect, open ? 1 : 3, last);
  EXPECT_TRUE(found || open) << defect.id << ": " << defect.summary << '\n' << last;
  EXPECT_FALSE(found && open) << defect.id << " is caught: what planted.toml calls `open` has been mended";
}

TEST(Planted, Each_defect_is_caught_by_its_own_rule_but_for_those_that_are_known_to_be_open) {
  const std::vector<Defect> defects = planted();
  EXPECT_EQ(defects.size(), 20u);
  // Two at a time: nothing else runs beside this test.
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < defects.size(); i = next++) check(defects[i]);
  };
  std::thread beside(work);
  work();
  beside.join();
}

}  // namespace
}  // namespace ffi_cts::tests
