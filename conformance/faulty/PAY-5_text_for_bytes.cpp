// PAY-5: the data in the replies of `blob`, which plays no role, is a text, where bytes are due.
#define PROBE_NO_BLOB
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    if (message.code != RET_OK) return host(message);
    host(RET_OK, faulty::head(5, 1) + faulty::text_item("data") + faulty::text_item("bytes"));
  });
}
}  // namespace

FAULTY_PROC(blob, submit)
