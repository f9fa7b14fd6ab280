// The child: an actor named pong that sends each ball back, and has enough after ten.
#include <cstdio>

#include "reference/cbor/codec.hpp"
#include "reference/remote/remote.hpp"

namespace cbor = ffi_cts::cbor;
namespace remote = ffi_cts::remote;

struct Pong : remote::Actor {
  void receive(remote::Id ping, remote::Payload payload) override {
    const auto ball = cbor::decode<std::uint64_t>(payload);
    if (ball > 10) return exit("ten is enough");
    send(ping, payload);
  }
};

int main() {
  remote::Loop loop;
  const auto parent = loop.adopt_stdio();
  std::puts("printed by the child, and no frame");  // goes to stderr: stdout carries frames
  loop.node().register_name("pong", loop.node().spawn<Pong>().id());
  loop.run();  // until the parent closes the connection
}
