// REQ-19: echo waits 2 ms for something of the system and takes EINTR for its failure.
#define PROBE_NO_ECHO
#include <poll.h>

#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  if (submission.hopeless()) return submission.forward();
  if (poll(nullptr, 0, 2) < 0) return submission.refuse("poll: Interrupted system call");
  return submission.forward();
}
}  // namespace

FAULTY_PROC(echo, submit)
