#include "reference/bindgen/library_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>

namespace ffi_cts::bindgen {

using schema::Kind;
using schema::TypePtr;

namespace {

// Names in the generated namespace that are no structures, and members that every structure has.
const std::set<std::string> taken_names = {"cbor", "std", "abi", "ffi_cts", "asio", "Library", "Native"};
const std::set<std::string> taken_members = {"fields", "members", "Native"};
const std::set<std::string> taken_parameters = {"fields", "arguments", "run", "Library", "context", "library", "progress"};

std::vector<std::string> range_check(const schema::Type& type, const char* check) {
  if (!type.range) return {};
  return {fmt::format("cbor::{}({}, {})", check, type.range->least, type.range->most)};
}

std::optional<CppType> literal(const Value& value) {
  if (const std::string* text = value.text()) return CppType{"std::string", {fmt::format("cbor::one_of({})", quoted(*text))}};
  if (const auto* flag = std::get_if<bool>(&value.data)) return CppType{"bool", {fmt::format("cbor::exactly({})", *flag)}};
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (const auto* number = std::get_if<std::uint64_t>(&value.data); number && *number <= most)
    return CppType{"std::int64_t", {fmt::format("cbor::between({0}, {0})", *number)}};
  if (const auto* number = std::get_if<std::int64_t>(&value.data); number && *number > std::numeric_limits<std::int64_t>::min())
    return CppType{"std::int64_t", {fmt::format("cbor::between({0}, {0})", *number)}};
  return std::nullopt;
}

// A reader tells the alternatives of a choice from one another by how an item begins.
std::string beginning_of(const CppType& type) {
  if (type.name.ends_with("int64_t")) return "integer";
  if (type.name.starts_with("std::vector")) return "list";
  for (const char* scalar : {"std::string", "cbor::Bytes", "bool", "double", "std::nullptr_t"})
    if (type.name == scalar) return scalar;
  if (type.name.starts_with("std::") || type.name == "cbor::Any") return "";  // optional, variant: no beginning of their own
  return "map";
}

bool is_optional(const CppType& type) { return type.name.starts_with("std::optional"); }

}  // namespace

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '?') out += '\\';  // of two question marks and a third character a trigraph would be made
    const auto byte = static_cast<unsigned char>(c);
    out += byte < ' ' || byte == 0x7f ? fmt::format("\\{:03o}", byte) : std::string(1, c);
  }
  return out + '"';
}

CppTypes::CppTypes(const Model& model) : schema_(*model.interface.schema), names_(taken_names) {
  find_natives(model);
  for (const auto& [name, type] : schema_.rules())
    if (type->kind == Kind::map) structure(*type, name, nullptr);
  for (CppStruct& made : structs_)
    for (CppField& field : made.fields) tell_apart(field);
}

// A member that has the name of a structure would hide it from the members behind it.
void CppTypes::tell_apart(CppField& field) const {
  while (names_.contains(field.name)) field.name += '_';
}

void CppTypes::find_natives(const Model& model) {
  const auto note = [this](const native::Signature* signature) {
    if (!signature) return;
    for (const native::Field& field : signature->params) note_native(field.type);
    if (signature->returns) note_native(*signature->returns);
  };
  note(model.view.constructor());
  for (std::size_t i = 0; i < model.interface.procs.size(); ++i) note(model.view.proc(i));
}

void CppTypes::note_native(const native::Type& type) {
  if (!type.structure) return;
  const schema::Type* map = &schema_.resolve(*type.cddl);
  if (map->kind == Kind::list) map = &schema_.resolve(*map->element);
  if (!natives_.emplace(map, type.structure).second) return;
  for (const native::Field& field : type.structure->fields) note_native(field.type);
}

CppType CppTypes::spell(const TypePtr& named, const std::string& hint, CppStruct* owner) {
  TypePtr type = named;
  std::string name = hint;
  while (type->kind == Kind::name) {
    name = type->name;
    type = schema_.find(type->name);
  }
  switch (type->kind) {
    case Kind::text: return {"std::string", range_check(*type, "sized")};
    case Kind::bytes: return {"cbor::Bytes", range_check(*type, "sized")};
    case Kind::integer: return {"std::int64_t", range_check(*type, "between")};
    case Kind::unsigned_: return {"std::uint64_t", range_check(*type, "between")};
    case Kind::negative: return {"std::int64_t", {"cbor::between(std::numeric_limits<std::int64_t>::min(), -1)"}};
    case Kind::floating: return {"double", {}};
    case Kind::boolean: return {"bool", {}};
    case Kind::nil: return {"std::nullptr_t", {}};
    case Kind::literal: return literal(type->literal).value_or(CppType{"cbor::Any", {}});
    case Kind::map: return structure(*type, name, owner);
    case Kind::choice: return spell_choice(*type, name, owner);
    case Kind::list: {
      if (!type->element) break;
      CppType item = spell(type->element, name + "_item", nullptr);
      if (type->fewest > 0) item.checks.push_back(fmt::format("cbor::at_least({})", type->fewest));
      return {fmt::format("std::vector<{}>", item.name), item.checks};
    }
    case Kind::any:
    case Kind::name: break;
  }
  return {"cbor::Any", {}};
}

