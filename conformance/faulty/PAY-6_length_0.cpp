// PAY-6: `empty` answers with no bytes instead of f6.
#define PROBE_NO_EMPTY
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    host(message.code, message.code == RET_OK ? std::string_view("") : message.text());
  });
}
}  // namespace

FAULTY_PROC(empty, submit)
