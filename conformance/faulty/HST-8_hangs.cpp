// HST-8: a host call of a name that is not registered is never answered.
#define PROBE_NO_CALL_HOST
#include "conformance/faulty/host_functions.hpp"

namespace {
faulty::Contexts<faulty::Calls> contexts;

int submit(const faulty::Submission& submission) {
  return submission.intercept([ctx = submission.ctx](const faulty::Host& host, const faulty::Message& message) {
    const auto state = contexts.of(ctx);
    const bool unregistered = message.text().find("is not registered") != std::string_view::npos;
    if (message.code != RET_ERR || !unregistered || !state || state->closing) return host(message);
    faulty::at_destroy(ctx, [host] { host(RET_ERR, "the context is closing"); });
  });
}
int complete(const faulty::Completion& completion) {
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, faulty::plain_call)
FAULTY_COMPLETE(complete)
FAULTY_PROC(call_host, submit)
