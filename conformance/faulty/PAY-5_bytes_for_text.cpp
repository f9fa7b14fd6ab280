// PAY-5: the name in the replies of `echo` is a byte string, where a text is due.
#define PROBE_NO_ECHO
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    const std::string key = faulty::text_item("name");
    const std::size_t at = message.text().rfind(key);
    if (message.code != RET_OK || at == std::string_view::npos) return host(message);
    std::string reply(message.text());
    reply[at + key.size()] = static_cast<char>(reply[at + key.size()] ^ 0x20);  // major type 3 becomes 2
    host(RET_OK, reply);
  });
}
}  // namespace

FAULTY_PROC(echo, submit)
