// THR-9: what is wrong with a request is thrown, and nobody catches it at the border.
#define FAULTY_BREAKS_EVERY_PROC
#include <stdexcept>

#include "conformance/faulty/wrap.hpp"

namespace {
int submit(const faulty::Submission& submission) {
  const std::string_view request = submission.request();
  const bool is_map = !request.empty() && (static_cast<unsigned char>(request.front()) & 0xe0) == 0xa0;
  if (submission.callback && submission.req && !is_map) throw std::invalid_argument("a request is a map");
  return submission.forward();
}
}  // namespace

FAULTY_EVERY_PROC(submit)
