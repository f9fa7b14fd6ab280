#include "harness/native/memory.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace ffi_cts::native {

bool peek(void* to, const void* from, std::size_t size) {
  if (size == 0) return true;
  if (!from) return false;
#ifdef FFI_CTS_SANITIZER
  std::memcpy(to, from, size);
  return true;
#else
  // The kernel copies, and says where it cannot.
  const iovec local{to, size}, remote{const_cast<void*>(from), size};
  const ssize_t got = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
  if (got < 0 && errno != EFAULT) {  // a system that forbids it: then as every host reads
    std::memcpy(to, from, size);
    return true;
  }
  return got == static_cast<ssize_t>(size);
#endif
}

std::optional<std::string> peek_text(const char* from, std::size_t longest) {
#ifdef FFI_CTS_SANITIZER
  if (!from) return std::nullopt;
  const std::size_t length = strnlen(from, longest + 1);
  if (length > longest) return std::nullopt;
  return std::string(from, length);
#else
  constexpr std::size_t page_bytes = 4096;
  std::string out;
  char piece[page_bytes];
  while (out.size() <= longest) {
    // Never beyond a page's end: the next one may not be there.
    const std::size_t size = page_bytes - reinterpret_cast<std::uintptr_t>(from) % page_bytes;
    if (!peek(piece, from, size)) return std::nullopt;
    const std::size_t length = strnlen(piece, size);
    out.append(piece, length);
    if (length < size) return out;
    from += size;
  }
  return std::nullopt;
#endif
}

}  // namespace ffi_cts::native
