// Chapter 5, events: the judges, each beside the rules whose breach brings its own.
#include "conformance/rules/common.hpp"

namespace ffi_cts::rules {

// events_registration.cpp
Verdict ids_are_new(const Trace& trace);
Verdict ids_grow(const Trace& trace);
Verdict null_callback_gets_no_id(const Trace& trace);
Verdict one_callback_twice_is_two_listeners(const Trace& trace);
Verdict listeners_get_their_user_data(const Trace& trace);
// events_delivery.cpp
Verdict heard_exactly_once(const Trace& trace);
Verdict other_names_hear_nothing(const Trace& trace);
Verdict heard_in_order(const Trace& trace);
Verdict null_and_empty_are_wildcards(const Trace& trace);
Verdict names_first_in_order_added(const Trace& trace);
// events_removal.cpp
Verdict removing_nothing_fails(const Trace& trace);
Verdict removed_is_silent(const Trace& trace);
Verdict removed_inside_callback(const Trace& trace);
Verdict added_inside_callback(const Trace& trace);
// events_payload.cpp
Verdict events_come_in_their_envelope(const Trace& trace);
Verdict listeners_see_the_same_bytes(const Trace& trace);
Verdict failed_events_are_heard(const Trace& trace);
// events_many.cpp
Verdict heard_despite_churn(const Trace& trace);
Verdict bursts_arrive_or_are_refused(const Trace& trace);
Verdict many_listeners_work(const Trace& trace);

std::span<const Judge> events() {
  using namespace spec::rule;
  static const std::vector<Judge> judges = {
      {EVT_1, lawfully<ids_are_new>, {EVT_10, EVT_13, EVT_14, EVT_17, EVT_19, END_8, END_9}},
      {EVT_2, lawfully<ids_grow>, {EVT_1, EVT_13}},
      {EVT_3, lawfully<null_callback_gets_no_id>},
      {EVT_4,
       lawfully<heard_exactly_once>,
       {EVT_1, EVT_5, EVT_7, EVT_8, EVT_9, EVT_10, EVT_11, EVT_12, EVT_13, EVT_14, EVT_15, EVT_16, EVT_17, EVT_18,
        EVT_19, END_8, END_9}},
      {EVT_5, lawfully<other_names_hear_nothing>, {EVT_11, EVT_12}},
      {EVT_6, lawfully<heard_in_order>, {EVT_4, EVT_9, EVT_16, EVT_17}},
      {EVT_7, lawfully<removing_nothing_fails>, {EVT_1, END_9}},
      {EVT_8, lawfully<removed_is_silent>, {EVT_1, EVT_15}},
      {EVT_9, lawfully<removed_inside_callback>, {EVT_1, EVT_7, EVT_15}},
      {EVT_10, lawfully<added_inside_callback>, {EVT_11, EVT_12, EVT_15}},
      {EVT_11, lawfully<events_come_in_their_envelope>, {EVT_12}, {EVT_12}},
      {EVT_12, lawfully<listeners_see_the_same_bytes>},
      {EVT_13, lawfully<one_callback_twice_is_two_listeners>, {EVT_11, EVT_12, EVT_15}},
      {EVT_14, lawfully<null_and_empty_are_wildcards>, {EVT_11, EVT_12, EVT_15}},
      {EVT_15, lawfully<listeners_get_their_user_data>},
      {EVT_16, lawfully<heard_despite_churn>, {EVT_1, EVT_11, EVT_12, EVT_17, EVT_19}},
      {EVT_17, lawfully<bursts_arrive_or_are_refused>, {EVT_11, EVT_12, EVT_19}},
      {EVT_18, lawfully<failed_events_are_heard>, {EVT_5, EVT_13, EVT_14, EVT_15}},
      {EVT_19, lawfully<many_listeners_work>, {EVT_11, EVT_12, EVT_13, EVT_14}},
      {EVT_20, lawfully<names_first_in_order_added>, {EVT_4, EVT_6}},
  };
  return judges;
}

}  // namespace ffi_cts::rules
