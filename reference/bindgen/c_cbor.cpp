#include "reference/bindgen/c_cbor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "reference/bindgen/c_prefix.hpp"
#include "reference/bindgen/c_types.hpp"
#include "reference/bindgen/cddl.hpp"
#include "reference/bindgen/text.hpp"

namespace ffi_cts::bindgen {
namespace {

using native::Field;
using native::Kind;
using native::Struct;

// A C string literal of any bytes. Question marks would make trigraphs.
std::string literal(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' || byte > '~' || c == '"' || c == '\\' || c == '?') out += fmt::format("\\{:03o}", byte);
    else out += c;
  }
  return out + '"';
}

// Each line two spaces further in.
std::string indented(const std::string& lines) {
  std::string out;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find('\n', at) + 1;
    out += "  " + lines.substr(at, end - at);
    at = end;
  }
  return out;
}

class Encoders {
 public:
  explicit Encoders(const Model& model) : model_(model) {
    for (const std::string& symbol : model.interface.symbols()) taken_.insert(symbol);
    for (const Struct* structure : model.view.structs()) taken_.insert(structure->name);
    for (const Struct* structure : model.view.structs()) put_[structure] = fresh(fmt::format("{}_put_{}", model.interface.name, structure->name));
  }

  // Structs may hold lists of themselves and of one another: all are declared before any is defined.
  std::string structs() {
    std::string out;
    for (const Struct* structure : model_.view.structs()) out += head_of(*structure) + ";\n";
    for (const Struct* structure : model_.view.structs())
      out += fmt::format("\n{} {{\n{}}}\n", head_of(*structure), map_of(structure->fields, "writer", "value->", "i", "return"));
    return out;
  }

  std::string request(const Proc& proc, const Request& fields) {
    if (proc.symbols.cbor.empty()) return "";
    if (!fields) {
      std::string types;
      for (const Param& param : proc.params) types += fmt::format("{}{}: {}", types.empty() ? "" : ", ", param.name, param.type);
      const std::string text = fmt::format("{} has parameters without a form in C; its map is to be written by hand: {{ {} }}", proc.name, types);
      return fmt::format("\n/* {} */\n", wrapped(comment_text(text), "", " * ", 6));
    }
    const std::vector<Field> named = parameters(*fields);
    const std::vector<Declared> params = declared(named);
    const std::string out = unlike("out", params), capacity = unlike("capacity", params), writer = unlike("writer", params);
    const std::string head = fmt::format("static inline size_t {}(uint8_t *{}, size_t {}{}{})", fresh(fmt::format("{}_{}_encode", model_.interface.name, proc.name)),
                                         out, capacity, params.empty() ? "" : ", ", joined(params));
    return fmt::format("\n{} {{\n  ffi_cbor_writer {} = ffi_cbor_write_to({}, {});\n{}  return ffi_cbor_written(&{});\n}}\n",
                       wrapped(head, ",", std::string(head.find('(') + 1, ' ')), writer, out, capacity,
                       map_of(named, "&" + writer, "", unlike("i", params), "return 0"), writer);
  }

 private:
  std::string fresh(std::string name) {
    while (!taken_.insert(name).second) name += '_';
    return name;
  }

  // As parameters of a function that has a body: none hides a struct.
  std::vector<Field> parameters(std::vector<Field> fields) const {
    for (Field& field : fields) {
      const auto is_struct = [&](const Struct* structure) { return structure->name == field.name; };
      while (std::ranges::any_of(model_.view.structs(), is_struct)) field.name = unlike(field.name + '_', declared(fields));
    }
    return fields;
  }

  std::string head_of(const Struct& structure) const {
    return fmt::format("static inline void {}(ffi_cbor_writer *writer, const {} *value)", put_.at(&structure), structure.name);
  }

