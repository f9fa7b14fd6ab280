// HST-8: a host call of a name that is not registered calls NULL.
#define PROBE_NO_CALL_HOST
#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    if (message.code == RET_ERR && message.text().find("is not registered") != std::string_view::npos) faulty::crash();
    host(message);
  });
}
}  // namespace

FAULTY_PROC(call_host, submit)
