// What the sanitizers write, told apart. The texts are shortened ones of gcc 12 and clang 19.
#include "harness/trace/sanitizer.hpp"

#include <gmock/gmock.h>

namespace ffi_cts {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(SanitizerReport, A_race_has_both_accesses_with_their_frames) {
  const auto report = parse_report(
      "==================\n"
      "WARNING: ThreadSanitizer: data race (pid=41)\n"
      "  Write of size 4 at 0x7f0000001010 by thread T2 (mutexes: write M10):\n"
      "    #0 foo_echo_cbor /home/me/src/foo.c:17:3 (/opt/libfoo.so+0x123)\n"
      "    #1 ffi_cts::Submission::submit(void*) const <null> (/bin/ffi-cts-worker-tsan+0x99)\n"
      "\n"
      "  Previous write of size 4 at 0x7f0000001010 by main thread:\n"
      "    #0 foo_echo_cbor /home/me/src/foo.c:17:3 (/opt/libfoo.so+0x123)\n"
      "\n"
      "  Location is global 'requests' of size 4 at 0x7f0000001010 (libfoo.so+0x4010)\n"
      "\n"
      "  Thread T2 (tid=43, running) created by main thread at:\n"
      "    #0 pthread_create <null> (/lib/libtsan.so.2+0x5)\n"
      "\n"
      "SUMMARY: ThreadSanitizer: data race /home/me/src/foo.c:17:3 in foo_echo_cbor\n");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->tool, "ThreadSanitizer");
  EXPECT_EQ(report->kind, "data race");
  EXPECT_EQ(report->address, 0x7f0000001010u);
  ASSERT_THAT(report->parts, SizeIs(3));
  EXPECT_EQ(report->parts[0].title, "Write of size 4 by thread T2");
  ASSERT_THAT(report->parts[0].frames, SizeIs(2));
  EXPECT_EQ(report->parts[0].frames[0].function, "foo_echo_cbor");
  EXPECT_EQ(report->parts[0].frames[0].place, "src/foo.c:17:3");
  EXPECT_EQ(report->parts[0].frames[0].module, "libfoo.so");
  EXPECT_EQ(report->parts[0].frames[1].function, "ffi_cts::Submission::submit(void*) const");
  EXPECT_THAT(report->parts[0].frames[1].place, IsEmpty());
  EXPECT_EQ(report->parts[1].title, "Previous write of size 4 by main thread");
  EXPECT_TRUE(report->names("libfoo.so"));
  EXPECT_FALSE(report->names("libbar.so"));
}

TEST(SanitizerReport, A_wrong_access_tells_where_the_memory_came_from_and_went) {
  const auto report = parse_report(
      "=================================================================\n"
      "==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x55 bp 0x7f sp 0x7e\n"
      "READ of size 1 at 0x602000000010 thread T1\n"
      "    #0 foo_destroy (/opt/libfoo.so+0x10)\n"
      "0x602000000010 is located 0 bytes inside of 16-byte region [0x602000000010,0x602000000020)\n"
      "freed by thread T0 here:\n"
      "    #0 __interceptor_free <null> (/lib/libasan.so.8+0x10)\n"
      "    #1 foo_destroy /src/foo.c:9 (/opt/libfoo.so+0x20)\n"
      "previously allocated by thread T0 here:\n"
      "    #0 __interceptor_malloc <null> (/lib/libasan.so.8+0x11)\n"
      "SUMMARY: AddressSanitizer: heap-use-after-free\n"
      "Shadow bytes around the buggy address:\n");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->tool, "AddressSanitizer");
  EXPECT_EQ(report->kind, "heap-use-after-free");
  EXPECT_EQ(report->address, 0x602000000010u);
  ASSERT_THAT(report->parts, SizeIs(3));
  EXPECT_EQ(report->parts[0].title, "READ of size 1 thread T1");
  EXPECT_EQ(report->parts[1].title, "freed by thread T0 here");
  EXPECT_EQ(report->parts[1].frames[1].module, "libfoo.so");
}

TEST(SanitizerReport, Undefined_behaviour_has_words_and_a_place) {
  const auto report = parse_report(
      "/home/me/src/foo.c:12:7: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'\n"
      "    #0 foo_echo_cbor /home/me/src/foo.c:12:7 (/opt/libfoo.so+0x123)\n\n"
      "SUMMARY: UndefinedBehaviorSanitizer: undefined-behavior /home/me/src/foo.c:12:7 in\n");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->tool, "UndefinedBehaviorSanitizer");
  EXPECT_EQ(report->kind, "signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'");
  ASSERT_THAT(report->parts, SizeIs(1));
  EXPECT_EQ(report->parts[0].title, "it happened at src/foo.c:12:7");
  EXPECT_TRUE(report->names("libfoo.so"));
}

TEST(SanitizerReport, Bytes_that_are_shown_and_warnings_are_no_accesses) {
  const auto report = parse_report(
      "foo.c:10:76: runtime error: load of misaligned address 0x506000004d01 for type 'const uint32_t'\n"
      "0x506000004d01: note: pointer points here\n"
      " 00 00 00  a1 63 72 65 71 a2 64 74\n"
      "              ^ \n"
      "==7==WARNING: invalid path to external symbolizer!\n"
      "    #0 <null> <null> (/opt/libfoo.so+0xfe97)\n"
      "SUMMARY: UndefinedBehaviorSanitizer: undefined-behavior foo.c:10:76 \n");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->address, 0x506000004d01u);
  ASSERT_THAT(report->parts, SizeIs(1));
  EXPECT_THAT(report->parts[0].frames[0].function, IsEmpty());
  EXPECT_TRUE(report->names("libfoo.so"));
}

TEST(SanitizerReport, A_double_free_is_named_without_its_address) {
  const auto report = parse_report("==7==ERROR: AddressSanitizer: attempting double-free on 0x602000000010 in thread T2:\n    #0 free <null> (/lib/libasan.so+0x1)\n");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->kind, "double-free");
}

TEST(SanitizerReport, What_is_none_and_what_is_cut_off_do_no_harm) {
  EXPECT_FALSE(parse_report(""));
  EXPECT_FALSE(parse_report("==7==WARNING: AddressSanitizer failed to allocate 0x10000000000 bytes\n"));
  const std::string whole = "WARNING: ThreadSanitizer: data race (pid=41)\n  Write of size 4 at 0x7f by thread T2:\n    #0 f a.c:1 (/l.so+0x1)\n";
  for (std::size_t size = 0; size <= whole.size(); ++size) (void)parse_report(std::string_view(whole).substr(0, size));
  EXPECT_TRUE(parse_report("WARNING: ThreadSanitizer: data race"));
}

}  // namespace
}  // namespace ffi_cts
