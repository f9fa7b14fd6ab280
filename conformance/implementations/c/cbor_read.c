#include "cbor.h"

/* Deeper items are refused: the check recurses, and its stack must not depend on what somebody sent. */
enum { MOST_LEVELS = 64 };

struct head {
  enum cbor_type type;
  bool indefinite; /* a collection that ends with a break */
  uint64_t argument;
};

static bool take(struct view *rest, uint64_t count) {
  if (count > rest->len) return false;
  rest->data += count;
  rest->len -= count;
  return true;
}

static bool take_head(struct view *rest, struct head *head) {
  if (rest->len == 0) return false;
  unsigned info = rest->data[0] & 31u;
  *head = (struct head){.type = rest->data[0] >> 5, .argument = info};
  if (info == 31) {
    head->indefinite = head->type == CBOR_ARRAY || head->type == CBOR_MAP;
    return head->indefinite && take(rest, 1);
  }
  if (info > 27) return false; /* reserved */
  size_t width = info < 24 ? 0 : (size_t)1 << (info - 24);
  if (rest->len < 1 + width) return false;
  if (width > 0) head->argument = 0;
  for (size_t i = 1; i <= width; ++i) head->argument = head->argument << 8 | rest->data[i];
  if (head->type == CBOR_SIMPLE && info == 24 && head->argument < 32) return false; /* has another form, its only one */
  return take(rest, 1 + width);
}

static bool continues(uint8_t byte) { return (byte & 0xc0u) == 0x80; }

bool is_utf8(struct view bytes) {
  for (const uint8_t *at = bytes.data, *end = at + bytes.len; at < end;) {
    uint8_t lead = *at++;
    if (lead < 0x80) continue;
    if (lead < 0xc2 || lead > 0xf4) return false;
    size_t more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if (more > (size_t)(end - at)) return false;
    if ((lead == 0xe0 && *at < 0xa0) || (lead == 0xf0 && *at < 0x90)) return false; /* longer than need be */
    if ((lead == 0xed && *at > 0x9f) || (lead == 0xf4 && *at > 0x8f)) return false; /* no character */
    for (; more > 0; --more)
      if (!continues(*at++)) return false;
  }
  return true;
}

static bool take_string(struct view *rest, const struct head *head) {
  struct view string = {rest->data, (size_t)head->argument};
  return take(rest, head->argument) && (head->type == CBOR_BYTES || is_utf8(string));
}

/* Whether another entry follows, after so many. */
static bool goes_on(const struct view *rest, const struct head *head, uint64_t entries) {
  return head->indefinite ? rest->len == 0 || rest->data[0] != 0xff : entries < head->argument;
}

static bool take_item(struct view *rest, unsigned level) {
  struct head head;
  if (level > MOST_LEVELS || !take_head(rest, &head)) return false;
  if (head.type == CBOR_BYTES || head.type == CBOR_TEXT) return take_string(rest, &head);
  if (head.type == CBOR_TAG) return take_item(rest, level + 1);
  if (head.type != CBOR_ARRAY && head.type != CBOR_MAP) return true;
  for (uint64_t i = 0; goes_on(rest, &head, i); ++i) /* until the bytes end, at the latest */
    if (!take_item(rest, level + 1) || (head.type == CBOR_MAP && !take_item(rest, level + 1))) return false;
  return !head.indefinite || take(rest, 1);
}

bool cbor_is_one_item(struct view bytes) { return take_item(&bytes, 0) && bytes.len == 0; }

bool cbor_is_map(struct view item) { return item.len > 0 && item.data[0] >> 5 == CBOR_MAP; }

bool cbor_find(struct view map, const char *key, struct view *value) {
  struct head head;
  if (!take_head(&map, &head) || head.type != CBOR_MAP) return false;
  for (uint64_t i = 0; goes_on(&map, &head, i); ++i) {
    struct view found = map, text;
    if (!take_item(&map, 0)) return false;
    found.len -= map.len;
    *value = map;
    if (!take_item(&map, 0)) return false;
    value->len -= map.len;
    if (cbor_get_string(found, CBOR_TEXT, &text) && is_text(text, key)) return true;
  }
  return false;
}

bool cbor_get_string(struct view item, enum cbor_type type, struct view *bytes) {
  struct head head;
  *bytes = item;
  return take_head(bytes, &head) && head.type == type;
}

bool cbor_get_integer(struct view item, bool *negative, uint64_t *number) {
  struct head head;
  if (!take_head(&item, &head) || (head.type != CBOR_UINT && head.type != CBOR_NEGATIVE)) return false;
  *negative = head.type == CBOR_NEGATIVE;
  *number = head.argument;
  return true;
}
