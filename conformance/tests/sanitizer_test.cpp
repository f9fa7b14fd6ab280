// --worker asan and --worker tsan: no false alarm on libraries of every kind, a report becomes a verdict, and a library that does
// not fit its worker is told so.
#include <gmock/gmock.h>

#include "conformance/tests/files.hpp"
#include "conformance/tests/verdicts.hpp"

namespace ffi_cts::tests {
namespace {

using testing::AnyOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

struct Subject {
  std::string library, worker;
};
void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.library << " in " << subject.worker; }

class SanitizerGood : public testing::TestWithParam<Subject> {};

// Threads that the library orders by atomics or calls of the kernel (the Rust implementation does) are no race.
TEST_P(SanitizerGood, Is_not_accused_and_no_worker_is_lost) {
  const auto& [path, worker] = GetParam();
  Directory directory;
  Judged judged = judge(library(path), {"--worker", worker, "--cases", "50", "--seed", "5"}, directory.path(), 300);
  EXPECT_THAT(judged.outcome.code, AnyOf(0, 3)) << judged;  // 3: so few cases leave rules unexercised
  EXPECT_THAT(judged.outcome.out, HasSubstr("worker " + worker));
  EXPECT_THAT(judged.outcome.out, Not(HasSubstr(" lost"))) << judged;
  const bool built_with_it = path.starts_with("sanitized/");
  EXPECT_EQ(judged.verdict("THR-8"), worker == "asan" ? "pass" : "not applicable");
  EXPECT_EQ(judged.verdict("THR-7"), worker == "tsan" && built_with_it ? "pass" : "not applicable");
}

INSTANTIATE_TEST_SUITE_P(Libraries, SanitizerGood,
                         testing::Values(Subject{"libprobe.so", "asan"}, Subject{"libprobe.so", "tsan"},
#ifdef FFI_CTS_HAS_RUST
                                         Subject{"librustprobe.so", "asan"}, Subject{"librustprobe.so", "tsan"},
#endif
                                         Subject{"libcprobe.so", "tsan"}, Subject{"sanitized/cprobe_asan.so", "asan"},
                                         Subject{"sanitized/cprobe_tsan.so", "tsan"}));

TEST(Sanitizer, A_library_that_does_not_fit_its_worker_is_told_in_one_line_which_one_does) {
  const auto said = [](const std::string& path, const std::string& worker) {
    Outcome outcome = Command({"run", library(path), "--worker", worker, "--cases", "5"}).run();
    EXPECT_EQ(outcome.code, 2) << outcome;
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  const std::string race = "cprobe_tsan.so: built with ThreadSanitizer: judge it with --worker tsan\n";
  const std::string memory = "cprobe_asan.so: built with AddressSanitizer: judge it with --worker asan\n";
  EXPECT_THAT(said("sanitized/cprobe_tsan.so", "plain"), EndsWith(race));
  EXPECT_THAT(said("sanitized/cprobe_tsan.so", "asan"), EndsWith(race));
  EXPECT_THAT(said("sanitized/cprobe_asan.so", "plain"), EndsWith(memory));
  EXPECT_THAT(said("sanitized/cprobe_asan.so", "tsan"), EndsWith(memory));
}

TEST(Sanitizer, A_worker_of_no_known_kind_is_refused) {
  Outcome outcome = Command({"run", "--worker", "msan"}).run();
  EXPECT_EQ(outcome.code, 2) << outcome;
}

TEST(Sanitizer, What_it_reports_names_the_access_and_is_replayed_with_the_same_worker) {
  Directory directory;
  Judged judged = judge(library("faulty/THR-8_reads_after_free.so"), {"--worker", "asan", "--rule", "THR-8", "--cases", "600"}, directory.path(), 200);
  ASSERT_EQ(judged.outcome.code, 1) << judged;
  const std::string block = judged.block("THR-8");
  EXPECT_THAT(block, HasSubstr("AddressSanitizer: heap-use-after-free")) << judged;
  EXPECT_THAT(block, HasSubstr("cprobe_add_event_listener")) << judged;
  EXPECT_THAT(block, HasSubstr("freed by thread")) << judged;
  const auto rule = judged.rule("THR-8");
  EXPECT_EQ(rule["report"]["kind"], "heap-use-after-free") << judged;
  Outcome again = Command({"replay", rule["case"]}).in(directory.path()).within(200).run();
  EXPECT_EQ(again.code, 1) << again;
  EXPECT_THAT(again.out, HasSubstr("1 of 1")) << again;
}

}  // namespace
}  // namespace ffi_cts::tests
