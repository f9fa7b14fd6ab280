// REQ-14: an echo that was submitted before the constructor failed succeeds all the same.
#define PROBE_NO_ECHO
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;

int submit(const faulty::Submission& submission) {
  const auto state = contexts.of(submission.ctx);
  const auto text = faulty::text_of(submission.request(), "text");
  if (!state || !text || state->constructed) return submission.forward();
  const std::string reply =
      "\xa2\x66"
      "echoed" +
      faulty::text_item(*text) + "\x64name\x60";
  return submission.intercept([state, reply](const faulty::Host& host, const faulty::Message& message) {
    if (!state->failed || state->closing) return host(message);
    host(RET_OK, reply);
  });
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_PROC(echo, submit)
