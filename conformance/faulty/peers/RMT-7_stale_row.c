/* The row of a proxy that ended stays, and is found by the next message. wraps: proxy_remove */
#include "peer.h"

void __real_proxy_remove(uint64_t remote);
void __wrap_proxy_remove(uint64_t remote);

void __wrap_proxy_remove(uint64_t remote) {
  if (endpoint_output < 0) __real_proxy_remove(remote);
}
