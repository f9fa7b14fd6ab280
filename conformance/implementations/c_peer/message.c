#include <stdlib.h>
#include <string.h>

#include "peer.h"

bool tagged_dialect = false;

static const struct {
  const char *name;
  unsigned parts;
  bool local, remote, text, payload;
} shapes[] = {{"send", 4, true, true, false, true},
              {"send_named", 4, true, false, true, true},
              {"link", 3, true, true, false, false},
              {"exit", 3, true, false, true, false},
              {"transport_error", 2, false, false, true, false},
              {"proxy_id", 3, true, true, false, false}};
enum { KINDS = sizeof shapes / sizeof *shapes };

static bool take_id(Slice *rest, const char *tag, uint64_t *id) {
  uint64_t parts;
  Slice found;
  if (tagged_dialect &&
      (!cbor_take(rest, CBOR_ARRAY, &parts) || parts != 2 || !cbor_take_text(rest, &found) || !slice_is(found, tag)))
    return false;
  return cbor_take(rest, CBOR_UINT, id);
}

const char *message_read(Slice content, Message *message) {
  Slice rest = content, name;
  uint64_t parts;
  unsigned kind = 0;
  if (!cbor_take(&rest, CBOR_ARRAY, &parts)) return "a message is no array";
  if (parts == 0 || !cbor_take_text(&rest, &name)) return "a message does not begin with its name";
  while (kind < KINDS && !slice_is(name, shapes[kind].name)) ++kind;
  if (kind == KINDS) return "unknown message";
  if (parts != shapes[kind].parts) return "a message with too many or too few parts";
  message->kind = (Kind)kind;
  if (shapes[kind].local && !take_id(&rest, "LPID", &message->local)) return "the sender is no id";
  if (shapes[kind].remote && !take_id(&rest, "RPID", &message->remote)) return "the receiver is no id";
  if (shapes[kind].text && !cbor_take_text(&rest, &message->text)) return "a name or reason is no text";
  if (shapes[kind].payload && !cbor_take_item(&rest, &message->payload)) return "the payload is no item";
  return rest.size == 0 ? NULL : "bytes after the message";
}

static size_t put_text(uint8_t *out, const char *text, size_t size) {
  const size_t head = cbor_put_head(out, CBOR_TEXT, size);
  memcpy(out + head, text, size);
  return head + size;
}

static size_t put_id(uint8_t *out, const char *tag, uint64_t id) {
  size_t at = 0;
  if (tagged_dialect) {
    at += cbor_put_head(out, CBOR_ARRAY, 2);
    at += put_text(out + at, tag, 4);
  }
  return at + cbor_put_head(out + at, CBOR_UINT, id);
}

Slice message_write(const Message *message) {
  static uint8_t *memory;
  static size_t room;
  const size_t needed = 100 + message->text.size + message->payload.size;
  if (needed > room) {
    memory = realloc(memory, room = 2 * needed);
    if (!memory) abort();
  }
  const char *name = shapes[message->kind].name;
  size_t at = cbor_put_head(memory, CBOR_ARRAY, shapes[message->kind].parts);
  at += put_text(memory + at, name, strlen(name));
  if (shapes[message->kind].local) at += put_id(memory + at, "LPID", message->local);
  if (shapes[message->kind].remote) at += put_id(memory + at, "RPID", message->remote);
  if (shapes[message->kind].text) at += put_text(memory + at, (const char *)message->text.data, message->text.size);
  if (shapes[message->kind].payload) {
    memcpy(memory + at, message->payload.data, message->payload.size);
    at += message->payload.size;
  }
  return (Slice){memory, at};
}
