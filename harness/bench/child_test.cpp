// The processes that measure: whatever becomes of one, the other side hears of it in one line.
#include "harness/bench/child.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

namespace ffi_cts::bench {
namespace {

using testing::HasSubstr;

class Does : public Measurement {
 public:
  explicit Does(std::function<double(std::uint64_t)> run) : run_(std::move(run)) {}
  double run(std::uint64_t items) override { return run_(items); }

 private:
  const std::function<double(std::uint64_t)> run_;
};

Child::Make does(std::function<double(std::uint64_t)> run) {
  return [run](const GiveUp&) { return std::make_unique<Does>(run); };
}

constexpr double plenty_s = 60, little_s = 0.2;

// What run() of a child that does this fails with.
std::string failure_of(const Child::Make& make, double limit_s = plenty_s) {
  try {
    Child child(make, limit_s);
    child.run(1);
    child.finish();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "";
}

double stay(std::uint64_t) {
  while (true) pause();
}

TEST(Child, Measures_as_often_as_it_is_asked_and_keeps_its_state) {
  Child child(does([total = 0.0](std::uint64_t items) mutable { return total += static_cast<double>(items); }),
              plenty_s);
  EXPECT_EQ(child.run(3), 3);
  EXPECT_EQ(child.run(4), 7);
  child.finish();
}

TEST(Child, Is_a_process_of_its_own) {
  Child child(does([](std::uint64_t) { return static_cast<double>(getpid()); }), plenty_s);
  EXPECT_NE(child.run(1), static_cast<double>(getpid()));
}

TEST(Child, That_crashes_is_told_by_its_signal) {
  EXPECT_THAT(failure_of(does([](std::uint64_t) -> double { std::abort(); })), HasSubstr("crashed (Aborted)"));
  EXPECT_THAT(failure_of([](const GiveUp&) -> std::unique_ptr<Measurement> { std::abort(); }),
              HasSubstr("crashed (Aborted)"));
}

TEST(Child, That_crashes_as_it_ends_is_told_too) {
  struct CrashesAtTheEnd : Measurement {
    ~CrashesAtTheEnd() override { std::abort(); }
    double run(std::uint64_t) override { return 1; }
  };
  EXPECT_EQ(failure_of([](const GiveUp&) { return std::make_unique<CrashesAtTheEnd>(); }),
            "crashed (Aborted) after its measurements");
}

TEST(Child, That_exits_is_told_with_its_code) {
  EXPECT_EQ(failure_of(does([](std::uint64_t) -> double { std::_Exit(7); })), "ended with exit code 7");
}

TEST(Child, That_throws_or_gives_up_is_told_with_its_words_on_one_line) {
  EXPECT_EQ(failure_of(does([](std::uint64_t) -> double { throw std::runtime_error("no\nluck\x1b"); })), "no luck ");
  Child::Make gives_up = [](const GiveUp& give_up) {
    return std::make_unique<Does>([&give_up](std::uint64_t) {
      std::thread([&give_up] { give_up("on another thread"); }).join();
      return 1.0;
    });
  };
  EXPECT_EQ(failure_of(gives_up), "on another thread");
}

TEST(Child, That_hangs_is_given_up) {
  EXPECT_EQ(failure_of(does(stay), little_s), "did not finish within 0.2 s");
  EXPECT_EQ(failure_of([](const GiveUp&) -> std::unique_ptr<Measurement> { stay(0), std::abort(); }, little_s),
            "did not finish within 0.2 s");
}

TEST(Child, Is_gone_when_it_is_no_longer_needed) {
  pid_t pid = 0;
  {
    Child child(does([](std::uint64_t) { return static_cast<double>(getpid()); }), plenty_s);
    pid = static_cast<pid_t>(child.run(1));
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_NE(kill(pid, 0), 0);
}

}  // namespace
}  // namespace ffi_cts::bench
