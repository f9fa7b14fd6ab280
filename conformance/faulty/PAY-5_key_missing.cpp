// PAY-5: the replies of `echo` have no name.
#define PROBE_NO_ECHO
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    const std::size_t at = message.text().rfind(faulty::text_item("name"));
    if (message.code != RET_OK || at == std::string_view::npos) return host(message);
    std::string reply(message.text().substr(0, at));
    reply[0] = '\xa1';  // a map of one pair instead of two
    host(RET_OK, reply);
  });
}
}  // namespace

FAULTY_PROC(echo, submit)
