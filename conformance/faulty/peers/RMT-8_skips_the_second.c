/* At the end of the transport only one proxy's links are told. wraps: actors_hear_exit */
#include "peer.h"

void __real_actors_hear_exit(const Proxy* proxy, Slice reason);
void __wrap_actors_hear_exit(const Proxy* proxy, Slice reason);

void __wrap_actors_hear_exit(const Proxy* proxy, Slice reason) {
  static bool told;
  if (!slice_is(reason, "transport_closed"))
    __real_actors_hear_exit(proxy, reason);
  else if (!told) {
    told = true;
    __real_actors_hear_exit(proxy, reason);
  }
}
