/* The table of proxies: a row for each remote actor that was heard of and has not ended. */
#include <stdlib.h>

#include "peer.h"

static Proxy *proxies;

Proxy *proxy_first(void) { return proxies; }

Proxy *proxy_find(uint64_t remote) {
  Proxy *proxy = proxies;
  while (proxy && proxy->remote != remote) proxy = proxy->next;
  return proxy;
}

Proxy *proxy_of(uint64_t remote) {
  Proxy *proxy = proxy_find(remote);
  if (proxy) return proxy;
  proxy = malloc(sizeof *proxy);
  if (!proxy) abort();
  *proxy = (Proxy){new_id(), remote, proxies};
  return proxies = proxy;
}

void proxy_remove(uint64_t remote) {
  Proxy **link = &proxies;
  while (*link && (*link)->remote != remote) link = &(*link)->next;
  Proxy *gone = *link;
  if (!gone) return;
  *link = gone->next;
  free(gone);
}
