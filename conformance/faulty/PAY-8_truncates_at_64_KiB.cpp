// PAY-8: echo keeps 65,535 bytes of its text, as many as a 16-bit length can say.
#define PROBE_NO_ECHO
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  const auto request = submission.request();
  const auto text = faulty::text_of(request, "text");
  if (!text || text->size() <= 0xffff) return submission.forward();
  const auto head = *faulty::value_of(request, "text");
  const std::string kept = faulty::text_item(text->substr(0, 0xffff));
  return submission.forward(faulty::with(request, head.begin, head.end + text->size(), kept));
}
}  // namespace

FAULTY_PROC(echo, submit)
