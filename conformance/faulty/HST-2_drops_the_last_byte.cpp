// HST-2: the last byte of a host call's request is missing.
#include "conformance/faulty/host_functions.hpp"

namespace {
faulty::Contexts<faulty::Calls> contexts;

void call(faulty::Calls&, const faulty::HostFunction& host, std::uint64_t id, std::string_view request) {
  host(id, request.substr(0, request.empty() ? 0 : request.size() - 1));
}
int complete(const faulty::Completion& completion) {
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, call)
FAULTY_COMPLETE(complete)
