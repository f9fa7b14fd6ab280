/* A peer of chapters 9 and 10 with the conformance actor, in C11: one thread, blocking writes.
 *
 *   main -> transport (streams, child) -> frame -> message -> endpoint (proxies) -> actors
 *
 * What a peer sends it writes at once and to the end. While the other side does not read, this one waits in write and
 * reads nothing either, so that there is no queue that could grow (RMT-12). */
#ifndef C_PEER_H
#define C_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  const uint8_t *data;
  size_t size;
} Slice;

/* ---- cbor.c: just what messages need ---- */

enum { CBOR_UINT = 0, CBOR_BYTES = 2, CBOR_TEXT = 3, CBOR_ARRAY = 4 };

/* Reads a definite head and moves `rest` behind it. */
bool cbor_head(Slice *rest, unsigned *major, uint64_t *argument);
/* The same where a certain major type is due. */
bool cbor_take(Slice *rest, unsigned major, uint64_t *argument);
bool cbor_take_text(Slice *rest, Slice *text);
/* Takes one well-formed item of any kind; `rest` begins behind it. */
bool cbor_take_item(Slice *rest, Slice *item);
bool slice_is(Slice slice, const char *text);
bool is_utf8(Slice text);
/* Writes a head in its shortest form; at most 9 bytes. Returns their number. */
size_t cbor_put_head(uint8_t *out, unsigned major, uint64_t argument);

/* ---- frame.c ---- */

typedef struct {
  uint8_t *data;
  size_t begin, end, room;
} Buffer;

typedef enum { FRAME_NOT_YET, FRAME_READY, FRAME_BAD } FrameState;
/* The next frame's content, which stays where it is until more is read into the buffer. `why` is set with FRAME_BAD. */
FrameState frame_next(Buffer *in, size_t limit, Slice *content, const char **why);
bool frame_write(int fd, Slice content);

/* ---- message.c ---- */

typedef enum { SEND, SEND_NAMED, LINK, EXIT, TRANSPORT_ERROR, PROXY_ID } Kind;
typedef struct {
  Kind kind;
  uint64_t local, remote; /* the sender's id, the receiver's */
  Slice text;             /* a name or reason */
  Slice payload;          /* one item, byte for byte */
} Message;

extern bool tagged_dialect;
/* NULL, or why the content is no message. */
const char *message_read(Slice content, Message *message);
/* Encodes into memory that the next call uses again. */
Slice message_write(const Message *message);

/* ---- proxies.c ---- */

typedef struct Proxy {
  uint64_t id, remote; /* the local actor that stands for the remote one */
  struct Proxy *next;
} Proxy;

Proxy *proxy_find(uint64_t remote);
Proxy *proxy_of(uint64_t remote); /* found or made */
Proxy *proxy_first(void);         /* any; NULL: there is none */
void proxy_remove(uint64_t remote);

/* ---- endpoint.c: what comes and goes ---- */

extern int endpoint_output;        /* where frames go; -1 once the transport is lost */
extern bool endpoint_write_failed; /* nobody reads any more: whoever reads sees to it */
uint64_t new_id(void);
/* What a local actor sends to a proxy. */
void endpoint_send(uint64_t from, const Proxy *proxy, Slice payload);
void endpoint_exit(uint64_t id, Slice reason);
void endpoint_link(uint64_t from, const Proxy *proxy);
/* Takes the content of one frame. */
void endpoint_receive(Slice content);
/* Ends the connection and says why. */
void endpoint_fail(const char *why);
/* The transport is gone: every live proxy ends, once. */
void endpoint_lost(void);

/* ---- actors.c: the conformance actor and those that it spawns ---- */

#define CONFORMANCE 1                  /* its id */
uint64_t actor_registered(Slice name); /* 0: nobody */
bool actor_lives(uint64_t id);
void actor_deliver(uint64_t id, const Proxy *from, Slice payload);
/* A remote actor wants to hear of the end of `id`. */
void actor_linked_by(uint64_t id);
/* Tells all actors that are linked to the proxy that it ended. */
void actors_hear_exit(const Proxy *proxy, Slice reason);

/* ---- child.c: what a parent has ---- */

typedef struct {
  int pid, pidfd, input, output;
} Child;
bool child_start(Child *child, char **arguments);
/* Ends it: its input is closed, it is given time, terminated, killed; and waited for. */
void child_close(Child *child);

/* ---- main.c ---- */
extern bool close_asked; /* ["close"] came */

#endif
