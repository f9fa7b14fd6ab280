// HST-2: the key that `fetch_item` is called with is a byte string, where a text is due.
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/host_functions.hpp"

namespace {
faulty::Contexts<faulty::Calls> contexts;

void call(faulty::Calls&, const faulty::HostFunction& host, std::uint64_t id, std::string_view request) {
  const std::string begins = faulty::head(5, 1) + faulty::text_item("key");
  if (!request.starts_with(begins)) return host(id, request);
  std::string other(request);
  other[begins.size()] = static_cast<char>(other[begins.size()] ^ 0x20);  // major type 3 becomes 2
  host(id, other);
}
int complete(const faulty::Completion& completion) {
  return completion.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_REGISTER(contexts, call)
FAULTY_COMPLETE(complete)
