// The host of the runtime's tests: it makes the probe's requests.
#pragma once

#include "reference/libraries/probe/probe_abi.hpp"
#include "reference/runtime/test_recorder.hpp"

namespace ffi_cts {
namespace probe = ::probe_library::abi;
}

namespace ffi_cts::testing {

inline std::string echo(std::string text, int ms = 0) {
  return map({{"req", Fields{{"text", std::move(text)}, {"delayMs", ms}}}});
}
inline std::string echoed(std::string text, std::string name = "probe") {
  return map({{"echoed", std::move(text)}, {"name", std::move(name)}});
}
inline std::string emit(std::string text, int count, std::string event = "tick") {
  return map({{"req", Fields{{"text", std::move(text)}, {"count", count}, {"event", std::move(event)}}}});
}
inline std::string event(std::string name, std::string text, int index) {
  return map({{"eventType", std::move(name)}, {"payload", Fields{{"text", std::move(text)}, {"index", index}}}});
}

using Proc = int (*)(void*, FFICallBack, void*, const std::uint8_t*, std::size_t) noexcept;

inline void* create(Recorder& constructed, Fields config = {{"name", "probe"}}) {
  const std::string request = map({{"config", std::move(config)}});
  return probe::create_cbor(bytes(request), request.size(), Recorder::callback, &constructed);
}

// One context, constructed at birth and destroyed at the end of the test.
class TestContext {
 public:
  explicit TestContext(std::string name = "probe") : handle(create(constructed, {{"name", std::move(name)}})) {
    EXPECT_NE(handle, nullptr);
    EXPECT_EQ(constructed.wait().ret, RET_OK);
  }
  ~TestContext() {
    if (handle == nullptr) return;
    EXPECT_EQ(destroy(), RET_OK);
  }
  TestContext(const TestContext&) = delete;
  TestContext& operator=(const TestContext&) = delete;

  int submit(Proc proc, const std::string& request, Recorder& to) const {
    return proc(handle, Recorder::callback, &to, bytes(request), request.size());
  }
  Heard ask(Proc proc, const std::string& request) const {
    Recorder reply;
    EXPECT_EQ(submit(proc, request, reply), RET_OK);
    return reply.wait();
  }
  std::uint64_t listen(const char* name, Recorder& to) const {
    return probe::add_event_listener(handle, name, Recorder::callback, &to);
  }
  int remove(std::uint64_t id) const { return probe::remove_event_listener(handle, id); }
  int destroy() { return probe::destroy(std::exchange(handle, nullptr)); }

  Recorder constructed;
  void* handle;
};

}  // namespace ffi_cts::testing
