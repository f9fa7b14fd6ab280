// The local actors that stand for a peer: a Proxy for each of its actors, a Face for the endpoint itself.
// Rules: RMT-4, RMT-5, RMT-7.
#pragma once

#include "reference/remote/endpoint.hpp"

namespace ffi_cts::remote {

// What it is sent leaves for the peer at once, without lying in a mailbox.
class Proxy final : public Actor {
 public:
  Proxy(Endpoint& endpoint, Id remote) : Actor(&endpoint), endpoint_(endpoint), remote_(remote) {}
  Id remote() const noexcept { return remote_; }
  // Nothing: that is no proxy of the endpoint's.
  static const Proxy* of(const Endpoint& endpoint, const Actor* actor) noexcept {
    return actor != nullptr && actor->owner_ == &endpoint ? static_cast<const Proxy*>(actor) : nullptr;
  }

 private:
  void receive(Id, Payload) override {}
  Flow accept(Id from, Payload payload) override { return endpoint_.send(from, remote_, payload); }
  void linked_by(Id who) override { endpoint_.write(who, Link{who, remote_}); }
  void ended() override { endpoint_.forget(remote_, id()); }

  Endpoint& endpoint_;
  const Id remote_;
};

// Hears of the end of the local actors that the peer knows, and takes messages in the form in which one speaks to an
// endpoint.
class Face final : public Actor {
 public:
  explicit Face(Endpoint& endpoint) : endpoint_(endpoint) {}

 private:
  void receive(Id from, Payload payload) override;
  void exited(Id who, std::string_view reason) override { endpoint_.tell_exit(who, reason); }

  Endpoint& endpoint_;
};

}  // namespace ffi_cts::remote
