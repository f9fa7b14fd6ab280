// The actor that peers under judgement register as "conformance", and every actor that it spawns. Spec: chapter 10.
#pragma once

#include "reference/remote/remote.hpp"

namespace ffi_cts::remote {

class ConformanceActor final : public Actor {
 public:
  enum class Role : std::uint8_t { spawned, of_child, of_parent };

  ConformanceActor(const std::shared_ptr<Endpoint>& endpoint, Role role) : endpoint_(endpoint), role_(role) {}

 private:
  struct Linked {
    Id remote;           // as the peer knows it
    std::vector<Id> to;  // the peer's actors that want to hear of it
  };

  void receive(Id from, Payload payload) override;
  void exited(Id who, std::string_view reason) override;
  void answer(Id to, std::string_view word, Id id);
  void link_to(Id from, Id to);

  const std::weak_ptr<Endpoint> endpoint_;
  const Role role_;
  std::unordered_map<Id, Linked> linked_;  // by the proxy's id
};

}  // namespace ffi_cts::remote
