// The judges of chapter 3, one per rule, in the files that payloads.cpp names.
#pragma once

#include "conformance/rules/common.hpp"

namespace ffi_cts::rules {

// payloads.cpp: delivered bytes
Verdict delivered_bytes_stay(const Trace& trace);   // PAY-3
Verdict pointer_is_never_null(const Trace& trace);  // PAY-4
Verdict reply_is_one_item(const Trace& trace);      // PAY-5
Verdict no_value_is_null(const Trace& trace);       // PAY-6
Verdict error_is_plain_text(const Trace& trace);    // PAY-7

// The reply is, whole, the one that another request must have (REQ-16).
bool is_anothers(const Trace& trace, const Request& request, const Value& reply);

// payloads_borrowed.cpp: the bytes of a request
Verdict requests_are_borrowed(const Trace& trace);   // PAY-1
Verdict requests_are_only_read(const Trace& trace);  // PAY-2

// payloads_passed.cpp: bytes and names passed in
Verdict sizes_round_trip(const Trace& trace);               // PAY-8
Verdict memory_stays_bounded(const Trace& trace);           // PAY-9
Verdict requests_outlive_their_thread(const Trace& trace);  // PAY-10
Verdict null_with_length_is_refused(const Trace& trace);    // PAY-11
Verdict hostile_gets_one_answer(const Trace& trace);        // PAY-12
Verdict names_are_compared_bytewise(const Trace& trace);    // PAY-13

}  // namespace ffi_cts::rules
