// THR-5: the contexts take turns with the host: while one is in a reply's callback, no other gets to its own.
#define FAULTY_BREAKS_EVERY_PROC
#include <mutex>

#include "conformance/faulty/wrap.hpp"

namespace {
std::recursive_mutex turn;

int submit(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    const std::lock_guard mine(turn);
    host(message);
  });
}
}  // namespace

FAULTY_EVERY_PROC(submit)
