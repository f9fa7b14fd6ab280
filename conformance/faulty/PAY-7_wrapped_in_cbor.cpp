// PAY-7: the error text of `fail` arrives as a CBOR text instead of plain UTF-8.
#define PROBE_NO_FAIL
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    if (message.code != RET_ERR) return host(message);
    host(RET_ERR, faulty::text_item(message.text()));
  });
}
}  // namespace

FAULTY_PROC(fail, submit)
