// What a step sends, as bytes, and what it lets one expect. Used alike by the driver (to call) and by the index (to judge).
#pragma once

#include <optional>

#include "harness/interface/template.hpp"
#include "harness/program/program.hpp"

namespace ffi_cts {

// `size` bytes of text; from 12 bytes on it begins with a mark of `instance`, so that no two requests of a run share it.
// Letters, and from 14 bytes on, by the seed, one text in 64 holds a NUL and one a letter of two bytes.
std::string make_text(Payload payload, int instance);
Bytes make_bytes(Payload payload, int instance);
constexpr std::uint32_t identifiable_size = 12;

// Does this create or request step call the native variant? Those that misuse the payload have bytes to misuse, so they do not.
bool goes_native(const Interface& interface, const Step& step);

// What the placeholders stand for in the `instance`-th request (or context) of a run. No NUL goes into a native call, where texts
// end at the first.
Arguments arguments_of(const Interface& interface, const Step& step, int instance, Value ctor);

// The value as structs in C can hold it: every text ends at its first NUL.
Value with_c_texts(Value value);

// A reply as the native variant of the proc can bring it: texts inside of structs end at their first NUL.
Value as_c_delivers(const Interface& interface, const Proc& proc, Value reply);

// What a create or request step calls. Null: the file has no such role, or no proc at all.
const Proc* called_proc(const Interface& interface, const Step& step);

// The request map of a create or request step, before any misuse.
std::optional<Value> request_value(const Interface& interface, const Step& step, const Arguments& arguments);

// Both need what they call to be there. The bytes passed: the map encoded, or what the step's misuse makes of it.
Bytes request_bytes(const Interface& interface, const Step& step, const Arguments& arguments);

// The host function that a register or unregister step is for. Null: the file declares none.
const HostFunctionType* host_function_of(const Interface& interface, const Step& step);

// A completion's bytes: raw, or one CBOR item, as the encoding of the function says that was registered by `host_function`.
Bytes completion_bytes(const Interface& interface, const Step& host_function, const Step& completion, int instance);

// What the listener of this step asks for. nullopt: NULL.
std::optional<std::string> event_name(const Interface& interface, const Step& step);

// The name that a register or unregister step passes. nullopt: NULL.
std::optional<std::string> host_function_name(const Interface& interface, const Step& step);

}  // namespace ffi_cts
