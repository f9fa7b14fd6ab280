/* Requests of my_timer and thirty, each printed as hexadecimal digits behind its name; bindgen's tests read them. */
#include <stdio.h>
#include <stdlib.h>

#include "my_timer_cbor.h"
#include "thirty_cbor.h"

static void show(const char *name, const uint8_t *bytes, size_t len) {
  size_t i;
  printf("%s ", name);
  for (i = 0; i < len; ++i) printf("%02x", bytes[i]);
  printf("\n");
}

/* In a block of just its size: what is written behind it is the sanitizer's. */
#define SHOW(name, call_with_room)                        \
  do {                                                    \
    uint8_t *out = NULL;                                  \
    size_t room = 0, need = call_with_room;               \
    out = (uint8_t *)malloc(need > 0 ? need : 1);         \
    room = need;                                          \
    if (call_with_room != need) printf(name " differs\n"); \
    show(name, out, need);                                \
    free(out);                                            \
  } while (0)

static void timer(void) {
  const EchoRequest echoes[2] = {{"a", 1}, {"", -1}};
  const char *const tags[3] = {"x", NULL, "\xc3\xa4"};
  ComplexRequest full = {0}, zero = {0}, broken = {0};
  TimerConfig config = {"n"};
  uint8_t guarded[8];
  size_t i;
  full.messages = echoes;
  full.messages_len = 2;
  full.tags = tags;
  full.tags_len = 3;
  full.note_present = -1;
  full.note = "note";
  full.retries_present = 1;
  full.retries = INT64_MIN;
  broken.tags_len = 1;
  SHOW("create", my_timer_create_encode(out, room, config));
  SHOW("echo", my_timer_echo_encode(out, room, echoes[1]));
  SHOW("full", my_timer_complex_encode(out, room, full));
  SHOW("zero", my_timer_complex_encode(out, room, zero));
  SHOW("broken", my_timer_complex_encode(out, room, broken));
  for (i = 0; i < sizeof guarded; ++i) guarded[i] = 0x55;
  printf("too_small %u", (unsigned)(my_timer_create_encode(guarded, 4, config) == 16));
  for (i = 4; i < sizeof guarded; ++i) printf("%02x", guarded[i]);
  printf("\n");
}

static void thirty(void) {
  const uint8_t data[3] = {0, 255, 7};
  const Part parts[1] = {{7, 1, "n", 0, 0.0, "red"}};
  const char *const names[1] = {"N"};
  const Point point = {1.5, -0.25};
  const scalars_size size = {1, 2};
  const Owner young = {"O", 0, "unseen", 1, 9}, ageless = {"O", 1, "@", 0, 9};
  const Left none = {NULL, 0};
  Tree tree = {NULL, 0, 5}, round = {NULL, 1, 6};
  round.children = &round;
  SHOW("scalars", thirty_scalars_encode(out, room, "cb", -5, UINT64_MAX, 7, 1e300, data, 3, "green", point, size));
  SHOW("lists", thirty_lists_encode(out, room, parts, 1, names, 1, 1, "here"));
  SHOW("nothing", thirty_lists_encode(out, room, NULL, 0, NULL, 0, 0, NULL));
  SHOW("young", thirty_open_encode(out, room, young, 3));
  SHOW("ageless", thirty_open_encode(out, room, ageless, 3));
  SHOW("version", thirty_version_encode(out, room));
  SHOW("tree", thirty_plant_encode(out, room, tree, none));
  SHOW("endless", thirty_plant_encode(out, room, round, none));
}

int main(void) {
  timer();
  thirty();
  return 0;
}
