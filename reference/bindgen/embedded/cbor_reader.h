/* ---- Reading CBOR ------------------------------------------------------------------------------------------------
 *
 * ffi_cbor_read takes exactly one well-formed item (a reply, an event) and gives a place to look at it from. Whatever the
 * bytes are, nothing outside of them is read, nothing is allocated, and time is in proportion to their number (of a
 * nested search: to that times the searches). Items deeper than FFI_CBOR_DEPTH are refused. Tags are looked through.
 * Items point into the bytes: they are good for as long as those are, inside a callback until it returns.
 *
 * Functions that return an int return 1, or 0: it is not so, and nothing was stored. */
#ifndef FFI_CBOR_READER
#define FFI_CBOR_READER

#include <stdio.h>

typedef struct ffi_cbor_item {
  const uint8_t *at;  /* its first byte; NULL: no item */
  const uint8_t *end; /* of all bytes */
} ffi_cbor_item;

/* The first bytes of an item: its major type, its number (a value, a length), and whether its end is marked instead. */
typedef struct ffi_cbor_head {
  unsigned major, info;
  uint64_t number;
  int indefinite;
} ffi_cbor_head;

/* Returns what follows the head; NULL: malformed, or the bytes end inside. */
static inline const uint8_t *ffi_cbor_read_head(const uint8_t *at, const uint8_t *end, ffi_cbor_head *head) {
  size_t width, i;
  if (!at || at == end) return NULL;
  head->major = *at >> 5;
  head->info = *at & 31u;
  head->number = head->info;
  head->indefinite = head->info == 31;
  ++at;
  if (head->indefinite) return head->major >= 2 && head->major <= 5 ? at : NULL;
  if (head->info > 27) return NULL;
  width = head->info < 24 ? 0 : (size_t)1 << (head->info - 24);
  if ((size_t)(end - at) < width) return NULL;
  if (width > 0) head->number = 0;
  for (i = 0; i < width; ++i) head->number = head->number << 8 | at[i];
  if (head->major == 7 && width == 1 && head->number < 32) return NULL;
  return at + width;
}

/* The text of an item in diagnostic notation, as far as there is room. */
typedef struct ffi_cbor_printer {
  char *out;
  size_t capacity, size;
} ffi_cbor_printer;

static inline void ffi_cbor_print_char(ffi_cbor_printer *printer, char c) {
  if (printer->size + 1 < printer->capacity) printer->out[printer->size] = c;
  if (printer->size < SIZE_MAX - 1) printer->size += 1;
}
static inline void ffi_cbor_print_text(ffi_cbor_printer *printer, const char *text) {
  for (; printer && *text; ++text) ffi_cbor_print_char(printer, *text);
}

