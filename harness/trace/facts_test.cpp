// What judges work out of a trace is kept with it.
#include <gtest/gtest.h>

#include "harness/trace/recording.hpp"

namespace ffi_cts {
namespace {

struct CountsCalls {
  explicit CountsCalls(const Trace& trace) : calls(trace.calls.size()) { ++made; }
  std::size_t calls;
  static inline int made = 0;
};

TEST(Facts, are_worked_out_once_for_a_trace_and_anew_for_a_copy_of_it) {
  Recording t;
  t.create();
  const Trace trace = t.trace();
  const CountsCalls& first = trace.facts.of<CountsCalls>(trace);
  EXPECT_EQ(&first, &trace.facts.of<CountsCalls>(trace));
  EXPECT_EQ(first.calls, trace.calls.size());
  const Trace copy = trace;
  EXPECT_NE(&first, &copy.facts.of<CountsCalls>(copy));
  EXPECT_EQ(CountsCalls::made, 2);
}

}  // namespace
}  // namespace ffi_cts
