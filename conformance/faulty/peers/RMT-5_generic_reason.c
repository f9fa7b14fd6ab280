/* Linked actors hear "error", whatever the reason was. wraps: actors_hear_exit */
#include "peer.h"

void __real_actors_hear_exit(const Proxy* proxy, Slice reason);
void __wrap_actors_hear_exit(const Proxy* proxy, Slice reason);

void __wrap_actors_hear_exit(const Proxy* proxy, Slice reason) {
  const Slice generic = {(const uint8_t*)"error", 5};
  __real_actors_hear_exit(proxy, slice_is(reason, "transport_closed") ? reason : generic);
}
