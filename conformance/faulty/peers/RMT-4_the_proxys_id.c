/* What an actor sends to a proxy leaves with the proxy's id as the sender's. wraps: endpoint_send */
#include "peer.h"

void __real_endpoint_send(uint64_t from, const Proxy* proxy, Slice payload);
void __wrap_endpoint_send(uint64_t from, const Proxy* proxy, Slice payload);

void __wrap_endpoint_send(uint64_t from, const Proxy* proxy, Slice payload) {
  (void)from;
  __real_endpoint_send(proxy->id, proxy, payload);
}
