// THR-9: a handler that fails throws, and the loop that runs it does not catch.
#define PROBE_NO_FAIL
#include <stdexcept>

#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    if (message.code == RET_ERR) throw std::runtime_error(std::string(message.text()));
    host(message);
  });
}
}  // namespace

FAULTY_PROC(fail, submit)
