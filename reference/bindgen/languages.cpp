// The table of languages. A new one is a line here.
#include "reference/bindgen/bindgen.hpp"
#include "reference/bindgen/c.hpp"
#include "reference/bindgen/library.hpp"

namespace ffi_cts::bindgen {

std::span<const Language> languages() {
  static constexpr Language all[] = {
      {"c", emit_c},
      {"library", emit_library},
      {"library-glue", emit_library_glue},
  };
  return all;
}

}  // namespace ffi_cts::bindgen
