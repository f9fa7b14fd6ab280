/* What follows a frame in the same read is dropped. wraps: frame_next */
#include "peer.h"

FrameState __real_frame_next(Buffer* in, size_t limit, Slice* content, const char** why);
FrameState __wrap_frame_next(Buffer* in, size_t limit, Slice* content, const char** why);

FrameState __wrap_frame_next(Buffer* in, size_t limit, Slice* content, const char** why) {
  const FrameState state = __real_frame_next(in, limit, content, why);
  if (state == FRAME_READY) in->begin = in->end;
  return state;
}