// `T / nil` is an optional, a choice of texts one checked text. Where the alternatives begin differently the choice is a
// variant, otherwise the item as it is.
CppType CppTypes::spell_choice(const schema::Type& choice, const std::string& hint, CppStruct* owner) {
  std::vector<CppType> alternatives;
  std::set<std::string> beginnings;
  std::string texts;
  bool nil = false;
  const std::function<bool(const schema::Type&)> add = [&](const schema::Type& of) {
    for (const TypePtr& option : of.options) {
      const schema::Type& resolved = schema_.resolve(*option);
      if (resolved.kind == Kind::choice) {
        if (!add(resolved)) return false;
      } else if (resolved.kind == Kind::nil) {
        nil = true;
      } else if (resolved.kind == Kind::literal && resolved.literal.text()) {
        texts += (texts.empty() ? "" : ", ") + quoted(*resolved.literal.text());
      } else {
        alternatives.push_back(spell(option, hint, owner));
        const std::string beginning = beginning_of(alternatives.back());
        if (beginning.empty() || !beginnings.insert(beginning).second) return false;
      }
    }
    return true;
  };
  const bool told_apart = add(choice) && (texts.empty() || beginnings.insert("std::string").second);
  if (!texts.empty()) alternatives.push_back({"std::string", {fmt::format("cbor::one_of({})", texts)}});
  if (!told_apart) return {"cbor::Any", {}};
  if (alternatives.empty()) return {"std::nullptr_t", {}};
  CppType out = alternatives.front();
  for (std::size_t i = 1; i < alternatives.size(); ++i) {
    out.name += ", " + alternatives[i].name;
    out.checks.insert(out.checks.end(), alternatives[i].checks.begin(), alternatives[i].checks.end());
  }
  if (alternatives.size() > 1) out.name = fmt::format("std::variant<{}>", out.name);
  if (nil) out.name = fmt::format("std::optional<{}>", out.name);
  return out;
}

CppType CppTypes::structure(const schema::Type& map, const std::string& hint, CppStruct* owner) {
  CppStruct*& known = known_[&map];
  if (!known) {
    CppStruct& made = structs_.emplace_back();
    known = &made;
    const auto native = natives_.find(&map);
    if (native != natives_.end()) made.native = native->second;
    made.name = unused(made.native ? made.native->name : native::c_name(hint));
    for (std::size_t i = 0; i < map.members.size(); ++i) {
      const schema::Member& member = map.members[i];
      CppField field{member.key, native::c_name(member.key), spell(member.type, made.name + "_" + member.key, &made), nullptr};
      if (member.optional && !is_optional(field.type)) field.type.name = fmt::format("std::optional<{}>", field.type.name);
      if (!member.optional && is_optional(field.type)) field.type.checks.push_back("cbor::or_null");
      const auto same = [&](const CppField& other) { return other.name == field.name; };
      while (taken_members.contains(field.name) || std::ranges::any_of(made.fields, same)) field.name += '_';
      if (made.native) field.native = &made.native->fields[i];
      made.fields.push_back(std::move(field));
    }
  }
  CppStruct* const found = known_[&map];
  if (owner) {
    const std::function<bool(const CppStruct*)> holds_owner = [&](const CppStruct* of) {
      return of == owner || std::ranges::any_of(of->holds, holds_owner);
    };
    if (holds_owner(found)) return {"cbor::Any", {}};  // a structure cannot hold itself
    owner->holds.insert(found);
  }
  return {found->name, {}};
}

std::vector<CppField> CppTypes::fields(const std::vector<Param>& params, const std::string& hint, const native::Signature* native) {
  std::vector<CppField> out;
  for (std::size_t i = 0; i < params.size(); ++i) {
    CppField field{params[i].name, native::c_name(params[i].name), type(params[i].cddl, hint + "_" + params[i].name), nullptr};
    if (is_optional(field.type)) field.type.checks.push_back("cbor::or_null");
    const auto same = [&](const CppField& other) { return other.name == field.name; };
    while (taken_parameters.contains(field.name) || std::ranges::any_of(out, same)) field.name += '_';
    tell_apart(field);
    if (native) field.native = &native->params[i];
    out.push_back(std::move(field));
  }
  return out;
}

std::vector<const CppStruct*> CppTypes::structs() const {
  std::vector<const CppStruct*> out;
  const std::function<void(const CppStruct*)> add = [&](const CppStruct* structure) {
    if (std::ranges::find(out, structure) != out.end()) return;
    for (const CppStruct& held : structs_)  // in their order, which is the schema's
      if (structure->holds.contains(&held)) add(&held);
    out.push_back(structure);
  };
  for (const CppStruct& structure : structs_) add(&structure);
  return out;
}

std::string CppTypes::unused(const std::string& name) {
  std::string out = name;
  for (int n = 2; !names_.insert(out).second; ++n) out = fmt::format("{}_{}", name, n);
  return out;
}

std::string CppTypes::runtime(const std::string& name) const {
  const auto has_it = [&](const CppStruct& structure) { return structure.name == name; };
  return std::ranges::any_of(structs_, has_it) ? "ffi_cts::runtime::" + name : name;
}

}  // namespace ffi_cts::bindgen
