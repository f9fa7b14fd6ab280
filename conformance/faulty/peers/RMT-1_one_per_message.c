/* Each message makes a proxy of its own. wraps: proxy_of */
#include "peer.h"

Proxy* __real_proxy_of(uint64_t remote);
Proxy* __wrap_proxy_of(uint64_t remote);

Proxy* __wrap_proxy_of(uint64_t remote) {
  Proxy* proxy = __real_proxy_of(remote);
  proxy->id = new_id();
  return proxy;
}
