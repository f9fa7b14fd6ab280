// How C spells native types, members and parameters. Every emitter whose language calls C uses it.
#pragma once

#include <string>
#include <vector>

#include "reference/bindgen/model.hpp"

namespace ffi_cts::bindgen {

// "const char *", "int64_t", "EchoRequest", "const EchoRequest *" (the elements of a list).
std::string c_type(const native::Type& type);
std::string c_type(native::Kind kind, const native::Struct* structure);
// What a reply's message pointer is cast to: "const EchoResponse *", "const int64_t *"; of a text "const char *".
std::string c_reply(const native::Type& type);

// One declared name: of a member, or of a parameter.
struct Declared {
  std::string type, name;
};
std::string to_text(const Declared& declared);  // "const char *name", "int64_t count"

// What the fields of a struct, or the parameters of a signature, are in C: up to three each.
std::vector<Declared> declared(const std::vector<native::Field>& fields);
std::vector<Declared> declared(const native::Field& field, const std::vector<native::Field>& among);  // of one of them
std::string joined(const std::vector<Declared>& all);  // "EchoRequest req, const char *key"

// `name`, with as many underscores behind it as make it differ from all of these.
std::string unlike(std::string name, const std::vector<Declared>& all);

// The prototypes of one proc's or constructor's variants, without extern and semicolon.
std::string native_prototype(const Proc& proc, const native::Signature& signature, bool constructor);
std::string cbor_prototype(const Proc& proc, bool constructor);

// Text that may stand in a C comment: in one line, without the marks that begin and end comments, and without trigraphs.
std::string comment_text(std::string text);

}  // namespace ffi_cts::bindgen
