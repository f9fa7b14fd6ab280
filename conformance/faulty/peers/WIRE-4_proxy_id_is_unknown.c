/* The message that is accepted and never required is not accepted. wraps: message_read */
#include "peer.h"

const char* __real_message_read(Slice content, Message* message);
const char* __wrap_message_read(Slice content, Message* message);

const char* __wrap_message_read(Slice content, Message* message) {
  const char* why = __real_message_read(content, message);
  return !why && message->kind == PROXY_ID ? "unknown message" : why;
}
