// The table of languages. A new one is a line here.
#include "reference/bindgen/bindgen.hpp"
#include "reference/bindgen/c.hpp"

namespace ffi_cts::bindgen {

std::span<const Language> languages() {
  static constexpr Language all[] = {
      {"c", emit_c},
  };
  return all;
}

}  // namespace ffi_cts::bindgen
