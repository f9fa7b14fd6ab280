/* The process sleeps on after the end of its input. wraps: endpoint_lost */
#include <unistd.h>

#include "peer.h"

void __real_endpoint_lost(void);
void __wrap_endpoint_lost(void);

void __wrap_endpoint_lost(void) {
  __real_endpoint_lost();
  for (;;) pause();
}
