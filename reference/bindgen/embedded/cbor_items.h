/* An item behind its tags. */
static inline ffi_cbor_item ffi_cbor_untagged(ffi_cbor_item item) {
  ffi_cbor_head head;
  for (;;) {
    const uint8_t *const after = ffi_cbor_read_head(item.at, item.end, &head);
    if (!after || head.major != 6) return item;
    item.at = after;
  }
}

/* Exactly one well-formed item, and nothing behind it. */
static inline int ffi_cbor_read(const void *bytes, size_t len, ffi_cbor_item *item) {
  const uint8_t *const at = (const uint8_t *)bytes;
  if (!at || ffi_cbor_walk(at, at + len, NULL) != at + len) return 0;
  item->at = at;
  item->end = at + len;
  return 1;
}

enum ffi_cbor_kind {
  FFI_CBOR_NONE, /* there is no item */
  FFI_CBOR_INT,  /* from -2^64 to 2^64 - 1 */
  FFI_CBOR_BYTES,
  FFI_CBOR_TEXT,
  FFI_CBOR_ARRAY,
  FFI_CBOR_MAP,
  FFI_CBOR_BOOL,
  FFI_CBOR_NULL,
  FFI_CBOR_DOUBLE,
  FFI_CBOR_SIMPLE /* undefined, and what has no meaning yet */
};
static inline enum ffi_cbor_kind ffi_cbor_kind_of(ffi_cbor_item item) {
  ffi_cbor_head head;
  item = ffi_cbor_untagged(item);
  if (!ffi_cbor_read_head(item.at, item.end, &head)) return FFI_CBOR_NONE;
  switch (head.major) {
    case 2: return FFI_CBOR_BYTES;
    case 3: return FFI_CBOR_TEXT;
    case 4: return FFI_CBOR_ARRAY;
    case 5: return FFI_CBOR_MAP;
    case 7: break;
    default: return FFI_CBOR_INT;
  }
  if (head.info >= 25) return FFI_CBOR_DOUBLE;
  if (head.number == 22) return FFI_CBOR_NULL;
  return head.number == 20 || head.number == 21 ? FFI_CBOR_BOOL : FFI_CBOR_SIMPLE;
}

static inline int ffi_cbor_is_null(ffi_cbor_item item) { return ffi_cbor_kind_of(item) == FFI_CBOR_NULL; }

/* 0 for what is no such number, or does not fit. */
static inline int ffi_cbor_get_int(ffi_cbor_item item, int64_t *value) {
  ffi_cbor_head head;
  item = ffi_cbor_untagged(item);
  if (!ffi_cbor_read_head(item.at, item.end, &head) || head.major > 1 || head.number > INT64_MAX) return 0;
  *value = head.major == 0 ? (int64_t)head.number : -1 - (int64_t)head.number;
  return 1;
}
static inline int ffi_cbor_get_uint(ffi_cbor_item item, uint64_t *value) {
  ffi_cbor_head head;
  item = ffi_cbor_untagged(item);
  if (!ffi_cbor_read_head(item.at, item.end, &head) || head.major != 0) return 0;
  *value = head.number;
  return 1;
}
static inline int ffi_cbor_get_bool(ffi_cbor_item item, int *value) {
  ffi_cbor_head head;
  item = ffi_cbor_untagged(item);
  if (!ffi_cbor_read_head(item.at, item.end, &head) || head.major != 7 || head.info > 24) return 0;
  if (head.number != 20 && head.number != 21) return 0;
  *value = head.number == 21;
  return 1;
}
/* A floating-point number of any width, or a whole number as one. */
static inline int ffi_cbor_get_double(ffi_cbor_item item, double *value) {
  ffi_cbor_head head;
  item = ffi_cbor_untagged(item);
  if (!ffi_cbor_read_head(item.at, item.end, &head)) return 0;
  if (head.major == 0) {
    *value = (double)head.number;
  } else if (head.major == 1) {
    *value = -1.0 - (double)head.number;
  } else if (head.major == 7 && head.info >= 25) {
    *value = ffi_cbor_double_of(&head);
  } else {
    return 0;
  }
  return 1;
}

/* A text, or a byte string, of `major` 3 or 2: what it needs, copied as far as there is room; SIZE_MAX: it is none. */
static inline size_t ffi_cbor_copy_string(ffi_cbor_item item, unsigned major, uint8_t *out, size_t capacity) {
  ffi_cbor_head head;
  const uint8_t *at;
  size_t size = 0;
  int chunks;
  item = ffi_cbor_untagged(item);
  at = ffi_cbor_read_head(item.at, item.end, &head);
  if (!at || head.major != major || !ffi_cbor_walk_string(at, item.end, head, NULL)) return SIZE_MAX;
  chunks = head.indefinite;
  while (!chunks || *at != 0xff) {
    size_t len, room;
    if (chunks) at = ffi_cbor_read_head(at, item.end, &head);
    len = (size_t)head.number;
    room = size < capacity ? capacity - size : 0;
    if (len > 0 && room > 0) memcpy(out + size, at, len < room ? len : room);
    size += len;
    at += len;
    if (!chunks) break;
  }
  return size;
}

