// REQ-5: `empty` returns RET_ERR although it was accepted, and is answered on the loop.
#define PROBE_NO_EMPTY
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  const int result = submission.forward();
  return result == RET_OK ? RET_ERR : result;
}
}  // namespace

FAULTY_PROC(empty, submit)
