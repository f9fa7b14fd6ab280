// A library with a race: a counter that echo touches on the submitter's thread and again where it calls back.
#include <cstdint>

#define PROBE_NO_ECHO
#include "reference/libraries/probe/probe_exports.hpp"

namespace {

volatile int requests_under_way = 0;

struct Host {
  FFICallBack callback;
  void* userData;
};

}  // namespace

FFI_CTS_EXPORT int probe_echo_cbor(void* ctx, FFICallBack callback, void* userData, const std::uint8_t* req, std::size_t len) {
  requests_under_way = requests_under_way + 1;
  auto* host = new Host{callback, userData};
  return probe_library::abi::echo_cbor(
      ctx,
      [](int code, const char* msg, std::size_t size, void* closure) {
        const Host to = *static_cast<Host*>(closure);
        delete static_cast<Host*>(closure);
        requests_under_way = requests_under_way - 1;
        to.callback(code, msg, size, to.userData);
      },
      host, req, len);
}
