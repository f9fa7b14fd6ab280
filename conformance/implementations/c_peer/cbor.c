#include <string.h>

#include "peer.h"

static bool head_of(Slice bytes, unsigned *major, unsigned *info, uint64_t *argument, size_t *size) {
  if (bytes.size == 0) return false;
  *major = bytes.data[0] >> 5;
  *info = bytes.data[0] & 0x1f;
  *argument = *info;
  *size = 1;
  if (*info < 24 || *info == 31) return true;
  if (*info > 27) return false;
  const size_t length = (size_t)1 << (*info - 24);
  if (bytes.size < 1 + length) return false;
  *argument = 0;
  for (size_t i = 1; i <= length; ++i) *argument = *argument << 8 | bytes.data[i];
  *size = 1 + length;
  return true;
}

static void skip(Slice *rest, size_t size) {
  rest->data += size;
  rest->size -= size;
}

bool cbor_head(Slice *rest, unsigned *major, uint64_t *argument) {
  unsigned info;
  size_t size;
  if (!head_of(*rest, major, &info, argument, &size) || info == 31) return false;
  skip(rest, size);
  return true;
}

bool cbor_take(Slice *rest, unsigned major, uint64_t *argument) {
  Slice after = *rest;
  unsigned found;
  if (!cbor_head(&after, &found, argument) || found != major) return false;
  *rest = after;
  return true;
}

bool cbor_take_text(Slice *rest, Slice *text) {
  uint64_t size;
  Slice after = *rest;
  if (!cbor_take(&after, CBOR_TEXT, &size) || size > after.size) return false;
  *text = (Slice){after.data, (size_t)size};
  if (!is_utf8(*text)) return false;
  skip(&after, (size_t)size);
  *rest = after;
  return true;
}

/* 0: there is no well-formed item. */
static size_t item_size(Slice bytes, int depth);

static size_t indefinite_size(Slice bytes, unsigned major, int depth) {
  size_t at = 1;
  for (size_t count = 0;; ++count) {
    if (at >= bytes.size) return 0;
    if (bytes.data[at] == 0xff) return major == 5 && count % 2 ? 0 : at + 1;
    if (major < CBOR_ARRAY && (bytes.data[at] >> 5 != major || (bytes.data[at] & 0x1f) == 31)) return 0;
    const size_t size = item_size((Slice){bytes.data + at, bytes.size - at}, depth - 1);
    if (size == 0) return 0;
    at += size;
  }
}

static size_t item_size(Slice bytes, int depth) {
  unsigned major, info;
  uint64_t argument;
  size_t at;
  if (depth == 0 || !head_of(bytes, &major, &info, &argument, &at)) return 0;
  if (info == 31) return major >= 2 && major <= 5 ? indefinite_size(bytes, major, depth) : 0;
  if (major < 2 || major == 7) return major == 7 && info == 24 && argument < 32 ? 0 : at;
  if (major < 4) return argument > bytes.size - at ? 0 : at + (size_t)argument;
  if (major != 6 && argument > bytes.size) return 0;
  for (uint64_t left = major == 6 ? 1 : major == 5 ? 2 * argument : argument; left > 0; --left) {
    const size_t size = item_size((Slice){bytes.data + at, bytes.size - at}, depth - 1);
    if (size == 0) return 0;
    at += size;
  }
  return at;
}

bool cbor_take_item(Slice *rest, Slice *item) {
  const size_t size = item_size(*rest, 200);
  if (size == 0) return false;
  *item = (Slice){rest->data, size};
  skip(rest, size);
  return true;
}

bool slice_is(Slice slice, const char *text) {
  return slice.size == strlen(text) && memcmp(slice.data, text, slice.size) == 0;
}

bool is_utf8(Slice text) {
  for (size_t i = 0; i < text.size;) {
    const uint8_t first = text.data[i++];
    const int more = first < 0x80 ? 0 : first >= 0xf0 && first < 0xf5 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : -1;
    if (more < 0 || first >= 0xf5 || text.size - i < (size_t)more) return false;
    uint32_t point = more ? first & (0x3fu >> more) : first;
    for (int k = 0; k < more; ++k, ++i) {
      if ((text.data[i] & 0xc0) != 0x80) return false;
      point = point << 6 | (text.data[i] & 0x3f);
    }
    if ((more == 2 && point < 0x800) || (more == 3 && (point < 0x10000 || point > 0x10ffff))) return false;
    if (point >= 0xd800 && point < 0xe000) return false;
  }
  return true;
}

size_t cbor_put_head(uint8_t *out, unsigned major, uint64_t argument) {
  const unsigned length = argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x10000 ? 2 : argument >> 32 ? 8 : 4;
  const unsigned info = length == 0 ? (unsigned)argument : length == 1 ? 24 : length == 2 ? 25 : length == 4 ? 26 : 27;
  out[0] = (uint8_t)(major << 5 | info);
  for (unsigned i = 0; i < length; ++i) out[1 + i] = (uint8_t)(argument >> (8 * (length - 1 - i)));
  return 1 + length;
}
