#include "harness/interface/native.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <stdexcept>

namespace ffi_cts::native {

using schema::optional_of;
using schema::TypePtr;

namespace {

// what() says what exists in CBOR only.
struct CborOnly : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What no member can be called by in both C and C++: their words, the macros that their headers have for it, and the types that
// members are declared with.
const std::set<std::string, std::less<>>& words_of_c() {
  static const std::set<std::string, std::less<>> words = {
      "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char", "char16_t",
      "char32_t", "char8_t", "class", "co_await", "co_return", "co_yield", "compl", "concept", "const", "const_cast", "consteval", "constexpr",
      "constinit", "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "explicit", "export", "extern",
      "false", "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable", "namespace", "new", "noexcept", "noreturn", "not",
      "not_eq", "nullptr", "operator", "or", "or_eq", "private", "protected", "public", "register", "reinterpret_cast", "requires", "restrict",
      "return", "short", "signed", "sizeof", "static", "static_assert", "static_cast", "struct", "switch", "template", "this", "thread_local",
      "throw", "true", "try", "typedef", "typeid", "typename", "typeof", "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t",
      "while", "xor", "xor_eq",
      "EOF", "NULL", "errno", "linux", "offsetof", "unix",
      "FFICallBack", "FFIHostFn", "int64_t", "size_t", "uint64_t", "uint8_t"};
  return words;
}

std::size_t rounded_up(std::size_t size, std::size_t align) { return (size + align - 1) / align * align; }

// A place in a struct for a member of that layout.
std::size_t place(Struct& structure, Layout member) {
  const std::size_t at = rounded_up(structure.size, member.align);
  structure.size = at + member.size;
  structure.align = std::max(structure.align, member.align);
  return at;
}

constexpr Layout flag{sizeof(int), alignof(int)}, length{sizeof(std::size_t), alignof(std::size_t)};

void lay_out(Struct& structure) {
  for (Field& field : structure.fields) {
    if (field.optional) field.present_at = place(structure, flag);
    field.at = place(structure, layout_of(field.type));
    if (has_length(field.type)) field.length_at = place(structure, length);
  }
  structure.size = rounded_up(structure.size, structure.align);
}

// Two members of one name: `tags: [* tstr], tags_len: int`.
void check_names(const std::vector<Field>& fields) {
  std::set<std::string> names;
  for (const Field& field : fields) {
    const bool fresh = names.insert(field.name).second && (!field.optional || names.insert(field.name + "_present").second) &&
                       (!has_length(field.type) || names.insert(field.name + "_len").second);
    if (!fresh) throw CborOnly(fmt::format("{}: another member has this name in C", field.name));
  }
}

}  // namespace

Layout layout_of(Kind kind, const Struct* structure) {
  switch (kind) {
    case Kind::integer:
    case Kind::unsigned_:
    case Kind::floating: return {8, 8};
    case Kind::boolean: return {sizeof(int), alignof(int)};
    case Kind::structure: return {structure->size, structure->align};
    case Kind::text:
    case Kind::bytes:
    case Kind::list: break;
  }
  return {sizeof(void*), alignof(void*)};
}

bool has_length(const Type& type) { return type.kind == Kind::bytes || type.kind == Kind::list; }

bool holds_pointer(const Type& type) {
  if (type.kind == Kind::structure) return std::ranges::any_of(type.structure->fields, [](const Field& field) { return holds_pointer(field.type); });
  return type.kind == Kind::text || type.kind == Kind::bytes || type.kind == Kind::list;
}

// Makes the structs of one view. Throws CborOnly.
class Mapper {
 public:
  Mapper(View& view, const schema::Schema& schema) : view_(view), schema_(schema) {}

  Type type(const TypePtr& named, const std::string& hint) {
    // The last name on the way to the type is its own: that of the rule which spells the map.
    TypePtr of = named;
    std::string name = hint;
    while (of->kind == schema::Kind::name) {
      name = of->name;
      of = schema_.find(of->name);
    }
    Type out;
    out.cddl = named;
    out.kind = kind_of(*of);
    if (out.kind == Kind::structure) out.structure = structure(*of, c_name(name));
    if (out.kind == Kind::list) {
      const Type element = type(of->element, name + "_item");
      if (has_length(element)) throw CborOnly(fmt::format("a list of {}", schema::in_words(schema_, *element.cddl)));
      out.element = element.kind;
      out.structure = element.structure;
    }
    return out;
  }

  Field field(const std::string& key, const TypePtr& type_of, bool optional, const std::string& owner) {
    Field out;
    out.key = key;
    out.name = c_name(key);
    const schema::Type* inner = optional_of(schema_, *type_of);
    out.optional = optional || inner;
    out.nil = !optional && inner;
    const TypePtr plain = inner ? TypePtr(type_of, inner) : type_of;
    if (inner && optional_of(schema_, *inner)) throw CborOnly(fmt::format("{}: an optional of an optional", key));
    out.type = type(plain, owner + "_" + key);
    return out;
  }

