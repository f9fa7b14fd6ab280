// How the types of a schema look in C (spec chapter 4): which procs have a native variant, their structs, and how those lie in
// memory. The native driver and the emitters of bindings both go by this.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/interface/interface.hpp"

namespace ffi_cts::native {

enum class Kind : std::uint8_t {
  text,       // const char *
  bytes,      // const uint8_t *, and its length
  integer,    // int64_t
  unsigned_,  // uint64_t
  boolean,    // int
  floating,   // double
  structure,  // by value
  list,       // pointer to the first element, and the number of them
};

struct Struct;

struct Type {
  Kind kind = Kind::integer;
  const Struct* structure = nullptr;      // structure, list of structures
  Kind element = Kind::integer;           // list: any but bytes and list
  schema::TypePtr cddl;                   // what it was made of
};

// A member of a struct, or a parameter. In C it is up to three: `int NAME_present` where it is optional, NAME, and
// `size_t NAME_len` for bytes and lists. The places are offsets in its struct (of parameters: 0).
struct Field {
  std::string key;    // in the map
  std::string name;   // in C
  Type type;
  bool optional = false;
  bool nil = false;   // optional: an absent one is null in CBOR (T / nil), not a missing key (? k: T)
  std::size_t present_at = 0, at = 0, length_at = 0;
};

struct Struct {
  std::string name;
  std::vector<Field> fields;
  std::size_t size = 0, align = 1;
};

// The native variant of a proc or constructor.
struct Signature {
  std::vector<Field> params;      // none optional, none a list
  std::optional<Type> returns;    // none: no value
};

// Is it followed by a length in C?
bool has_length(const Type& type);
// Of a list.
inline Type element_of(const Type& list) { return {list.element, list.structure, Kind::integer, nullptr}; }
// Does a value of this type point at anything?
bool holds_pointer(const Type& type);

struct Layout {
  std::size_t size = 0, align = 1;
};
// Of one value: of text, bytes and lists that is the pointer.
Layout layout_of(Kind kind, const Struct* structure);
inline Layout layout_of(const Type& type) { return layout_of(type.kind, type.structure); }

// The native view of an interface. The interface must outlive it.
class View {
 public:
  explicit View(const Interface& interface);
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  // Null: this one has no native variant.
  const Signature* constructor() const { return constructor_.signature ? &*constructor_.signature : nullptr; }
  const Signature* proc(std::size_t index) const { return procs_[index].signature ? &*procs_[index].signature : nullptr; }
  // Why it has none: "in CBOR only: parameter tags: a list as a parameter".
  const std::string& why_not(std::size_t proc) const { return procs_[proc].why_not; }
  const std::string& why_no_constructor() const { return constructor_.why_not; }

  // Each behind those that it holds by value.
  const std::vector<const Struct*>& structs() const { return ordered_; }

  // The native form of a type that is no parameter (an event's payload, say), made on demand; `name`: for a map without one.
  std::optional<Type> type_of(const schema::TypePtr& type, const std::string& name);
  // Parameters as the fields that they would be in a struct, lists and optionals among them; likewise on demand.
  std::optional<std::vector<Field>> fields_of(const std::vector<Param>& params, const std::string& owner);

 private:
  friend class Mapper;
  struct Entry {
    std::optional<Signature> signature;
    std::string why_not;
  };
  Entry entry_of(const Proc& proc);

  const Interface& interface_;
  std::deque<Struct> structs_;
  std::map<const schema::Type*, const Struct*> known_;  // by the map that each was made of
  std::vector<const Struct*> ordered_;
  Entry constructor_;
  std::vector<Entry> procs_;
};

// A name as C can have it: letters, digits and underscores, no word of C or C++.
std::string c_name(const std::string& name);

}  // namespace ffi_cts::native
