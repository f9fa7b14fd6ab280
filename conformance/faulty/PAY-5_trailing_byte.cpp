// PAY-5: a byte follows the item in the replies of `progress`.
#define PROBE_NO_PROGRESS
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    if (message.code != RET_OK) return host(message);
    host(RET_OK, std::string(message.text()) + '\0');
  });
}
}  // namespace

FAULTY_PROC(progress, submit)
