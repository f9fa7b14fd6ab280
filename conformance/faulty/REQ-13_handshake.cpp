// REQ-13: a submission waits until the loop has time for it.
#define FAULTY_BREAKS_EVERY_PROC
#include "conformance/faulty/contexts.hpp"

namespace {
faulty::Contexts<faulty::Life> contexts;

int submit(const faulty::Submission& submission) {
  if (submission.hopeless() || contexts.here()) return submission.forward();  // inside a callback it would be REQ-11
  auto met = std::make_shared<std::atomic<bool>>(false);
  const auto meet = [met] {
    met->store(true);
    met->notify_one();
  };
  if (faulty::later(submission.ctx, meet)) met->wait(false);
  return submission.forward();
}
}  // namespace

FAULTY_LIFE(contexts)
FAULTY_EVERY_PROC(submit)
