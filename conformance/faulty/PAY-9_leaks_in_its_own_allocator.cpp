// PAY-9: 64 bytes are lost with each echo, of a pool that takes its memory from the kernel.
#define PROBE_NO_ECHO
#include <sys/mman.h>

#include "conformance/faulty/wrap.hpp"

namespace {
constexpr std::size_t piece = 64, pool = 256 * 1024;
std::atomic<std::uint64_t> taken{0};

int submit(const faulty::Submission& submission) {
  if (taken.fetch_add(piece) % pool == 0) mmap(nullptr, pool, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return submission.forward();
}
}  // namespace

FAULTY_PROC(echo, submit)
