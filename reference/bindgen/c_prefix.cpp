#include "reference/bindgen/c_prefix.hpp"

#include <fmt/format.h>

#include "reference/bindgen/text.hpp"

namespace ffi_cts::bindgen {

std::string prefixed_names(const Model& model) {
  if (model.view.structs().empty()) return "";
  const std::string& lib = model.interface.name;
  std::string out = fmt::format(
      "\n/* Libraries may have structs of one name. With {0}_PREFIXED_TYPES defined before this header is included, those\n"
      " * of this library are called {1}_{2}, and so on. */\n#ifdef {0}_PREFIXED_TYPES\n",
      upper(lib), lib, model.view.structs().front()->name);
  for (const native::Struct* structure : model.view.structs()) out += fmt::format("#define {0} {1}_{0}\n", structure->name, lib);
  return out + "#endif\n";
}

std::string prefixed_names_end(const Model& model) {
  if (model.view.structs().empty()) return "";
  std::string out = fmt::format("\n#ifdef {}_PREFIXED_TYPES\n", upper(model.interface.name));
  for (const native::Struct* structure : model.view.structs()) out += fmt::format("#undef {}\n", structure->name);
  return out + "#endif\n";
}

}  // namespace ffi_cts::bindgen
