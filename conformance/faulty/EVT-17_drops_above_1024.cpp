// EVT-17: of a burst only the first 1,024 events are delivered, and nobody is told.
#define PROBE_NO_EMIT
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/wrap.hpp"

namespace {
int emit(const faulty::Submission& submission) {
  const auto request = submission.request();
  const auto count = faulty::value_of(request, "count");
  if (!count || count->major != 0 || count->number <= 1024) return submission.forward();
  return submission.forward(faulty::with(request, count->begin, count->end, faulty::head(0, 1024)));
}
}  // namespace

FAULTY_PROC(emit, emit)