static inline double ffi_cbor_double_of(const ffi_cbor_head *head) {
  double value;
  uint64_t bits = head->number;
  if (head->info == 26) {
    const uint32_t single_bits = (uint32_t)bits;
    float single;
    memcpy(&single, &single_bits, sizeof single);
    return (double)single;
  }
  if (head->info == 25) {
    /* 1 bit of sign, 5 of exponent, 10 of fraction: into the places that a double has for them. */
    const uint64_t sign = bits >> 15 << 63, exponent = bits >> 10 & 31, fraction = bits & 1023;
    if (exponent == 0) return (sign ? -1.0 : 1.0) * (double)fraction / 16777216.0;
    bits = sign | (exponent == 31 ? (uint64_t)2047 : exponent + 1008) << 52 | fraction << 42;
  }
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline void ffi_cbor_print_number(ffi_cbor_printer *printer, const ffi_cbor_head *head) {
  char text[40];
  double value;
  char *c;
  if (head->major == 0) {
    snprintf(text, sizeof text, "%llu", (unsigned long long)head->number);
  } else if (head->major == 1 && head->number == UINT64_MAX) {
    snprintf(text, sizeof text, "-18446744073709551616");
  } else if (head->major == 1) {
    snprintf(text, sizeof text, "-%llu", (unsigned long long)head->number + 1);
  } else if (head->major == 6) {
    snprintf(text, sizeof text, "%llu(", (unsigned long long)head->number);
  } else if (head->info < 25) {
    const char *const names[] = {"false", "true", "null", "undefined"};
    if (head->number >= 20 && head->number <= 23) {
      snprintf(text, sizeof text, "%s", names[head->number - 20]);
    } else {
      snprintf(text, sizeof text, "simple(%u)", (unsigned)head->number);
    }
  } else {
    value = ffi_cbor_double_of(head);
    snprintf(text, sizeof text, "%s", value > 0 ? "Infinity" : "-Infinity");
    if (value != value) snprintf(text, sizeof text, "NaN");
    if (value - value == 0.0) {
      snprintf(text, sizeof text, "%.17g", value);
      for (c = text; *c; ++c) *c = *c == ',' ? '.' : *c; /* the locale's */
      if (!strpbrk(text, ".e")) strcat(text, ".0");
    }
  }
  ffi_cbor_print_text(printer, text);
}

static inline void ffi_cbor_print_chunk(ffi_cbor_printer *printer, unsigned major, const uint8_t *bytes, size_t len) {
  const char *const digits = "0123456789abcdef";
  size_t i;
  ffi_cbor_print_text(printer, major == 2 ? "h'" : "\"");
  for (i = 0; i < len; ++i) {
    const int escaped = bytes[i] < 32 || bytes[i] == 127;
    if (escaped && major == 3) ffi_cbor_print_text(printer, "\\u00");
    if (major == 3 && (bytes[i] == '"' || bytes[i] == '\\')) ffi_cbor_print_char(printer, '\\');
    if (major == 2 || escaped) {
      ffi_cbor_print_char(printer, digits[bytes[i] >> 4]);
      ffi_cbor_print_char(printer, digits[bytes[i] & 15]);
    } else {
      ffi_cbor_print_char(printer, (char)bytes[i]);
    }
  }
  ffi_cbor_print_text(printer, major == 2 ? "'" : "\"");
}

/* A text or byte string: what follows it, or NULL. In chunks it is printed as (_ "a", "b"). */
static inline const uint8_t *ffi_cbor_walk_string(const uint8_t *at, const uint8_t *end, ffi_cbor_head head,
                                                  ffi_cbor_printer *printer) {
  const unsigned major = head.major;
  const int chunks = head.indefinite;
  int first = 1;
  if (chunks) ffi_cbor_print_text(printer, "(_ ");
  for (;; first = 0) {
    if (chunks && at != end && *at == 0xff) break;
    if (chunks) at = ffi_cbor_read_head(at, end, &head);
    if (!at || head.major != major || head.indefinite || head.number > (uint64_t)(end - at)) return NULL;
    if (!first) ffi_cbor_print_text(printer, ", ");
    if (printer) ffi_cbor_print_chunk(printer, major, at, (size_t)head.number);
    at += head.number;
    if (!chunks) return at;
  }
  ffi_cbor_print_text(printer, ")");
  return at + 1;
}

/* What is open while items are walked. */
typedef struct ffi_cbor_open {
  ffi_cbor_head head;
  uint64_t seen; /* items until now: of a map keys and values */
} ffi_cbor_open;

/* 1: all of its items are there. 0: more. -1: its end is marked at a wrong place. */
static inline int ffi_cbor_complete(const ffi_cbor_open *open, const uint8_t *at, const uint8_t *end) {
  const int is_map = open->head.major == 5;
  if (!open->head.indefinite) return open->seen == (open->head.major == 6 ? 1 : is_map ? open->head.number * 2 : open->head.number);
  if (at == end || *at != 0xff) return 0;
  return is_map && open->seen % 2 == 1 ? -1 : 1;
}

static inline void ffi_cbor_print_separator(ffi_cbor_printer *printer, const ffi_cbor_open *open) {
  if (open->seen == 0) return;
  ffi_cbor_print_text(printer, open->head.major == 5 && open->seen % 2 == 1 ? ": " : ", ");
}

/* One whole item: what follows it, or NULL. The one place that knows what is well-formed. */
static inline const uint8_t *ffi_cbor_walk(const uint8_t *at, const uint8_t *end, ffi_cbor_printer *printer) {
  ffi_cbor_open open[FFI_CBOR_DEPTH];
  size_t depth = 0;
  for (;;) {
    ffi_cbor_head head;
    if (depth > 0) ffi_cbor_print_separator(printer, &open[depth - 1]);
    at = ffi_cbor_read_head(at, end, &head);
    if (!at) return NULL;
    if (head.major == 2 || head.major == 3) {
      at = ffi_cbor_walk_string(at, end, head, printer);
      if (!at) return NULL;
    } else if (head.major == 4 || head.major == 5 || head.major == 6) {
      /* Each item is a byte at least; a map that promises more cannot be one. */
      if (head.major != 6 && !head.indefinite && head.number > (uint64_t)(end - at) / (head.major - 3)) return NULL;
      if (depth == FFI_CBOR_DEPTH) return NULL;
      if (head.major == 6 && printer) ffi_cbor_print_number(printer, &head);
      if (head.major != 6) ffi_cbor_print_text(printer, head.major == 4 ? (head.indefinite ? "[_ " : "[") : (head.indefinite ? "{_ " : "{"));
      open[depth].head = head;
      open[depth].seen = 0;
      depth += 1;
    } else if (printer) {
      ffi_cbor_print_number(printer, &head);
    }
    if (head.major < 4 || head.major == 7) {
      if (depth == 0) return at;
      open[depth - 1].seen += 1;
    }
    for (;;) {
      const int complete = ffi_cbor_complete(&open[depth - 1], at, end);
      if (complete < 0) return NULL;
      if (!complete) break;
      at += open[depth - 1].head.indefinite;
      ffi_cbor_print_text(printer, open[depth - 1].head.major == 4 ? "]" : open[depth - 1].head.major == 5 ? "}" : ")");
      depth -= 1;
      if (depth == 0) return at;
      open[depth - 1].seen += 1;
    }
  }
}
