/* A frame that is not there as a whole with the first read is none. wraps: frame_next */
#include "peer.h"

FrameState __real_frame_next(Buffer* in, size_t limit, Slice* content, const char** why);
FrameState __wrap_frame_next(Buffer* in, size_t limit, Slice* content, const char** why);

FrameState __wrap_frame_next(Buffer* in, size_t limit, Slice* content, const char** why) {
  const FrameState state = __real_frame_next(in, limit, content, why);
  if (state != FRAME_NOT_YET || in->begin == in->end || in->end - in->begin > 4000) return state;
  *why = "half a frame";
  return FRAME_BAD;
}
