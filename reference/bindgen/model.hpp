// What every emitter works from: an interface file, and the native form of all that it speaks of.
#pragma once

#include <optional>
#include <vector>

#include "harness/interface/interface.hpp"
#include "harness/interface/native.hpp"

namespace ffi_cts::bindgen {

// A host function's parameters and result; nothing: in CBOR only.
struct HostTypes {
  std::vector<std::optional<native::Type>> params;
  std::optional<native::Type> returns;
};

// The structs of events' payloads and of host functions come after those of the procs in view.structs(), so all emitters call
// them alike. The interface must have a schema and outlive the model.
struct Model {
  explicit Model(const Interface& of);

  const Interface& interface;
  native::View view;
  std::vector<std::optional<native::Type>> events;  // payloads, by the interface's events; nothing: in CBOR only
  std::vector<HostTypes> hosts;                     // by the interface's hosts
};

}  // namespace ffi_cts::bindgen
