// PAY-11: a request of (NULL, len > 0) is read.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  const volatile std::uint8_t* bytes = submission.req;
  if (submission.len > 0) (void)bytes[0];
  return submission.forward();
}
}  // namespace

FAULTY_EVERY_PROC(submit)
