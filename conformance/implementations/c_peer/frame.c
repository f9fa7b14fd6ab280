#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

#include "peer.h"

FrameState frame_next(Buffer *in, size_t limit, Slice *content, const char **why) {
  Slice rest = {in->data + in->begin, in->end - in->begin};
  if (rest.size == 0) return FRAME_NOT_YET;
  const unsigned major = rest.data[0] >> 5, info = rest.data[0] & 0x1f;
  if ((major != CBOR_BYTES && major != CBOR_TEXT) || info > 27) {
    *why = "a frame does not begin with the head of a definite string";
    return FRAME_BAD;
  }
  unsigned found;
  uint64_t size;
  if (!cbor_head(&rest, &found, &size)) return FRAME_NOT_YET;
  if (size > limit) { /* told by the head: the content is not waited for */
    *why = "a frame is longer than the limit";
    return FRAME_BAD;
  }
  if (size > rest.size) return FRAME_NOT_YET;
  *content = (Slice){rest.data, (size_t)size};
  in->begin = (size_t)(rest.data - in->data) + (size_t)size;
  return FRAME_READY;
}

bool frame_write(int fd, Slice content) {
  const uint8_t head[5] = {0x5a, (uint8_t)(content.size >> 24), (uint8_t)(content.size >> 16),
                           (uint8_t)(content.size >> 8), (uint8_t)content.size};
  for (size_t done = 0; done < sizeof head + content.size;) {
    const size_t of_content = done > sizeof head ? done - sizeof head : 0;
    struct iovec parts[2] = {{(void *)(uintptr_t)(head + (done - of_content)), sizeof head - (done - of_content)},
                             {(void *)(uintptr_t)(content.data + of_content), content.size - of_content}};
    const ssize_t n = writev(fd, parts, 2);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    done += (size_t)n;
  }
  return true;
}
