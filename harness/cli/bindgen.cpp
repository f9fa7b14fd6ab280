#include <fmt/format.h>

#include "harness/cli/cli.hpp"

namespace ffi_cts {

int run_bindgen(const BindgenCommand& command, const Bindgen& bindgen) {
  for (const std::string& path : bindgen.generate(command.interface_file, command.language, command.directory)) fmt::print("{}\n", path);
  return 0;
}

}  // namespace ffi_cts
