// What the judges of chapter 7 share.
#pragma once

#include "conformance/rules/hearing.hpp"

namespace ffi_cts::rules {

// threads.cpp
Verdict first_call_of_a_thread_works(const Trace& trace);
Verdict callbacks_are_serial(const Trace& trace);
Verdict no_callback_inside_its_submission(const Trace& trace);
Verdict any_thread_may_use_a_context(const Trace& trace);
Verdict nothing_is_thrown_out(const Trace& trace);
// threads_parked.cpp
Verdict parked_callback_holds_no_lock(const Trace& trace);
Verdict contexts_are_independent(const Trace& trace);

// threads_reported.cpp
Verdict nothing_races(const Trace& trace);
Verdict memory_is_used_rightly(const Trace& trace);

// threads_foreign.cpp: a call that the library has no reason to refuse, whatever it depends on.
// Well-formed, outside callbacks, on a host thread; its context constructed and open for certain when it entered.
bool plain(const Trace& trace, const Call& call);
// Of one that returned: it did not do what it was asked to, and nothing that runs beside it can be the reason.
bool failed(const Trace& trace, const Call& call);
bool succeeded(const Call& call);
// Two calls that ask for the same kind of thing.
bool alike(const Call& a, const Call& b);

}  // namespace ffi_cts::rules
