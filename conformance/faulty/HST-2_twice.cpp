// HST-2: the host function is called twice for a call.
#include "conformance/faulty/host_functions.hpp"

namespace {
faulty::Contexts<faulty::Calls> contexts;

void call(faulty::Calls&, const faulty::HostFunction& host, std::uint64_t id, std::string_view request) {
  const std::string kept(request);
  host(id, kept);
  host(id, kept);
}
int complete(const faulty::Completion& completion) {
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, call)
FAULTY_COMPLETE(complete)
