// PAY-12: the decoder calls itself for each item that is inside of another, however deep.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/wrap.hpp"

namespace {
// The end of the item that begins at `at`; the end of all where it is none.
std::size_t end_of(std::string_view request, std::size_t at) {
  const auto head = faulty::head_at(request, at);
  if (!head) return request.size();
  std::size_t end = head->end;
  const std::size_t left = request.size() - end;
  if (head->major == 2 || head->major == 3) return head->number < left ? end + static_cast<std::size_t>(head->number) : request.size();
  const std::uint64_t items = head->major == 4 ? head->number : head->major == 5 ? 2 * head->number : head->major == 6;
  for (std::uint64_t i = 0; i < items && end < request.size(); ++i) end = end_of(request, end);
  return end;
}

int submit(const faulty::Submission& submission) {
  end_of(submission.request(), 0);
  return submission.forward();
}
}  // namespace

FAULTY_EVERY_PROC(submit)
