// echo as a host meets it that was compiled for it, on both variants.
#include "echo.h"

#include "reference/runtime/test_recorder.hpp"

namespace ffi_cts::testing {
namespace {

TEST(Echo, ItShoutsWithItsPrefixOnBothVariants) {
  Recorder constructed;
  const std::string config = map({{"config", Fields{{"prefix", "Höy"}}}});
  void* const handle = echo_create_cbor(bytes(config), config.size(), Recorder::callback, &constructed);
  ASSERT_NE(handle, nullptr);
  EXPECT_EQ(constructed.wait().text, cbor_of(std::to_string(reinterpret_cast<std::uintptr_t>(handle))));

  Recorder reply;
  const std::string request = map({{"req", Fields{{"text", "you, ärger 1"}}}});
  EXPECT_EQ(echo_shout_cbor(handle, Recorder::callback, &reply, bytes(request), request.size()), RET_OK);
  EXPECT_EQ(reply.wait().text, map({{"shouted", "Höy: YOU, äRGER 1"}, {"prefix", "Höy"}}));

  NativeReply<ShoutResponse> native([](const ShoutResponse& response) {
    EXPECT_STREQ(response.shouted, "Höy: YOU");
    EXPECT_STREQ(response.prefix, "Höy");
  });
  EXPECT_EQ(echo_shout(handle, native.callback, &native, {.text = "you"}), RET_OK);
  EXPECT_EQ(native.wait().ret, RET_OK);
  EXPECT_EQ(echo_destroy(handle), RET_OK);
}

TEST(Echo, ItHasItsVersionAndTheFourCommonExports) {
  Recorder constructed, version, version_cbor, listener;
  void* const handle = echo_create({.prefix = nullptr}, Recorder::callback, &constructed);
  EXPECT_EQ(echo_version(handle, Recorder::callback, &version), RET_OK);
  EXPECT_EQ(version.wait().text, "nim-echo v0.1.0");
  EXPECT_EQ(echo_version_cbor(handle, Recorder::callback, &version_cbor, reinterpret_cast<const std::uint8_t*>("\xa0"), 1), RET_OK);
  EXPECT_EQ(version_cbor.wait().text, cbor_of("nim-echo v0.1.0"));
  const std::uint64_t id = echo_add_event_listener(handle, "", Recorder::callback, &listener);
  EXPECT_NE(id, 0U);
  EXPECT_EQ(echo_remove_event_listener(handle, id), RET_OK);
  EXPECT_EQ(echo_register_host_fn(handle, "f", nullptr, nullptr), RET_ERR);
  EXPECT_EQ(echo_host_complete(handle, 1, RET_OK, "", 0), RET_OK);
  EXPECT_EQ(echo_destroy(handle), RET_OK);
}

}  // namespace
}  // namespace ffi_cts::testing
