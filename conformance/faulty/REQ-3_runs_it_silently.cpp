// REQ-3: `emit` without a callback returns RET_MISSING_CALLBACK as it should, and runs all the same: its events are
// heard.
#define PROBE_NO_EMIT
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(faulty::Submission submission) {
  if (submission.callback) return submission.forward();
  submission.callback = [](int, const char*, std::size_t, void*) {};
  submission.forward();
  return RET_MISSING_CALLBACK;
}
}  // namespace

FAULTY_PROC(emit, submit)
