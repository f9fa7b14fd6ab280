/* ---- Writing CBOR ------------------------------------------------------------------------------------------------
 *
 * A writer fills a buffer of the caller's and counts what is needed; what does not fit is counted and not written. So
 * one may measure first (out NULL, capacity 0), or write at once and look whether the size is within the capacity. */
#ifndef FFI_CBOR_WRITER
#define FFI_CBOR_WRITER

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Structs deeper inside of one another than this are neither written nor read. */
#define FFI_CBOR_DEPTH 64

typedef struct ffi_cbor_writer {
  uint8_t *out;
  size_t capacity;
  size_t size; /* needed until now */
  int depth;   /* open structs */
  int failed;  /* what was asked for cannot be written */
} ffi_cbor_writer;

static inline ffi_cbor_writer ffi_cbor_write_to(uint8_t *out, size_t capacity) {
  ffi_cbor_writer writer;
  writer.out = out;
  writer.capacity = capacity;
  writer.size = 0;
  writer.depth = 0;
  writer.failed = 0;
  return writer;
}

/* The size that all of it needs. 0: it cannot be written. Within the capacity: it was written. */
static inline size_t ffi_cbor_written(const ffi_cbor_writer *writer) { return writer->failed ? 0 : writer->size; }

/* len bytes as they are: an item that is encoded already. */
static inline void ffi_cbor_put(ffi_cbor_writer *writer, const void *bytes, size_t len) {
  if (len > SIZE_MAX - writer->size) {
    writer->failed = 1;
    return;
  }
  if (len > 0 && writer->size <= writer->capacity && len <= writer->capacity - writer->size) {
    memcpy(writer->out + writer->size, bytes, len);
  }
  writer->size += len;
}

static inline void ffi_cbor_put_head(ffi_cbor_writer *writer, unsigned major, uint64_t number) {
  uint8_t head[9];
  const unsigned width = number < 24 ? 0 : number <= 0xff ? 1 : number <= 0xffff ? 2 : number <= 0xffffffff ? 4 : 8;
  const unsigned info = width == 0 ? (unsigned)number : width == 1 ? 24 : width == 2 ? 25 : width == 4 ? 26 : 27;
  unsigned i;
  head[0] = (uint8_t)(major << 5 | info);
  for (i = 0; i < width; ++i) head[1 + i] = (uint8_t)(number >> 8 * (width - 1 - i));
  ffi_cbor_put(writer, head, 1 + width);
}

/* Heads: as many items (of a map: pairs of key and value) must follow. */
static inline void ffi_cbor_put_array(ffi_cbor_writer *writer, size_t items) { ffi_cbor_put_head(writer, 4, items); }
static inline void ffi_cbor_put_map(ffi_cbor_writer *writer, size_t pairs) { ffi_cbor_put_head(writer, 5, pairs); }

static inline void ffi_cbor_put_uint(ffi_cbor_writer *writer, uint64_t value) { ffi_cbor_put_head(writer, 0, value); }
static inline void ffi_cbor_put_int(ffi_cbor_writer *writer, int64_t value) {
  if (value >= 0) {
    ffi_cbor_put_head(writer, 0, (uint64_t)value);
  } else {
    ffi_cbor_put_head(writer, 1, ~(uint64_t)value);
  }
}
static inline void ffi_cbor_put_bool(ffi_cbor_writer *writer, int value) { ffi_cbor_put_head(writer, 7, value ? 21 : 20); }
static inline void ffi_cbor_put_null(ffi_cbor_writer *writer) { ffi_cbor_put_head(writer, 7, 22); }
static inline void ffi_cbor_put_double(ffi_cbor_writer *writer, double value) {
  uint8_t item[9];
  uint64_t bits;
  int i;
  memcpy(&bits, &value, sizeof bits);
  item[0] = 0xfb;
  for (i = 0; i < 8; ++i) item[1 + i] = (uint8_t)(bits >> 8 * (7 - i));
  ffi_cbor_put(writer, item, sizeof item);
}

/* (NULL, 0) is empty, (NULL, len > 0) cannot be written. A text is UTF-8: the library refuses any other. */
static inline void ffi_cbor_put_text(ffi_cbor_writer *writer, const char *text, size_t len) {
  if (!text && len > 0) writer->failed = 1;
  ffi_cbor_put_head(writer, 3, len);
  ffi_cbor_put(writer, text, text ? len : 0);
}
static inline void ffi_cbor_put_bytes(ffi_cbor_writer *writer, const uint8_t *bytes, size_t len) {
  if (!bytes && len > 0) writer->failed = 1;
  ffi_cbor_put_head(writer, 2, len);
  ffi_cbor_put(writer, bytes, bytes ? len : 0);
}
/* A text that ends with NUL; NULL is the empty one. */
static inline void ffi_cbor_put_string(ffi_cbor_writer *writer, const char *text) {
  ffi_cbor_put_text(writer, text, text ? strlen(text) : 0);
}

/* A map inside of others, within the depth that is allowed: 0 when it is too deep. And its end. */
static inline int ffi_cbor_open_map(ffi_cbor_writer *writer, size_t pairs) {
  if (writer->depth >= FFI_CBOR_DEPTH) writer->failed = 1;
  if (writer->failed) return 0;
  writer->depth += 1;
  ffi_cbor_put_map(writer, pairs);
  return 1;
}
static inline void ffi_cbor_close_map(ffi_cbor_writer *writer) { writer->depth -= 1; }

/* The head of a list with its elements at `first`: 0 when there is none to read. */
static inline int ffi_cbor_open_list(ffi_cbor_writer *writer, const void *first, size_t items) {
  if (!first && items > 0) writer->failed = 1;
  if (writer->failed) return 0;
  ffi_cbor_put_array(writer, items);
  return 1;
}

#endif /* FFI_CBOR_WRITER */
