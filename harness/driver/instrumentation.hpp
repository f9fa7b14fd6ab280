// What a shared library is built with, told from its file.
#pragma once

#include <string>

#include "harness/trace/sanitizer.hpp"

namespace ffi_cts {

struct Instrumentation {
  Sanitizer sanitizer = Sanitizer::none;
  bool gcc = false;       // it needs gcc's runtime; otherwise clang's, or one that is linked into the program
  std::string name = {};  // "AddressSanitizer"
};

// Looks at what the library needs and leaves undefined, without loading it. A file that cannot be read has none.
Instrumentation instrumentation_of(const std::string& file);

// Can a process that is built as this one load a library that is built so? Throws LibraryError: one line that says what to do.
void check_instrumentation(const std::string& file);

}  // namespace ffi_cts
