// Types of payloads, as a CDDL file (RFC 8610) names them: the part of the language that interface files need. What is not
// supported is an error that names its line, never skipped.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/value/value.hpp"

namespace ffi_cts::schema {

// what() is "FILE:LINE: what is wrong".
struct SchemaError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class Kind : std::uint8_t {
  text,      // tstr, text
  bytes,     // bstr, bytes
  integer,   // int
  unsigned_, // uint
  negative,  // nint
  floating,  // float, float16, float32, float64, number without integers
  boolean,   // bool
  nil,       // nil, null
  any,
  literal,   // "text", 5, -1, true, false
  map,       // { key: type, ? key: type }
  list,      // [* type], [+ type]; [a, b] as a list of fixed places
  choice,    // type / type
  name,      // another rule
};

struct Type;
using TypePtr = std::shared_ptr<const Type>;

struct Member {
  std::string key;
  bool optional = false;
  TypePtr type;
};

// An inclusive range: of a number's value, or of the length of a text (in bytes) or byte string.
struct Range {
  std::int64_t least = 0, most = 0;
  bool operator==(const Range&) const = default;
};

struct Type {
  Kind kind = Kind::any;
  int line = 0;
  std::optional<Range> range;      // numbers: 0..10; text and bytes: .size
  Value literal;
  std::vector<Member> members;     // map, in the order written
  std::vector<TypePtr> options;    // choice: the alternatives; list of fixed places: those
  TypePtr element;                 // list: of each item; null: fixed places
  std::size_t fewest = 0;          // list: items at least ([+ type]: 1)
  std::string name;                // name: the rule's; of a type of the prelude: that
};

// What stands in a map, a list or a group. Groups inside of it are resolved.
struct Entry {
  std::string occurrence, key;
  bool keyed = false;
  TypePtr type;
  int line = 0;
};
using Groups = std::map<std::string, std::vector<Entry>, std::less<>>;

class Schema {
 public:
  // Every name that a rule uses is a rule or a type of the prelude. Throws SchemaError.
  static Schema parse(std::string_view text, const std::string& file);
  static Schema load(const std::string& file);

  // A type written in another file (an interface file's "[* Item]"), which may name this schema's. Throws SchemaError.
  TypePtr parse_type(std::string_view text, const std::string& file, int line) const;

  // The type of that name: a rule of the file, or of the prelude ("tstr"). Null: there is none.
  TypePtr find(std::string_view name) const;
  // Through names to a type that is none. Never null for types of this schema.
  const Type& resolve(const Type& type) const;

  // The rules of the file in their order.
  const std::vector<std::pair<std::string, TypePtr>>& rules() const { return rules_; }

 private:
  void check(const std::string& file) const;
  void check_names(const Type& type, const std::string& file) const;
  std::vector<std::pair<std::string, TypePtr>> rules_;
  Groups groups_;
};

// "tstr" gives text; Kind::name: the prelude has no such type.
Kind kind_of_prelude(std::string_view name);
// "a text", "a map", "one of …": for messages.
std::string in_words(const Schema& schema, const Type& type);

// `tstr / nil`, in either order: the other type; else null.
const Type* optional_of(const Schema& schema, const Type& type);
// A choice of text literals only.
bool is_text_enum(const Schema& schema, const Type& type);

// Where an item is not of the type: "req.items[2].name: a text is due, not 5". Nothing: it is. Keys that the type does not
// name are allowed when `open` (events and replies may grow).
std::optional<std::string> mismatch_of(const Schema& schema, const Type& type, const Value& value, bool open = false);

}  // namespace ffi_cts::schema
