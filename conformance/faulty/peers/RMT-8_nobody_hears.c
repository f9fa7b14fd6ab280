/* At the end of the transport the proxies are gone, and nobody is told. wraps: actors_hear_exit */
#include "peer.h"

void __real_actors_hear_exit(const Proxy* proxy, Slice reason);
void __wrap_actors_hear_exit(const Proxy* proxy, Slice reason);

void __wrap_actors_hear_exit(const Proxy* proxy, Slice reason) {
  if (!slice_is(reason, "transport_closed")) __real_actors_hear_exit(proxy, reason);
}
