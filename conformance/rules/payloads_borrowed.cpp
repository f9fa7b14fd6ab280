// The bytes of a request lie in pages that are closed when the submission returns, and never can be written to: PAY-1, PAY-2.
#include <algorithm>

#include "conformance/rules/payloads.hpp"

namespace ffi_cts::rules {
namespace {

// Of bytes; what native calls lend is NAT-1's.
bool submits_bytes(const Call& call) { return !call.native && is_submission(call); }

bool lends(const Call& call) {
  return submits_bytes(call) && call.finished() && call.guarded;
}

}  // namespace

// PAY-1: the bytes of a request are borrowed until the submission returns.
Verdict requests_are_borrowed(const Trace& trace) {
  if (const Call* lender = lender_of_fault(trace); lender && submits_bytes(*lender) && lender->finished())
    return breach_by_ending("the bytes of a request are left alone once the submission returned",
                            words_of(*lender) + " had returned, and " + words_of_fault(trace, *lender), {lender->entered, lender->returned});
  return exercised_if(std::ranges::any_of(trace.calls, lends));
}

// PAY-2: the bytes of a request are never written to.
Verdict requests_are_only_read(const Trace& trace) {
  if (const Call* lender = lender_of_fault(trace); lender && submits_bytes(*lender) && !lender->finished() && trace.ending.fault_write)
    return breach_by_ending("the bytes of a request are only read", "during " + words_of(*lender) + " " + words_of_fault(trace, *lender),
                            {lender->entered});
  return exercised_if(std::ranges::any_of(trace.calls, lends));
}

}  // namespace ffi_cts::rules
