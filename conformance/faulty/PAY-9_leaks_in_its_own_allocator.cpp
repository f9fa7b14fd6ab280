// PAY-9: the copy of each echo's request is lost, in memory that comes from the kernel and not from malloc.
#define PROBE_NO_ECHO
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "conformance/faulty/wrap.hpp"

namespace {

// Pieces one after the other; none is ever given back.
void* take(std::size_t size) {
  constexpr std::size_t pool = 256 * 1024;
  static std::mutex mutex;
  static char* next = nullptr;
  static std::size_t left = 0;
  const std::lock_guard lock(mutex);
  if (size > left) {
    left = std::max(pool, size);
    next = static_cast<char*>(mmap(nullptr, left, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  }
  left -= size;
  return std::exchange(next, next + size);
}

int submit(const faulty::Submission& submission) {
  const std::string_view request = submission.request();
  if (!request.empty()) std::memcpy(take(request.size()), request.data(), request.size());
  return submission.forward();
}

}  // namespace

FAULTY_PROC(echo, submit)
