/* A send to an actor that is gone ends the connection. wraps: actor_deliver */
#include "peer.h"

void __real_actor_deliver(uint64_t id, const Proxy* from, Slice payload);
void __wrap_actor_deliver(uint64_t id, const Proxy* from, Slice payload);

void __wrap_actor_deliver(uint64_t id, const Proxy* from, Slice payload) {
  if (id != 0 && !actor_lives(id))
    endpoint_fail("no such actor");
  else
    __real_actor_deliver(id, from, payload);
}
