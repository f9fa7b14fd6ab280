// REQ-22: the 50th request since the library was loaded ends the process, whatever contexts they were of.
#define FAULTY_BREAKS_EVERY_PROC
#include <cstdlib>

#include "conformance/faulty/wrap.hpp"

namespace {
std::atomic<int> requests{0};

int submit(const faulty::Submission& submission) {
  if (!submission.hopeless() && ++requests == 50) std::abort();
  return submission.forward();
}
}  // namespace

FAULTY_EVERY_PROC(submit)
