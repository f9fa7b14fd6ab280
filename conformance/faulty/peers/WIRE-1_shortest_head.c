/* Frames have the shortest head that their length allows. wraps: frame_write */
#include <unistd.h>

#include "peer.h"

bool __wrap_frame_write(int fd, Slice content);

bool __wrap_frame_write(int fd, Slice content) {
  uint8_t head[9];
  const size_t size = cbor_put_head(head, CBOR_BYTES, content.size);
  return write(fd, head, size) == (ssize_t)size && write(fd, content.data, content.size) == (ssize_t)content.size;
}
