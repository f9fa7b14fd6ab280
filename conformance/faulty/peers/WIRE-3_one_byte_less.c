/* A frame of just the limit is refused. wraps: frame_next */
#include "peer.h"

FrameState __real_frame_next(Buffer* in, size_t limit, Slice* content, const char** why);
FrameState __wrap_frame_next(Buffer* in, size_t limit, Slice* content, const char** why);

FrameState __wrap_frame_next(Buffer* in, size_t limit, Slice* content, const char** why) {
  return __real_frame_next(in, limit - 1, content, why);
}
