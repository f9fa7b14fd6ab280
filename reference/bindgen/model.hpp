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

// Of a request: its parameters as C values, also where there is no native variant; nothing: in CBOR only.
using Request = std::optional<std::vector<native::Field>>;

// The structs of requests in CBOR only, events' payloads and host functions come after the others in view.structs(), so all emitters call
// them alike. The interface must have a schema and outlive the model.
struct Model {
  explicit Model(const Interface& of);

  const Interface& interface;
  native::View view;
  Request constructor;
  std::vector<Request> procs;                       // by the interface's procs
  std::vector<std::optional<native::Type>> events;  // payloads, by the interface's events; nothing: in CBOR only
  std::vector<HostTypes> hosts;                     // by the interface's hosts
};

}  // namespace ffi_cts::bindgen
