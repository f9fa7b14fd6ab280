#include "harness/bench/host.hpp"

#include <gmock/gmock.h>

namespace ffi_cts::bench {
namespace {

TEST(Window, Never_has_more_under_way_than_its_size_and_waits_for_all_at_the_end) {
  for (std::uint32_t size : {1u, 2u, 64u}) {
    Window window(size);
    std::atomic<int> under_way{0}, most{0}, answered{0};
    Answerer<int> loop([&](int&) {
      --under_way;
      ++answered;
      window.answered();
    });
    for (int i = 0; i < 10'000; ++i) {
      window.before_submit();
      most = std::max(most.load(), ++under_way);
      loop.hand_over(i);
    }
    window.drain();
    EXPECT_EQ(answered, 10'000);
    EXPECT_LE(most, static_cast<int>(size));
  }
}

TEST(Counter, Wakes_its_waiter_however_the_two_meet) {
  Counter counter;
  std::thread adder([&] {
    for (int i = 0; i < 100'000; ++i) counter.add();
  });
  for (std::uint64_t enough = 1; enough <= 100'000; enough += enough % 7 + 1) {
    counter.wait_for(enough);
    EXPECT_GE(counter.count(), enough);
  }
  adder.join();
}

TEST(Answerer, Answers_in_order_and_whatever_is_left_when_it_ends) {
  std::vector<int> answered;
  {
    Answerer<int> answerer([&](int& item) { answered.push_back(item); });
    for (int i = 0; i < 1000; ++i) answerer.hand_over(i);
  }
  ASSERT_EQ(answered.size(), 1000u);
  EXPECT_TRUE(std::is_sorted(answered.begin(), answered.end()));
}

TEST(Threads, Start_together_and_are_all_waited_for) {
  std::atomic<int> done{0};
  EXPECT_GT(seconds_on(4, [&](int) { ++done; }), 0);
  EXPECT_EQ(done, 4);
  EXPECT_GT(seconds_on(1, [&](int thread) { done += 10 + thread; }), 0);
  EXPECT_EQ(done, 14);
}

TEST(MemoryGauge, Sees_pages_that_were_written_and_no_others) {
  MemoryGauge nothing;
  EXPECT_LT(nothing.grown_by(), 1 << 20);
  MemoryGauge gauge;
  std::vector<char> memory(8 << 20, 'x');
  EXPECT_GE(gauge.grown_by(), static_cast<double>(memory.size()));
}

}  // namespace
}  // namespace ffi_cts::bench
