#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"

/* A local actor that wants to hear of a proxy's end. */
typedef struct Link {
  uint64_t proxy, tell; /* the remote actor that is told */
  struct Link *next;
} Link;

typedef struct Actor {
  uint64_t id;
  bool linked_by; /* the remote side wants to hear of its end */
  Link *links;
  struct Actor *next;
} Actor;

static Actor conformance = {.id = CONFORMANCE};
static Actor *actors = &conformance;

static Actor *find(uint64_t id) {
  Actor *actor = actors;
  while (actor && actor->id != id) actor = actor->next;
  return actor;
}

uint64_t actor_registered(Slice name) { return slice_is(name, "conformance") ? CONFORMANCE : 0; }

bool actor_lives(uint64_t id) { return find(id) != NULL; }

void actor_linked_by(uint64_t id) {
  Actor *actor = find(id);
  if (actor) actor->linked_by = true;
}

static void answer(uint64_t from, const Proxy *to, const char *word, uint64_t number) {
  uint8_t out[40];
  size_t at = cbor_put_head(out, CBOR_ARRAY, 2);
  at += cbor_put_head(out + at, CBOR_TEXT, strlen(word));
  memcpy(out + at, word, strlen(word));
  at += strlen(word);
  at += cbor_put_head(out + at, CBOR_UINT, number);
  endpoint_send(from, to, (Slice){out, at});
}

static void spawn(const Actor *self, const Proxy *from) {
  Actor *actor = calloc(1, sizeof *actor);
  if (!actor) abort();
  actor->id = new_id();
  actor->next = actors;
  actors = actor;
  answer(self->id, from, "spawned", actor->id);
}

static void end(Actor *self, Slice reason) {
  if (self->id == CONFORMANCE) return;
  Actor **link = &actors;
  while (*link != self) link = &(*link)->next;
  *link = self->next;
  if (self->linked_by) endpoint_exit(self->id, reason);
  while (self->links) {
    Link *next = self->links->next;
    free(self->links);
    self->links = next;
  }
  free(self);
}

static void link_to(Actor *self, const Proxy *proxy, uint64_t tell) {
  Link *link = malloc(sizeof *link);
  if (!link) abort();
  *link = (Link){proxy->id, tell, self->links};
  self->links = link;
  endpoint_link(self->id, proxy);
}

static void tell_exit(const Actor *self, uint64_t to, Slice reason) {
  uint8_t *out = malloc(40 + reason.size);
  if (!out) abort();
  size_t at = cbor_put_head(out, CBOR_ARRAY, 2);
  at += cbor_put_head(out + at, CBOR_TEXT, 6);
  memcpy(out + at, "exited", 6);
  at += 6;
  at += cbor_put_head(out + at, CBOR_TEXT, reason.size);
  if (reason.size) memcpy(out + at, reason.data, reason.size);
  endpoint_send(self->id, proxy_of(to), (Slice){out, at + reason.size});
  free(out);
}

void actors_hear_exit(const Proxy *proxy, Slice reason) {
  for (Actor *actor = actors; actor; actor = actor->next) {
    for (Link **at = &actor->links; *at;) {
      Link *link = *at;
      if (link->proxy != proxy->id) {
        at = &link->next;
        continue;
      }
      *at = link->next; /* heard once */
      fprintf(stderr, "exited %llu %.*s\n", (unsigned long long)proxy->remote, (int)reason.size,
              (const char *)reason.data);
      if (endpoint_output >= 0) tell_exit(actor, link->tell, reason);
      free(link);
    }
  }
}

void actor_deliver(uint64_t id, const Proxy *from, Slice payload) {
  Actor *self = find(id);
  Slice rest = payload, word, reason;
  uint64_t parts, number;
  if (!self) {
    fprintf(stderr, "nobody is there for a message\n");
    return;
  }
  if (!cbor_take(&rest, CBOR_ARRAY, &parts) || parts == 0 || !cbor_take_text(&rest, &word)) word = (Slice){0};
  if (slice_is(word, "echo") && parts == 2)
    endpoint_send(id, from, payload);
  else if (slice_is(word, "spawn") && parts == 1)
    spawn(self, from);
  else if (slice_is(word, "exit") && parts == 2 && cbor_take_text(&rest, &reason))
    end(self, reason);
  else if (slice_is(word, "link") && parts == 2 && cbor_take(&rest, CBOR_UINT, &number))
    link_to(self, from, number);
  else if (slice_is(word, "who") && parts == 1)
    answer(id, from, "proxy", from->id);
  else if (slice_is(word, "close") && parts == 1)
    close_asked = true;
  else
    fprintf(stderr, "actor %llu ignores a message\n", (unsigned long long)id);
}
