/* A frame with the head of a text string is refused. wraps: frame_next */
#include "peer.h"

FrameState __real_frame_next(Buffer* in, size_t limit, Slice* content, const char** why);
FrameState __wrap_frame_next(Buffer* in, size_t limit, Slice* content, const char** why);

FrameState __wrap_frame_next(Buffer* in, size_t limit, Slice* content, const char** why) {
  const bool text = in->begin < in->end && in->data[in->begin] >> 5 == CBOR_TEXT;
  if (!text) return __real_frame_next(in, limit, content, why);
  *why = "a frame is no byte string";
  return FRAME_BAD;
}