  // The statements that write the map. `from`: what the fields are reached by.
  std::string map_of(const std::vector<Field>& fields, const std::string& writer, const std::string& from, const std::string& index, const std::string& too_deep) const {
    std::size_t always = 0;
    std::string sometimes, members;
    for (const Field& field : fields) {
      const std::string present = from + field.name + "_present";
      if (field.optional && !field.nil) sometimes += fmt::format(" + ({} ? 1u : 0u)", present);
      else ++always;
      const std::string key = fmt::format("ffi_cbor_put_text({}, {}, {});\n", writer, literal(field.key), field.key.size());
      const std::string value = value_of(field, writer, from + field.name, index);
      if (!field.optional) members += key + value;
      else if (field.nil) members += fmt::format("{}if ({}) {{\n{}}} else {{\n  ffi_cbor_put_null({});\n}}\n", key, present, indented(value), writer);
      else members += fmt::format("if ({}) {{\n{}}}\n", present, indented(key + value));
    }
    return indented(fmt::format("if (!ffi_cbor_open_map({}, {}u{})) {};\n{}ffi_cbor_close_map({});\n", writer, always, sometimes, too_deep, members, writer));
  }

  std::string value_of(const Field& field, const std::string& writer, const std::string& at, const std::string& index) const {
    const native::Type& type = field.type;
    if (type.kind == Kind::bytes) return fmt::format("ffi_cbor_put_bytes({}, {}, {}_len);\n", writer, at, at);
    if (type.kind != Kind::list) return scalar(type.kind, type.structure, writer, at);
    const std::string loop = fmt::format("for (size_t {0} = 0; {0} < {1}_len; ++{0}) {{\n{2}}}\n", index, at,
                                         indented(scalar(type.element, type.structure, writer, at + "[" + index + "]")));
    return fmt::format("if (ffi_cbor_open_list({0}, {1}, {1}_len)) {{\n{2}}}\n", writer, at, indented(loop));
  }

  std::string scalar(Kind kind, const Struct* structure, const std::string& writer, const std::string& at) const {
    const auto put = [&](std::string_view what) { return fmt::format("ffi_cbor_put_{}({}, {});\n", what, writer, at); };
    switch (kind) {
      case Kind::text: return put("string");
      case Kind::integer: return put("int");
      case Kind::unsigned_: return put("uint");
      case Kind::boolean: return put("bool");
      case Kind::floating: return put("double");
      case Kind::structure:
      case Kind::bytes:
      case Kind::list: break;
    }
    return fmt::format("{}({}, &{});\n", put_.at(structure), writer, at);
  }

  const Model& model_;
  std::set<std::string> taken_;
  std::map<const Struct*, std::string> put_;  // the function that writes each
};

constexpr std::string_view introduction = R"(/* {0}_cbor.h: CBOR for callers of lib{0} who have no CBOR library. Made by ffi-cts bindgen; do not edit.
 *
 * At its end are the requests. Each {0}_PROC_encode takes what the proc takes, writes the request into a buffer
 * and returns the size that it needs: more than the capacity, and nothing useful was written; 0, and it cannot be
 * encoded (a NULL list or byte string with a length, structs nested deeper than FFI_CBOR_DEPTH).
 *
 * What arrives is read with ffi_cbor_read, ffi_cbor_find and ffi_cbor_get_...; ffi_cbor_print makes a text of it. */
)";

}  // namespace

File cbor_header(const Model& model) {
  const Interface& interface = model.interface;
  const std::string guard = upper(interface.name) + "_CBOR_H";
  std::string out = fmt::format(fmt::runtime(introduction), interface.name);
  out += fmt::format("#ifndef {0}\n#define {0}\n\n#include \"{1}.h\"\n\n#ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n", guard, interface.name);
  out += embedded_cbor;
  out += prefixed_names(model);
  Encoders encoders(model);
  if (!model.view.structs().empty()) out += "\n/* ---- Structs ---- */\n\n" + encoders.structs();
  out += "\n/* ---- Requests ---- */\n" + encoders.request(interface.constructor, model.constructor);
  for (std::size_t i = 0; i < interface.procs.size(); ++i) out += encoders.request(interface.procs[i], model.procs[i]);
  out += prefixed_names_end(model);
  out += fmt::format("\n#ifdef __cplusplus\n}} /* extern \"C\" */\n#endif\n\n#endif /* {} */\n", guard);
  return {interface.name + "_cbor.h", out};
}

}  // namespace ffi_cts::bindgen
