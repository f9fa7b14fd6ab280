/* Of two frames that come together the second is delivered first. wraps: frame_next */
#include "peer.h"

FrameState __real_frame_next(Buffer* in, size_t limit, Slice* content, const char** why);
FrameState __wrap_frame_next(Buffer* in, size_t limit, Slice* content, const char** why);

FrameState __wrap_frame_next(Buffer* in, size_t limit, Slice* content, const char** why) {
  static Slice earlier;
  if (earlier.data) {
    *content = earlier;
    earlier.data = NULL;
    return FRAME_READY;
  }
  const FrameState state = __real_frame_next(in, limit, content, why);
  Slice later;
  if (state != FRAME_READY || __real_frame_next(in, limit, &later, why) != FRAME_READY) return state;
  earlier = *content;
  *content = later;
  return FRAME_READY;
}
