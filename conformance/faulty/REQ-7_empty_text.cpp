// REQ-7: a failure with the empty text arrives with the empty text.
#define PROBE_NO_FAIL
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  const bool empty = faulty::text_of(submission.request(), "text") == "";
  return submission.intercept([empty](const faulty::Host& host, const faulty::Message& message) {
    host(message.code, empty && message.code == RET_ERR ? std::string_view("") : message.text());
  });
}
}  // namespace

FAULTY_PROC(fail, submit)
