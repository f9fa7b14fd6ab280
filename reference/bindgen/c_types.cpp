#include "reference/bindgen/c_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ffi_cts::bindgen {

using native::Kind;

std::string c_type(Kind kind, const native::Struct* structure) {
  switch (kind) {
    case Kind::text: return "const char *";
    case Kind::bytes: return "const uint8_t *";
    case Kind::integer: return "int64_t";
    case Kind::unsigned_: return "uint64_t";
    case Kind::boolean: return "int";
    case Kind::floating: return "double";
    case Kind::structure:
    case Kind::list: break;
  }
  return structure->name;
}

std::string c_type(const native::Type& type) {
  if (type.kind != Kind::list) return c_type(type.kind, type.structure);
  if (type.element == Kind::text) return "const char *const *";
  return fmt::format("const {} *", c_type(type.element, type.structure));
}

std::string c_reply(const native::Type& type) {
  const std::string value = c_type(type);
  return type.kind == Kind::text || type.kind == Kind::bytes ? value : fmt::format("const {} *", value);
}

std::string to_text(const Declared& declared) {
  return declared.type + (declared.type.ends_with('*') ? "" : " ") + declared.name;
}

std::vector<Declared> declared(const native::Field& field, const std::vector<native::Field>& among) {
  std::vector<Declared> out;
  if (field.optional) out.push_back({"int", field.name + "_present"});
  // A member that has the name of a struct hides it from the members behind it; `struct NAME` finds it all the same.
  std::string type = c_type(field.type);
  const auto* structure = field.type.structure;
  if (structure && std::ranges::any_of(among, [&](const native::Field& other) { return other.name == structure->name; }))
    type.insert(field.type.kind == Kind::list ? std::string("const ").size() : 0, "struct ");
  out.push_back({type, field.name});
  if (field.type.kind == Kind::bytes || field.type.kind == Kind::list) out.push_back({"size_t", field.name + "_len"});
  return out;
}

std::vector<Declared> declared(const std::vector<native::Field>& fields) {
  std::vector<Declared> out;
  for (const native::Field& field : fields) std::ranges::move(declared(field, fields), std::back_inserter(out));
  return out;
}

std::string joined(const std::vector<Declared>& all) {
  std::string out;
  for (const Declared& one : all) out += (out.empty() ? "" : ", ") + to_text(one);
  return out;
}

std::string unlike(std::string name, const std::vector<Declared>& all) {
  while (std::ranges::any_of(all, [&](const Declared& one) { return one.name == name; })) name += '_';
  return name;
}

std::string native_prototype(const Proc& proc, const native::Signature& signature, bool constructor) {
  const std::vector<Declared> params = declared(signature.params);
  const std::string args = joined(params);
  const std::string callback = fmt::format("FFICallBack {}, void *{}", unlike("callback", params), unlike("userData", params));
  if (constructor) return fmt::format("void *{}({}{}{})", proc.symbols.native, args, args.empty() ? "" : ", ", callback);
  const std::string context = proc.context ? fmt::format("void *{}, ", unlike("ctx", params)) : "";
  return fmt::format("int {}({}{}{}{})", proc.symbols.native, context, callback, args.empty() ? "" : ", ", args);
}

std::string cbor_prototype(const Proc& proc, bool constructor) {
  if (constructor) return fmt::format("void *{}(const uint8_t *req, size_t reqLen, FFICallBack callback, void *userData)", proc.symbols.cbor);
  return fmt::format("int {}({}FFICallBack callback, void *userData, const uint8_t *req, size_t reqLen)", proc.symbols.cbor,
                     proc.context ? "void *ctx, " : "");
}

std::string comment_text(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  for (std::size_t i = 1; i < text.size(); ++i) {
    const std::string_view two(text.data() + i - 1, 2);
    if (two == "*/" || two == "/*" || two == "??") text.insert(i, 1, ' ');
  }
  return text;
}

}  // namespace ffi_cts::bindgen
