// PAY-9: 32 bytes are lost with each echo.
#define PROBE_NO_ECHO
#include <cstdlib>

#include "conformance/faulty/wrap.hpp"

namespace {
void* volatile last;

int submit(const faulty::Submission& submission) {
  last = std::malloc(32);
  return submission.forward();
}
}  // namespace

FAULTY_PROC(echo, submit)
