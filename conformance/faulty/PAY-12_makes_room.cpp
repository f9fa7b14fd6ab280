// PAY-12: the decoder makes room for the length that the first key of a request declares, up to a limit of 48 MiB, and clears it.
#define FAULTY_BREAKS_EVERY_PROC
#include <algorithm>
#include <cstring>
#include <memory>

#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/wrap.hpp"

namespace {
void make_room(std::uint64_t declared) {
  constexpr std::uint64_t limit = 48 << 20;
  const auto size = static_cast<std::size_t>(std::min(declared, limit));
  const auto room = std::make_unique_for_overwrite<char[]>(size);
  std::memset(room.get(), 0, size);
  asm volatile("" : : "r"(room.get()) : "memory");  // it is used, so keep it
}

int submit(const faulty::Submission& submission) {
  const auto request = submission.request();
  const auto map = faulty::head_at(request, 0);
  const auto key = map && map->major == 5 ? faulty::head_at(request, map->end) : std::nullopt;
  if (key && key->major == 3 && key->number > request.size()) make_room(key->number);
  return submission.forward();
}
}  // namespace

FAULTY_EVERY_PROC(submit)
