// PAY-9: 64 bytes are lost with each echo.
#define PROBE_NO_ECHO
#include <cstdlib>

#include "conformance/faulty/wrap.hpp"

namespace {
void* volatile last;

int submit(const faulty::Submission& submission) {
  last = std::malloc(64);
  return submission.forward();
}
}  // namespace

FAULTY_PROC(echo, submit)
