// Chapter 8, teardown: the judges, each beside the rules whose breach brings its own.
#include "conformance/rules/common.hpp"

namespace ffi_cts::rules {

// teardown_end.cpp
Verdict silent_after_destroy(const Trace& trace);
Verdict destroy_ends_requests(const Trace& trace);
Verdict blocked_destroy_gives_up(const Trace& trace);
Verdict unblocked_destroy_succeeds(const Trace& trace);
Verdict destroy_right_after_create(const Trace& trace);
// teardown_handles.cpp
Verdict destroying_null_is_refused(const Trace& trace);
Verdict destroyed_handle_is_refused(const Trace& trace);
Verdict replaced_handle_is_refused(const Trace& trace);
Verdict garbage_handle_is_refused(const Trace& trace);
Verdict context_limit_is_clean(const Trace& trace);
// teardown_beside.cpp
Verdict destroy_inside_callback(const Trace& trace);
Verdict new_context_inherits_nothing(const Trace& trace);
Verdict destroy_beside_other_calls(const Trace& trace);
// teardown_cycles.cpp
Verdict resources_stay_bounded(const Trace& trace);
Verdict used_places_are_as_quick(const Trace& trace);
Verdict descriptors_disturb_nothing(const Trace& trace);

// END-5, END-6 and END-7 judge the calls that a host must not make; all others look only at what came before such a
// call.
std::span<const Judge> teardown() {
  using namespace spec::rule;
  static const std::vector<Judge> judges = {
      {END_1, lawfully<silent_after_destroy>, {END_2, END_8, END_9, END_10}, {END_2}},
      {END_2, lawfully<destroy_ends_requests>, {HST_11, END_8}},
      {END_3, lawfully<blocked_destroy_gives_up>, {THR_6, END_8}},
      {END_4, lawfully<destroying_null_is_refused>},
      {END_5, destroyed_handle_is_refused, {HST_12, END_1, END_11}},
      {END_6, replaced_handle_is_refused, {HST_12, END_1}},
      {END_7, garbage_handle_is_refused, {END_4}},
      {END_8, lawfully<destroy_inside_callback>, {THR_6}},
      {END_9, lawfully<new_context_inherits_nothing>},
      {END_10, lawfully<destroy_right_after_create>, {THR_6, END_2, END_8}},
      {END_11, lawfully<destroy_beside_other_calls>, {THR_6, END_2, END_3, END_8, END_10, END_16}, {END_16}},
      {END_12, lawfully<resources_stay_bounded>},
      {END_13, lawfully<context_limit_is_clean>},
      {END_14, lawfully<descriptors_disturb_nothing>, {REQ_19, THR_9}, {}, &Program::many_descriptors},
      {END_15, lawfully<used_places_are_as_quick>},
      {END_16, lawfully<unblocked_destroy_succeeds>, {END_3, END_8, END_10, THR_6}},
  };
  return judges;
}

}  // namespace ffi_cts::rules
