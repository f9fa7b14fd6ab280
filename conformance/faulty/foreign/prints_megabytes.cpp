// Foreign, and correct: prints a megabyte to stdout for every context and 4 KiB to stderr for every request.
#define FAULTY_BREAKS_EVERY_PROC
#define PROBE_NO_CREATE
#include <cstdio>

#include "conformance/faulty/wrap.hpp"

namespace {
void print(std::FILE* stream, int lines) {
  for (int i = 0; i < lines; ++i)
    std::fputs("probe: debug: all is well, and here is a line that nobody asked for\n", stream);
  std::fflush(stream);
}

int submit(const faulty::Submission& submission) {
  print(stderr, 60);
  return submission.forward();
}
}  // namespace

FAULTY_EVERY_PROC(submit)

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  print(stdout, 16000);
  return faulty::probe::create_cbor(req, len, callback, userData);
}