/* A text into a buffer, which ends with NUL if there is any capacity: the length that it needs, without the NUL, or
 * SIZE_MAX: it is no text. The text itself may hold NULs. */
static inline size_t ffi_cbor_copy_text(ffi_cbor_item item, char *out, size_t capacity) {
  const size_t size = ffi_cbor_copy_string(item, 3, (uint8_t *)out, capacity > 0 ? capacity - 1 : 0);
  if (capacity > 0) out[size == SIZE_MAX ? 0 : size < capacity ? size : capacity - 1] = '\0';
  return size;
}
static inline size_t ffi_cbor_copy_bytes(ffi_cbor_item item, uint8_t *out, size_t capacity) {
  return ffi_cbor_copy_string(item, 2, out, capacity);
}

/* A text where it lies, without a NUL. 0: no text, or one in chunks, which has to be copied. */
static inline int ffi_cbor_get_text(ffi_cbor_item item, const char **text, size_t *len) {
  ffi_cbor_head head;
  const uint8_t *at;
  item = ffi_cbor_untagged(item);
  at = ffi_cbor_read_head(item.at, item.end, &head);
  if (!at || head.major != 3 || head.indefinite || head.number > (uint64_t)(item.end - at)) return 0;
  *text = (const char *)at;
  *len = (size_t)head.number;
  return 1;
}

/* The items of an array; of a map its keys and values in turn:
 *   for (ffi_cbor_each(list, &each); ffi_cbor_next(&each, &item);) ... */
typedef struct ffi_cbor_walker {
  const uint8_t *at, *end;
  ffi_cbor_open open;
} ffi_cbor_walker;

/* 0: neither array nor map, and there is no next. */
static inline int ffi_cbor_each(ffi_cbor_item item, ffi_cbor_walker *each) {
  item = ffi_cbor_untagged(item);
  each->at = ffi_cbor_read_head(item.at, item.end, &each->open.head);
  each->end = item.end;
  each->open.seen = 0;
  if (each->at && each->open.head.major != 4 && each->open.head.major != 5) each->at = NULL;
  return each->at != NULL;
}
static inline int ffi_cbor_next(ffi_cbor_walker *each, ffi_cbor_item *item) {
  const uint8_t *after;
  if (!each->at || ffi_cbor_complete(&each->open, each->at, each->end) != 0) return 0;
  after = ffi_cbor_walk(each->at, each->end, NULL);
  if (!after) return 0;
  item->at = each->at;
  item->end = after;
  each->at = after;
  each->open.seen += 1;
  return 1;
}

/* Whether it is that text, which ends with NUL. */
static inline int ffi_cbor_is_text(ffi_cbor_item item, const char *text) {
  ffi_cbor_head head;
  const uint8_t *at;
  const size_t due = strlen(text);
  size_t seen = 0;
  int chunks;
  item = ffi_cbor_untagged(item);
  at = ffi_cbor_read_head(item.at, item.end, &head);
  if (!at || head.major != 3 || !ffi_cbor_walk_string(at, item.end, head, NULL)) return 0;
  chunks = head.indefinite;
  while (!chunks || *at != 0xff) {
    if (chunks) at = ffi_cbor_read_head(at, item.end, &head);
    if (head.number > due - seen || memcmp(text + seen, at, (size_t)head.number) != 0) return 0;
    seen += (size_t)head.number;
    at += head.number;
    if (!chunks) break;
  }
  return seen == due;
}

/* The value that a map has under a key, the first if there are several. 0: no map, or no such key. */
static inline int ffi_cbor_find(ffi_cbor_item map, const char *key, ffi_cbor_item *value) {
  ffi_cbor_walker each;
  ffi_cbor_item name, seen;
  if (!ffi_cbor_each(map, &each) || each.open.head.major != 5) return 0;
  while (ffi_cbor_next(&each, &name) && ffi_cbor_next(&each, &seen)) {
    if (!ffi_cbor_is_text(name, key)) continue;
    *value = seen;
    return 1;
  }
  return 0;
}

/* The item in diagnostic notation: {"name": "a", "sizes": [1, 2.5]}. Returns the length that it needs, without the NUL; out
 * ends with NUL if there is any capacity. 0: it is no item. Letters outside of ASCII stand as they are. */
static inline size_t ffi_cbor_print(ffi_cbor_item item, char *out, size_t capacity) {
  ffi_cbor_printer printer;
  const uint8_t *after;
  printer.out = out;
  printer.capacity = capacity;
  printer.size = 0;
  after = item.at ? ffi_cbor_walk(item.at, item.end, &printer) : NULL;
  if (!after) printer.size = 0;
  if (capacity > 0) out[printer.size < capacity ? printer.size : capacity - 1] = '\0';
  return printer.size;
}

#endif /* FFI_CBOR_READER */
