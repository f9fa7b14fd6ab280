/* The exit of a local actor is sent twice. wraps: endpoint_exit */
#include "peer.h"

void __real_endpoint_exit(uint64_t id, Slice reason);
void __wrap_endpoint_exit(uint64_t id, Slice reason);

void __wrap_endpoint_exit(uint64_t id, Slice reason) {
  __real_endpoint_exit(id, reason);
  __real_endpoint_exit(id, reason);
}
