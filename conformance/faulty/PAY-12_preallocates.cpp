// PAY-12: the decoder makes room for as many bytes or elements as a head declares before it looks whether they are
// there.
#define FAULTY_BREAKS_EVERY_PROC
#include <cstdlib>
#include <cstring>

#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/wrap.hpp"

namespace {
constexpr std::uint64_t memory = 64 << 20;  // all there is: the machine of the one who runs this shall survive

void make_room(std::uint64_t size) {
  if (size > memory) std::abort();  // what std::bad_alloc comes to in a noexcept decoder
  void* room = std::malloc(size);
  if (!room) std::abort();
  std::memset(room, 0xaa, size);
  asm volatile("" : : "r"(room) : "memory");  // it is used, so keep it
  std::free(room);
}

int submit(const faulty::Submission& submission) {
  const auto request = submission.request();
  for (std::size_t at = 0; at < request.size();) {
    const auto head = faulty::head_at(request, at);
    at = head ? head->end : at + 1;
    if (!head || head->major < 2 || head->major > 5) continue;
    const std::size_t left = request.size() - at;
    if (head->number > left) make_room(head->number);
    if (head->major <= 3) at += head->number < left ? static_cast<std::size_t>(head->number) : left;
  }
  return submission.forward();
}
}  // namespace

FAULTY_EVERY_PROC(submit)
