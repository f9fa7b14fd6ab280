#include "reference/bindgen/cddl.hpp"

#include <fmt/format.h>

#include <cctype>

namespace ffi_cts::bindgen {

using schema::Kind;
using schema::Type;

namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string key_text(const std::string& key) {
  bool bare = !key.empty() && !std::isdigit(static_cast<unsigned char>(key[0])) && key[0] != '-' && key.back() != '-';
  for (const char c : key) bare = bare && (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-');
  return bare ? key : quoted(key);
}

std::string sized(const std::string& name, const Type& type) {
  if (!type.range) return name;
  if (type.range->least == type.range->most) return fmt::format("{} .size {}", name, type.range->least);
  return fmt::format("{} .size ({}..{})", name, type.range->least, type.range->most);
}

std::string map_text(const Type& type) {
  std::string out;
  for (const schema::Member& member : type.members)
    out += fmt::format("{}{}{}: {}", out.empty() ? " " : ", ", member.optional ? "? " : "", key_text(member.key), cddl_text(*member.type));
  return "{" + out + " }";
}

std::string list_text(const Type& type) {
  if (type.element) return fmt::format("[{} {}]", type.fewest > 0 ? '+' : '*', cddl_text(*type.element));
  std::string out;
  for (const schema::TypePtr& place : type.options) out += (out.empty() ? "" : ", ") + cddl_text(*place);
  return "[" + out + "]";
}

std::string choice_text(const Type& type) {
  std::string out;
  for (const schema::TypePtr& option : type.options) {
    const std::string text = cddl_text(*option);
    out += (out.empty() ? "" : " / ") + (option->kind == Kind::choice ? "(" + text + ")" : text);
  }
  return out;
}

}  // namespace

std::string cddl_text(const Type& type) {
  switch (type.kind) {
    case Kind::text: return sized("tstr", type);
    case Kind::bytes: return sized("bstr", type);
    case Kind::integer: return type.range ? fmt::format("{}..{}", type.range->least, type.range->most) : "int";
    case Kind::unsigned_: return "uint";
    case Kind::negative: return "nint";
    case Kind::floating: return "float";
    case Kind::boolean: return "bool";
    case Kind::nil: return "nil";
    case Kind::any: return "any";
    case Kind::literal: return type.literal.text() ? quoted(*type.literal.text()) : to_text(type.literal);
    case Kind::map: return map_text(type);
    case Kind::list: return list_text(type);
    case Kind::choice: return choice_text(type);
    case Kind::name: break;
  }
  return type.name;
}

}  // namespace ffi_cts::bindgen
