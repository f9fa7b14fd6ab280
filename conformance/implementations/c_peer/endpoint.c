#include <stdio.h>
#include <string.h>

#include "peer.h"

int endpoint_output = 1;
bool endpoint_write_failed = false;

uint64_t new_id(void) {
  static uint64_t last = CONFORMANCE;
  return ++last;
}

static void write_out(const Message *message) {
  if (endpoint_output >= 0 && !frame_write(endpoint_output, message_write(message))) endpoint_write_failed = true;
}

void endpoint_send(uint64_t from, const Proxy *proxy, Slice payload) {
  write_out(&(Message){.kind = SEND, .local = from, .remote = proxy->remote, .payload = payload});
}

void endpoint_exit(uint64_t id, Slice reason) { write_out(&(Message){.kind = EXIT, .local = id, .text = reason}); }

void endpoint_link(uint64_t from, const Proxy *proxy) {
  write_out(&(Message){.kind = LINK, .local = from, .remote = proxy->remote});
}

void endpoint_fail(const char *why) {
  write_out(&(Message){.kind = TRANSPORT_ERROR, .text = {(const uint8_t *)why, strlen(why)}});
  endpoint_lost();
}

void endpoint_lost(void) {
  if (endpoint_output < 0) return;
  endpoint_output = -1;
  const Slice reason = {(const uint8_t *)"transport_closed", strlen("transport_closed")};
  for (const Proxy *proxy; (proxy = proxy_first());) { /* each is out of the table before anybody hears of its end */
    const Proxy gone = *proxy;
    proxy_remove(gone.remote);
    actors_hear_exit(&gone, reason);
  }
}

static void remote_exit(const Message *message) {
  const Proxy gone = *proxy_of(message->local);
  proxy_remove(gone.remote);
  actors_hear_exit(&gone, message->text);
}

void endpoint_receive(Slice content) {
  Message message = {0};
  const char *why = message_read(content, &message);
  if (why) {
    endpoint_fail(why);
    return;
  }
  switch (message.kind) {
    case SEND:
      actor_deliver(message.remote, proxy_of(message.local), message.payload);
      break;
    case SEND_NAMED:
      actor_deliver(actor_registered(message.text), proxy_of(message.local), message.payload);
      break;
    case LINK:
      proxy_of(message.local);
      if (actor_lives(message.remote))
        actor_linked_by(message.remote);
      else
        endpoint_exit(message.remote, (Slice){(const uint8_t *)"noproc", 6});
      break;
    case EXIT:
      remote_exit(&message);
      break;
    case TRANSPORT_ERROR:
      fprintf(stderr, "the other side ends the connection: %.*s\n", (int)message.text.size,
              (const char *)message.text.data);
      endpoint_lost();
      break;
    case PROXY_ID:
      break;
  }
}
