// HST-6: a call becomes pending only after its function has returned: what completes it inside finds nothing.
#include "conformance/faulty/host_functions.hpp"

namespace {
thread_local std::uint64_t calling = 0;
faulty::Contexts<faulty::Calls> contexts;

void call(faulty::Calls&, const faulty::HostFunction& host, std::uint64_t id, std::string_view request) {
  const std::uint64_t outer = std::exchange(calling, id);
  host(id, request);
  calling = outer;
}
int complete(const faulty::Completion& completion) {
  return completion.id == calling && !completion.null() ? RET_OK : completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, call)
FAULTY_COMPLETE(complete)
