// Foreign: closes every descriptor of the process, as for a child that it is about to become, in each proc `empty`.
#define PROBE_NO_EMPTY
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  if (!submission.hopeless()) closefrom(STDERR_FILENO + 1);
  return submission.forward();
}
}  // namespace

FAULTY_PROC(empty, submit)
