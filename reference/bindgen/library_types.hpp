// How the types of a schema look in C++, for the library emitter.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "reference/bindgen/model.hpp"

namespace ffi_cts::bindgen {

// A type, and what its values have to satisfy beyond it: calls of reference/cbor/checks.hpp.
struct CppType {
  std::string name;
  std::vector<std::string> checks;
};

// A member of a structure, or a parameter.
struct CppField {
  std::string key, name;
  CppType type;
  const native::Field* native = nullptr;  // in C; null: in CBOR only
};

struct CppStruct {
  std::string name;
  std::vector<CppField> fields;
  const native::Struct* native = nullptr;
  std::set<const CppStruct*> holds;  // by value
};

class CppTypes {
 public:
  explicit CppTypes(const Model& model);
  CppTypes(const CppTypes&) = delete;
  CppTypes& operator=(const CppTypes&) = delete;

  // One for every map among the rules, and for those that are written inside of others. Each behind those that it holds.
  std::vector<const CppStruct*> structs() const;

  CppType type(const schema::TypePtr& type, const std::string& hint) { return spell(type, hint, nullptr); }
  // The parameters of a call, named as members of a structure are. `native`: its C parameters, or null.
  std::vector<CppField> fields(const std::vector<Param>& params, const std::string& hint, const native::Signature* native);

  // `name`, or with underscores and a number what nothing else in the namespace is called.
  std::string unused(const std::string& name);
  // A name of the runtime, qualified where a structure has it, too.
  std::string runtime(const std::string& name) const;

 private:
  void find_natives(const Model& model);
  void note_native(const native::Type& type);
  void tell_apart(CppField& field) const;
  CppType spell(const schema::TypePtr& named, const std::string& hint, CppStruct* owner);
  CppType spell_choice(const schema::Type& choice, const std::string& hint, CppStruct* owner);
  CppType structure(const schema::Type& map, const std::string& hint, CppStruct* owner);

  const schema::Schema& schema_;
  std::map<const schema::Type*, const native::Struct*> natives_;
  std::map<const schema::Type*, CppStruct*> known_;
  std::deque<CppStruct> structs_;
  std::set<std::string> names_;
};

// As a C++ string literal.
std::string quoted(const std::string& text);

}  // namespace ffi_cts::bindgen
