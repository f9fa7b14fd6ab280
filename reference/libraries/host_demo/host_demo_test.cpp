// host_demo as a host meets it that was compiled for it, on both variants.
#include "host_demo.h"

#include "reference/runtime/test_recorder.hpp"

namespace ffi_cts::testing {
namespace {

struct Host {
  void* handle = nullptr;
  int ret = RET_OK;
  std::string answer, asked = "nothing";
  static void fetch_token(std::uint64_t id, const char* request, std::size_t len, void* self_) {
    auto* const self = static_cast<Host*>(self_);
    self->asked.assign(request, len);
    host_demo_host_complete(self->handle, id, self->ret, self->answer.data(), self->answer.size());
  }
};

class HostDemo : public ::testing::Test {
 protected:
  HostDemo() {
    host_.handle = demo_create(Recorder::callback, &constructed_);
    EXPECT_EQ(constructed_.wait().ret, RET_OK);
    EXPECT_EQ(host_demo_register_host_fn(host_.handle, "fetch_token", Host::fetch_token, &host_), RET_OK);
  }
  ~HostDemo() override { EXPECT_EQ(demo_destroy(host_.handle), RET_OK); }
  Heard use_token_native(const char* key) {
    Recorder reply;
    EXPECT_EQ(use_token(host_.handle, Recorder::callback, &reply, key), RET_OK);
    return reply.wait();
  }
  Heard use_token_in_cbor(const std::string& key) {
    Recorder reply;
    const std::string request = map({{"key", key}});
    EXPECT_EQ(use_token_cbor(host_.handle, Recorder::callback, &reply, bytes(request), request.size()), RET_OK);
    return reply.wait();
  }
  Recorder constructed_;
  Host host_;
};

TEST_F(HostDemo, ItAsksForTheKeysRawBytesAndRepliesTheToken) {
  host_.answer = "s3cret";
  EXPECT_EQ(use_token_native("alice").text, "token[s3cret]");
  EXPECT_EQ(host_.asked, "alice");
  EXPECT_EQ(use_token_in_cbor("bob").text, cbor_of("token[s3cret]"));
  EXPECT_EQ(host_.asked, "bob");
  EXPECT_EQ(use_token_native(nullptr).text, "token[s3cret]");
  EXPECT_EQ(host_.asked, "");
}

TEST_F(HostDemo, AFailedCallIsAnErrorThatSaysWhatTheHostSaid) {
  host_.ret = RET_ERR;
  host_.answer = "permission denied";
  for (const Heard& heard : {use_token_native("k"), use_token_in_cbor("k")}) {
    EXPECT_EQ(heard.ret, RET_ERR);
    EXPECT_EQ(heard.text, "host error: permission denied");
  }
}

TEST_F(HostDemo, AFunctionThatIsNotRegisteredIsNamed) {
  EXPECT_EQ(host_demo_register_host_fn(host_.handle, "fetch_token", nullptr, nullptr), RET_ERR);
  const Heard heard = use_token_native("k");
  EXPECT_EQ(heard.ret, RET_ERR);
  EXPECT_EQ(heard.text, "host error: the host function 'fetch_token' is not registered");
}

TEST_F(HostDemo, TheConstructorAlsoComesInCbor) {
  Recorder constructed;
  void* const other = demo_create_cbor(reinterpret_cast<const std::uint8_t*>("\xa0"), 1, Recorder::callback, &constructed);
  EXPECT_EQ(constructed.wait().text, cbor_of(std::to_string(reinterpret_cast<std::uintptr_t>(other))));
  Recorder listener;
  const std::uint64_t id = host_demo_add_event_listener(other, "", Recorder::callback, &listener);
  EXPECT_EQ(host_demo_remove_event_listener(other, id), RET_OK);
  EXPECT_EQ(demo_destroy(other), RET_OK);
}

}  // namespace
}  // namespace ffi_cts::testing
