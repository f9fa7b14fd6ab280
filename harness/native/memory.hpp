// Reading memory that a library says is there.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace ffi_cts::native {

// False: not all of it can be read. Under a sanitizer it is read plainly, so that the sanitizer sees what is read.
bool peek(void* to, const void* from, std::size_t size);

// A C string of at most that many bytes. Nothing: it cannot be read, or does not end.
std::optional<std::string> peek_text(const char* from, std::size_t longest);

}  // namespace ffi_cts::native
