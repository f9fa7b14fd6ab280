/* Reads items from standard input, each as a length of 4 bytes (big end first) and its bytes. Answers each the same way:
 * the item written anew after it was read and looked at, or a length of 0 where the reader refuses it. */
#include <stdio.h>
#include <stdlib.h>

#include "my_timer_cbor.h"

static void check(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "transcode: %s\n", what);
  exit(1);
}

static void rewrite_string(ffi_cbor_writer *writer, ffi_cbor_item item) {
  const int is_text = ffi_cbor_kind_of(item) == FFI_CBOR_TEXT;
  const size_t len = is_text ? ffi_cbor_copy_text(item, NULL, 0) : ffi_cbor_copy_bytes(item, NULL, 0);
  char *copy = (char *)malloc(len + 1);
  check(len != SIZE_MAX, "a string without a length");
  if (is_text) {
    const char *where;
    size_t same = len;
    check(ffi_cbor_copy_text(item, copy, len + 1) == len && copy[len] == '\0', "a text that changes");
    if (ffi_cbor_get_text(item, &where, &same)) check(same == len && memcmp(where, copy, len) == 0, "two texts for one");
    ffi_cbor_put_text(writer, copy, len);
  } else {
    check(ffi_cbor_copy_bytes(item, (uint8_t *)copy, len) == len, "bytes that change");
    ffi_cbor_put_bytes(writer, (const uint8_t *)copy, len);
  }
  free(copy);
}

/* The reader goes no deeper than its limit, so neither does this. */
static void rewrite(ffi_cbor_writer *writer, ffi_cbor_item item) {
  const enum ffi_cbor_kind kind = ffi_cbor_kind_of(item);
  ffi_cbor_walker each;
  ffi_cbor_item part;
  size_t parts = 0;
  int64_t number;
  uint64_t big;
  int flag = 0;
  double real = 0;
  switch (kind) {
    case FFI_CBOR_INT:
      if (ffi_cbor_get_int(item, &number)) ffi_cbor_put_int(writer, number);
      else if (ffi_cbor_get_uint(item, &big)) ffi_cbor_put_uint(writer, big);
      else if (ffi_cbor_get_double(item, &real)) ffi_cbor_put_double(writer, real); /* below -2^63 */
      break;
    case FFI_CBOR_BYTES:
    case FFI_CBOR_TEXT: rewrite_string(writer, item); break;
    case FFI_CBOR_ARRAY:
    case FFI_CBOR_MAP:
      for (ffi_cbor_each(item, &each); ffi_cbor_next(&each, &part);) ++parts;
      if (kind == FFI_CBOR_MAP) ffi_cbor_put_map(writer, parts / 2);
      else ffi_cbor_put_array(writer, parts);
      for (ffi_cbor_each(item, &each); ffi_cbor_next(&each, &part);) rewrite(writer, part);
      check(kind != FFI_CBOR_MAP || !ffi_cbor_find(item, "no such key", &part), "a key that is not there");
      break;
    case FFI_CBOR_BOOL:
      check(ffi_cbor_get_bool(item, &flag), "a bool that is none");
      ffi_cbor_put_bool(writer, flag);
      break;
    case FFI_CBOR_DOUBLE:
      check(ffi_cbor_get_double(item, &real), "a number that is none");
      ffi_cbor_put_double(writer, real);
      break;
    case FFI_CBOR_NULL:
    case FFI_CBOR_SIMPLE: ffi_cbor_put_null(writer); break;
    case FFI_CBOR_NONE: check(0, "no item"); break;
  }
}

/* Into little room and into enough: the same length, and a NUL at the end. */
static void print(ffi_cbor_item item) {
  char little[7];
  const size_t len = ffi_cbor_print(item, NULL, 0);
  char *text = (char *)malloc(len + 1);
  check(len > 0 && ffi_cbor_print(item, text, len + 1) == len && strlen(text) == len, "a length of the text that is not its own");
  check(ffi_cbor_print(item, little, sizeof little) == len && strncmp(little, text, strlen(little)) == 0, "a cut text");
  free(text);
}

static void answer(const uint8_t *bytes, size_t len) {
  const uint8_t head[4] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8), (uint8_t)len};
  fwrite(head, 1, sizeof head, stdout);
  fwrite(bytes, 1, len, stdout);
}

/* What does no harm with bytes that were never checked. */
static void poke(uint8_t *bytes, size_t len) {
  ffi_cbor_item item, part;
  ffi_cbor_walker each;
  char text[16];
  int64_t number;
  double real;
  int flag;
  item.at = bytes;
  item.end = bytes + len;
  ffi_cbor_print(item, text, sizeof text);
  ffi_cbor_copy_text(item, text, sizeof text);
  ffi_cbor_get_int(item, &number);
  ffi_cbor_get_double(item, &real);
  ffi_cbor_get_bool(item, &flag);
  ffi_cbor_is_text(item, "eventType");
  ffi_cbor_find(item, "payload", &part);
  for (ffi_cbor_each(item, &each); ffi_cbor_next(&each, &part);) ffi_cbor_kind_of(part);
}

int main(void) {
  uint8_t head[4];
  while (fread(head, 1, sizeof head, stdin) == sizeof head) {
    const size_t len = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    uint8_t *bytes = (uint8_t *)malloc(len > 0 ? len : 1), *out;
    ffi_cbor_writer writer = ffi_cbor_write_to(NULL, 0);
    ffi_cbor_item item;
    check(fread(bytes, 1, len, stdin) == len, "input that ends inside an item");
    poke(bytes, len);
    if (!ffi_cbor_read(bytes, len, &item)) {
      answer(bytes, 0);
    } else {
      print(item);
      rewrite(&writer, item);
      out = (uint8_t *)malloc(writer.size);
      writer = ffi_cbor_write_to(out, writer.size);
      rewrite(&writer, item);
      answer(out, ffi_cbor_written(&writer));
      free(out);
    }
    free(bytes);
  }
  return 0;
}
