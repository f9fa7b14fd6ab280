// REQ-3: a request without a callback is answered: through NULL.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  const volatile FFICallBack callback = submission.callback;
  if (!callback) callback(RET_ERR, "no callback", 11, submission.userData);
  return submission.forward();
}
}  // namespace

FAULTY_EVERY_PROC(submit)
