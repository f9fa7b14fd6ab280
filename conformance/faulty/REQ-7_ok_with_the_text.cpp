// REQ-7: the text of a failure arrives as a success, a well-formed CBOR text.
#define PROBE_NO_FAIL
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  const auto text = std::string(faulty::text_of(submission.request(), "text").value_or(""));
  return submission.intercept([text](const faulty::Host& host, const faulty::Message& message) {
    const bool asked_for = message.code == RET_ERR && !text.empty() && message.text() == text;  // not a cancellation
    if (!asked_for) return host(message);
    host(RET_OK, faulty::text_item(text));
  });
}
}  // namespace

FAULTY_PROC(fail, submit)
