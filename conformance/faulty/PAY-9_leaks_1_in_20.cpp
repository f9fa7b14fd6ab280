// PAY-9: one request in 20 loses a buffer of 512 bytes.
#define FAULTY_BREAKS_EVERY_PROC
#include <cstdlib>

#include "conformance/faulty/wrap.hpp"

namespace {
void* volatile last;

int submit(const faulty::Submission& submission) {
  if (faulty::chance(20)) last = std::malloc(512);
  return submission.forward();
}
}  // namespace

FAULTY_EVERY_PROC(submit)
