/* A send_named to a name that nobody has ends the connection. wraps: actor_deliver */
#include "peer.h"

void __real_actor_deliver(uint64_t id, const Proxy* from, Slice payload);
void __wrap_actor_deliver(uint64_t id, const Proxy* from, Slice payload);

void __wrap_actor_deliver(uint64_t id, const Proxy* from, Slice payload) {
  if (id == 0)
    endpoint_fail("no such name");
  else
    __real_actor_deliver(id, from, payload);
}
