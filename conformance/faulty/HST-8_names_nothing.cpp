// HST-8: the text of the failure does not say which function is missing.
#define PROBE_NO_CALL_HOST
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    const bool unregistered =
        message.code == RET_ERR && message.text().find("is not registered") != std::string_view::npos;
    unregistered ? host(RET_ERR, "no such host function") : host(message);
  });
}
}  // namespace

FAULTY_PROC(call_host, submit)
