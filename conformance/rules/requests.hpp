// The judges of chapter 2, one per rule, in the files that requests.cpp names.
#pragma once

#include "conformance/rules/common.hpp"

namespace ffi_cts::rules {

// requests.cpp: the terminal callback, progress and the constructor's callback
Verdict one_terminal_callback(const Trace& trace);    // REQ-1
Verdict terminal_codes(const Trace& trace);           // REQ-2
Verdict user_data_comes_back(const Trace& trace);     // REQ-4
Verdict progress_before_the_end(const Trace& trace);  // REQ-6
Verdict constructor_calls_back(const Trace& trace);   // REQ-17

// requests_refusal.cpp
Verdict null_callback_is_refused(const Trace& trace);          // REQ-3
Verdict refusal_calls_back_inside(const Trace& trace);         // REQ-5
Verdict malformed_gets_an_error(const Trace& trace);           // REQ-8
Verdict refused_constructor_owns_nothing(const Trace& trace);  // REQ-9
Verdict refusal_calls_back_once(const Trace& trace);           // REQ-18

// requests_handlers.cpp
Verdict failure_has_its_text(const Trace& trace);          // REQ-7
Verdict requests_start_in_order(const Trace& trace);       // REQ-10
Verdict slow_requests_hold_back_none(const Trace& trace);  // REQ-12
Verdict replies_are_their_own(const Trace& trace);         // REQ-16

// requests_submitting.cpp
Verdict submitting_inside_callbacks(const Trace& trace);            // REQ-11
Verdict submitting_does_not_wait(const Trace& trace);               // REQ-13
Verdict submissions_inside_callbacks_accepted(const Trace& trace);  // REQ-20

// requests_lifetime.cpp: before, during and after the constructor; and the rest
Verdict nothing_computed_unconstructed(const Trace& trace);  // REQ-14
Verdict failed_constructor_is_closing(const Trace& trace);   // REQ-15
Verdict signals_disturb_nothing(const Trace& trace);         // REQ-19
Verdict early_requests_wait(const Trace& trace);             // REQ-21
Verdict nothing_else_crashes_or_hangs(const Trace& trace);   // REQ-22

}  // namespace ffi_cts::rules