 private:
  Kind kind_of(const schema::Type& type) const {
    switch (type.kind) {
      case schema::Kind::text: return Kind::text;
      case schema::Kind::bytes: return Kind::bytes;
      case schema::Kind::integer:
      case schema::Kind::negative: return Kind::integer;
      case schema::Kind::unsigned_: return Kind::unsigned_;
      case schema::Kind::floating: return Kind::floating;
      case schema::Kind::boolean: return Kind::boolean;
      case schema::Kind::map: return Kind::structure;
      case schema::Kind::list:
        if (type.element) return Kind::list;
        break;
      case schema::Kind::literal:
      case schema::Kind::choice:
        if (is_text_enum(schema_, type)) return Kind::text;
        break;
      case schema::Kind::nil:
      case schema::Kind::any:
      case schema::Kind::name: break;
    }
    throw CborOnly(schema::in_words(schema_, type));
  }

  const Struct* structure(const schema::Type& map, const std::string& name) {
    if (auto known = view_.known_.find(&map); known != view_.known_.end()) {
      if (!known->second) throw CborOnly(fmt::format("{}, which cannot be had natively", name));
      return known->second;
    }
    if (map.members.empty()) throw CborOnly("a map without members");
    const std::size_t others = view_.structs_.size(), in_order = view_.ordered_.size();
    Struct& made = view_.structs_.emplace_back();
    made.name = unused(name);
    view_.known_[&map] = &made;
    try {
      for (const schema::Member& member : map.members) {
        made.fields.push_back(field(member.key, member.type, member.optional, made.name));
        const Type& type = made.fields.back().type;
        if (type.kind == Kind::structure && type.structure->size == 0) throw CborOnly(fmt::format("{}, which holds itself", made.name));
      }
      check_names(made.fields);
    } catch (const CborOnly&) {
      // What was made on the way may hold this one.
      for (std::size_t i = others; i < view_.structs_.size(); ++i)
        std::erase_if(view_.known_, [&](const auto& known) { return known.second == &view_.structs_[i]; });
      view_.structs_.resize(others);
      view_.ordered_.resize(in_order);
      view_.known_[&map] = nullptr;
      throw;
    }
    lay_out(made);
    view_.ordered_.push_back(&made);
    return &made;
  }

  // That no other struct has, and no exported function.
  std::string unused(const std::string& name) const {
    std::string out = name;
    const std::vector<std::string> functions = view_.interface_.symbols();
    auto taken = [&](const Struct& other) { return &other != &view_.structs_.back() && other.name == out; };
    for (int n = 2; std::ranges::any_of(view_.structs_, taken) || std::ranges::find(functions, out) != functions.end(); ++n)
      out = fmt::format("{}_{}", name, n);
    return out;
  }

  View& view_;
  const schema::Schema& schema_;
};

View::View(const Interface& interface) : interface_(interface) {
  constructor_ = entry_of(interface.constructor);
  for (const Proc& proc : interface.procs) procs_.push_back(entry_of(proc));
}

View::Entry View::entry_of(const Proc& proc) {
  Entry out;
  if (!interface_.schema) {
    out.why_not = "the interface file names no schema";
    return out;
  }
  if (proc.symbols.native.empty()) {
    out.why_not = proc.why_not_native.empty() ? "it has no native symbol" : proc.why_not_native;
    return out;
  }
  Mapper mapper(*this, *interface_.schema);
  std::string at;
  try {
    Signature signature;
    for (const Param& param : proc.params) {
      at = fmt::format("parameter {}: ", param.name);
      Field field = mapper.field(param.name, param.cddl, false, proc.name);
      if (field.optional) throw CborOnly("an optional parameter");
      if (field.type.kind == Kind::list) throw CborOnly("a list as a parameter");
      signature.params.push_back(std::move(field));
    }
    at.clear();
    check_names(signature.params);
    at = "its reply: ";
    if (proc.returns_cddl) {
      signature.returns = mapper.type(proc.returns_cddl, proc.name + "_reply");
      if (signature.returns->kind == Kind::list) throw CborOnly("a list as a reply");
    }
    out.signature = std::move(signature);
  } catch (const CborOnly& only) {
    out.why_not = fmt::format("in CBOR only: {}{}", at, only.what());
  }
  return out;
}

std::optional<Type> View::type_of(const TypePtr& type, const std::string& name) {
  if (!type || !interface_.schema) return std::nullopt;
  try {
    return Mapper(*this, *interface_.schema).type(type, name);
  } catch (const CborOnly&) {
    return std::nullopt;
  }
}

std::optional<std::vector<Field>> View::fields_of(const std::vector<Param>& params, const std::string& owner) {
  if (!interface_.schema) return std::nullopt;
  try {
    Mapper mapper(*this, *interface_.schema);
    std::vector<Field> out;
    for (const Param& param : params) out.push_back(mapper.field(param.name, param.cddl, false, owner));
    check_names(out);
    return out;
  } catch (const CborOnly&) {
    return std::nullopt;
  }
}

std::string c_name(const std::string& name) {
  std::string out;
  for (const char c : name) out += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  if (out.empty() || std::isdigit(static_cast<unsigned char>(out[0]))) out.insert(0, 1, '_');
  if (words_of_c().contains(out)) out += '_';
  return out;
}

}  // namespace ffi_cts::native
