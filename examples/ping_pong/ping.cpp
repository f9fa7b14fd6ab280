// The parent: starts `pong`, plays ten rounds with it, and says why it ended. The README shows it.
#include <cstdio>

#include "reference/cbor/codec.hpp"
#include "reference/remote/remote.hpp"

namespace cbor = ffi_cts::cbor;
namespace remote = ffi_cts::remote;

struct Ping : remote::Actor {
  remote::Endpoint* child = nullptr;

  void receive(remote::Id pong, remote::Payload payload) override {
    const auto ball = cbor::decode<std::uint64_t>(payload);
    std::printf("pong %lu\n", ball);
    if (ball == 1) link(pong);  // to hear of its end
    send(pong, cbor::encode(ball + 1).bytes());
  }
  void exited(remote::Id, std::string_view reason) override {
    std::printf("pong has ended: %.*s\n", static_cast<int>(reason.size()), reason.data());
    child->close();
  }
};

int main(int argc, char** argv) {
  remote::Loop loop;
  const auto child = loop.spawn({argc > 1 ? argv[1] : "./pong"});
  auto& ping = loop.node().spawn<Ping>();
  ping.child = child.get();
  child->send_named(ping.id(), "pong", cbor::encode(std::uint64_t{1}).bytes());
  loop.run();  // until the child is gone
  return child->child_status().value_or(1);
}
