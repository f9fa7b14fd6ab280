#include "reference/bindgen/model.hpp"

namespace ffi_cts::bindgen {

Model::Model(const Interface& of) : interface(of), view(of) {
  constructor = view.fields_of(interface.constructor.params, interface.constructor.name);
  for (const Proc& proc : interface.procs) procs.push_back(view.fields_of(proc.params, proc.name));
  for (const EventType& event : interface.events) events.push_back(view.type_of(event.payload_cddl, event.name + "_payload"));
  for (const HostFunctionType& host : interface.hosts) {
    HostTypes types;
    for (const Param& param : host.params) types.params.push_back(view.type_of(param.cddl, host.name + "_" + param.name));
    types.returns = view.type_of(host.returns_cddl, host.name + "_reply");
    hosts.push_back(std::move(types));
  }
}

}  // namespace ffi_cts::bindgen
