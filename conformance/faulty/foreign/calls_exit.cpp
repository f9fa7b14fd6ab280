// Foreign: `empty` ends the process in good order, with status 7.
#define PROBE_NO_EMPTY
#include <cstdlib>

#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission&) {
  std::exit(7);
}
}  // namespace

FAULTY_PROC(empty, submit)
