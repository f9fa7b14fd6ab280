// HST-6: the lock of the table is held while the function runs; completing inside waits for it for ever.
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
  if (completion.id == calling && calling != 0) faulty::sleep_forever();
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, call)
FAULTY_COMPLETE(complete)
