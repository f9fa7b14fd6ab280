/* As much CBOR (RFC 8949) as the library needs: one item is written into a buffer that grows, and one item is checked
 * and looked into where it lies. Nothing here keeps what it is given. */
#ifndef CPROBE_CBOR_H
#define CPROBE_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cbor_type { CBOR_UINT, CBOR_NEGATIVE, CBOR_BYTES, CBOR_TEXT, CBOR_ARRAY, CBOR_MAP, CBOR_TAG, CBOR_SIMPLE };

/* Bytes that belong to somebody else. */
struct view {
  const uint8_t *data;
  size_t len;
};
struct view view_of_text(const char *text);
bool is_text(struct view bytes, const char *text);
bool is_utf8(struct view bytes);

/* Bytes that are being written. `failed`: memory ran out, and what is there is not whole. The owner frees `data`. */
struct buffer {
  uint8_t *data;
  size_t len, capacity;
  bool failed;
};
/* The head of an item: with it an integer is complete, a string's bytes or a collection's entries follow. */
void cbor_put_head(struct buffer *buffer, enum cbor_type type, uint64_t argument);
void cbor_put_string(struct buffer *buffer, enum cbor_type type, struct view bytes);
void cbor_put_text(struct buffer *buffer, const char *text);
void cbor_put_null(struct buffer *buffer);

/* Whether the bytes are exactly one well-formed item, whose texts are UTF-8, that nests no deeper than the decoder
 * follows and has no string in chunks. Takes time by the length of the bytes, whatever they declare. [PAY-12] */
bool cbor_is_one_item(struct view bytes);
/* These look into an item of which cbor_is_one_item held. false: it is of another type, or has no such key. */
bool cbor_is_map(struct view item);
bool cbor_find(struct view map, const char *key, struct view *value); /* of several the first */
bool cbor_get_string(struct view item, enum cbor_type type, struct view *bytes);
bool cbor_get_integer(struct view item, bool *negative, uint64_t *number);

#endif
