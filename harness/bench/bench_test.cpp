// How rows are measured: who takes turns with whom, and what is made of the costs. The rows here measure nothing.
#include "harness/bench/bench.hpp"

#include <gmock/gmock.h>
#include <sys/mman.h>

#include <atomic>
#include <new>

#include "harness/bench/table.hpp"

namespace ffi_cts::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Seen by every process: who measured, in order.
struct Log {
  std::atomic<std::size_t> length{0};
  char who[256] = "";
};

class Measuring : public testing::Test {
 protected:
  Measuring() : log_(new (mmap(nullptr, sizeof(Log), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) Log) {
    options_.subject = {FFI_CTS_PROBE, load_interface(FFI_CTS_PROBE_TOML)};
  }
  ~Measuring() override { munmap(log_, sizeof(Log)); }

  // Costs seconds: each is one item, and done once in a round. The first is that of warming up.
  static constexpr double second = 1e9;
  class Fake : public Measurement {
   public:
    Fake(Log* log, char who, std::vector<double> costs) : log_(log), who_(who), costs_(std::move(costs)) {}
    double run(std::uint64_t) override {
      log_->who[log_->length++] = who_;
      return costs_.at(next_++) * second;
    }

   private:
    Log* const log_;
    const char who_;
    const std::vector<double> costs_;
    std::size_t next_ = 0;
  };

  Row row(std::string name, char library, std::vector<double> costs, char floor, std::vector<double> floor_costs) {
    Row row;
    row.name = std::move(name);
    row.unit = "ns/nothing";
    row.items = 1;
    row.library = [=, log = log_](const Target&) { return std::make_unique<Fake>(log, library, costs); };
    row.floor = [=, log = log_] { return std::make_unique<Fake>(log, floor, floor_costs); };
    return row;
  }

  Log* log_;
  Options options_;
};

TEST_F(Measuring, Lets_a_row_and_its_floor_take_turns_and_the_rows_of_a_group_too) {
  options_.rounds = 3;
  std::vector<double> same(4, 1.0);
  measure({{row("a", 'a', same, 'A', same), row("b", 'b', same, 'B', same)}, {row("c", 'c', same, 'C', same)}},
          options_);
  EXPECT_STREQ(log_->who,
               "aAbB"
               "aAbBaAbBaAbB"
               "cC"
               "cCcCcC");
}

TEST_F(Measuring, Lets_a_second_library_take_part) {
  options_.rounds = 2;
  options_.against = options_.subject;
  std::vector<double> same(3, 1.0);
  measure({{row("a", 'a', same, 'A', same)}}, options_);
  EXPECT_STREQ(log_->who,
               "aAa"
               "aAaaAa");
}

TEST_F(Measuring, Takes_the_ratios_round_by_round) {
  options_.rounds = 3;
  std::vector<Result> results = measure({{row("a", 'a', {9, 2, 40, 6}, 'A', {9, 1, 10, 4})}}, options_);
  EXPECT_EQ(*results[0].subject.value, 6 * second);
  EXPECT_EQ(*results[0].floor.value, 4 * second);
  EXPECT_EQ(results[0].to_floor->median, 2);  // of 2, 4 and 1.5
  EXPECT_EQ(results[0].to_floor->interval.low, 1.5);
  EXPECT_EQ(results[0].to_floor->interval.high, 4);
}

TEST_F(Measuring, Compares_the_sizes_of_a_group_with_its_first) {
  options_.rounds = 1;
  std::vector<Result> results =
      measure({{row("a", 'a', {1, 2}, 'A', {1, 1}), row("b", 'b', {1, 5}, 'B', {1, 3})}}, options_);
  EXPECT_EQ(results[1].growth, 2.5);
  EXPECT_EQ(results[1].floor_growth, 3);
}

TEST_F(Measuring, Keeps_the_other_sides_of_a_row_in_which_one_fails) {
  options_.rounds = 2;
  std::vector<Result> results =
      measure({{row("a", 'a', {1, 1}, 'A', {1, 1, 1}), row("b", 'b', {1, 1, 1}, 'B', {1, 1, 1})}}, options_);
  EXPECT_TRUE(results[0].subject.failed);
  EXPECT_THAT(results[0].subject.why_not, HasSubstr("vector"));  // what at() threw
  EXPECT_TRUE(results[0].floor.value && !results[0].to_floor);
  EXPECT_TRUE(results[1].to_floor);
  EXPECT_THAT(table(results, options_), HasSubstr("failed: vector"));
}

TEST_F(Measuring, Leaves_out_what_the_interface_file_does_not_allow) {
  options_.rounds = 1;
  options_.subject.interface.roles.erase(RoleName::call_host);
  Row needs = row("a", 'a', {1, 1}, 'A', {1, 1});
  needs.roles = {RoleName::call_host};
  std::vector<Result> results = measure({{needs}}, options_);
  EXPECT_EQ(results[0].subject.why_not, "no role call_host");
  EXPECT_FALSE(results[0].subject.failed);
  EXPECT_STREQ(log_->who, "");

  needs.roles.clear();
  needs.contexts = 33;
  options_.subject.interface.contract.max_contexts = 32;
  EXPECT_EQ(measure({{needs}}, options_)[0].subject.why_not, "max_contexts is 32");
}

}  // namespace
}  // namespace ffi_cts::bench
