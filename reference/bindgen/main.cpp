// ffi-cts-bindgen: what the libraries of this house are generated with while it is built. The same as `ffi-cts bindgen`.
#include <fmt/format.h>

#include <map>

#include "reference/bindgen/bindgen.hpp"

int main(int argc, char** argv) {
  std::map<std::string, std::string> options;
  for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  if (argc != 7 || !options.contains("--interface") || !options.contains("--lang") || !options.contains("--out")) {
    fmt::print(stderr, "use: ffi-cts-bindgen --interface FILE.toml --lang {} --out DIR\n", ffi_cts::bindgen::known_languages());
    return 2;
  }
  try {
    for (const std::string& path : ffi_cts::bindgen::generate(options["--interface"], options["--lang"], options["--out"])) fmt::print("{}\n", path);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "ffi-cts-bindgen: {}\n", error.what());
    return 2;
  }
}
