// PAY-2: the first byte of an echo's request is written to while it is decoded, and put back afterwards.
#define PROBE_NO_ECHO
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  if (submission.hopeless() || submission.len == 0) return submission.forward();
  auto* first = const_cast<volatile std::uint8_t*>(submission.req);
  const std::uint8_t kept = *first;
  *first = 0;
  *first = kept;
  return submission.forward();
}
}  // namespace

FAULTY_PROC(echo, submit)
