/* Each frame holds a null behind its message. wraps: frame_write */
#include <string.h>

#include "peer.h"

bool __real_frame_write(int fd, Slice content);
bool __wrap_frame_write(int fd, Slice content);

bool __wrap_frame_write(int fd, Slice content) {
  static uint8_t both[1 << 20];
  if (content.size >= sizeof both) return false;
  memcpy(both, content.data, content.size);
  both[content.size] = 0xf6;
  return __real_frame_write(fd, (Slice){both, content.size + 1});
}
