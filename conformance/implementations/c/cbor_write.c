#include <stdlib.h>
#include <string.h>

#include "cbor.h"

struct view view_of_text(const char *text) {
  return (struct view){(const uint8_t *)text, strlen(text)};
}

bool is_text(struct view bytes, const char *text) {
  return bytes.len == strlen(text) && memcmp(bytes.data, text, bytes.len) == 0;
}

static void put(struct buffer *buffer, const void *bytes, size_t len) {
  if (buffer->failed || len == 0) return;
  if (len > buffer->capacity - buffer->len) {
    size_t capacity = 2 * buffer->capacity + len;
    uint8_t *data = realloc(buffer->data, capacity);
    buffer->failed = !data;
    if (!data) return;
    buffer->data = data;
    buffer->capacity = capacity;
  }
  memcpy(buffer->data + buffer->len, bytes, len);
  buffer->len += len;
}

/* In as few bytes as hold the argument. */
void cbor_put_head(struct buffer *buffer, enum cbor_type type, uint64_t argument) {
  unsigned width = argument < 24            ? 0
                   : argument <= UINT8_MAX  ? 1
                   : argument <= UINT16_MAX ? 2
                   : argument <= UINT32_MAX ? 4
                                            : 8;
  unsigned info = width == 0 ? (unsigned)argument : width == 1 ? 24 : width == 2 ? 25 : width == 4 ? 26 : 27;
  uint8_t head[9] = {(uint8_t)((unsigned)type << 5 | info)};
  for (unsigned i = 0; i < width; ++i) head[1 + i] = (uint8_t)(argument >> (8 * (width - 1 - i)));
  put(buffer, head, 1 + width);
}

void cbor_put_string(struct buffer *buffer, enum cbor_type type, struct view bytes) {
  cbor_put_head(buffer, type, bytes.len);
  put(buffer, bytes.data, bytes.len);
}

void cbor_put_text(struct buffer *buffer, const char *text) { cbor_put_string(buffer, CBOR_TEXT, view_of_text(text)); }

void cbor_put_null(struct buffer *buffer) { cbor_put_head(buffer, CBOR_SIMPLE, 22); }
