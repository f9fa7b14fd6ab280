// Chapter 6, host calls: the judges, each beside the rules whose breach brings its own.
#include "conformance/rules/host_calls.hpp"

namespace ffi_cts::rules {

// host_calls_calling.cpp
Verdict call_ids_are_new(const Trace& trace);
Verdict call_ids_grow(const Trace& trace);
Verdict host_function_is_called(const Trace& trace);
Verdict loop_serves_meanwhile(const Trace& trace);
// host_calls_registering.cpp
Verdict unregistered_name_fails(const Trace& trace);
Verdict null_unregisters(const Trace& trace);
Verdict registering_again_replaces(const Trace& trace);
Verdict odd_names_harm_nothing(const Trace& trace);
// host_calls_completing.cpp
Verdict completion_resolves_its_call(const Trace& trace);
Verdict second_completion_is_dropped(const Trace& trace);
Verdict unknown_completion_is_dropped(const Trace& trace);
Verdict completing_inside_works(const Trace& trace);
Verdict any_order_resolves(const Trace& trace);
Verdict errors_arrive(const Trace& trace);
Verdict empty_payloads_work(const Trace& trace);
Verdict completing_does_not_wait(const Trace& trace);
Verdict one_completion_counts(const Trace& trace);
Verdict completions_are_borrowed(const Trace& trace);
// host_calls_chains.cpp
Verdict chains_do_not_grow_the_stack(const Trace& trace);
// host_calls_end.cpp
Verdict teardown_fails_pending_calls(const Trace& trace);
Verdict late_completion_is_dropped(const Trace& trace);

// HST-12 judges a call that a host must not make; all others look only at what came before such a call.
std::span<const Judge> host_calls() {
  using namespace spec::rule;
  static const std::vector<Judge> judges = {
      {HST_1, lawfully<call_ids_are_new>, {HST_2, END_9}},
      {HST_2, lawfully<host_function_is_called>, {HST_21, END_9}},
      {HST_3, lawfully<completion_resolves_its_call>, {HST_1, HST_2}},
      {HST_4, lawfully<second_completion_is_dropped>, {HST_1, HST_2, HST_3}, {HST_7}},
      {HST_5, lawfully<unknown_completion_is_dropped>, {HST_1, HST_2, HST_3}, {HST_15}},
      {HST_6, lawfully<completing_inside_works>, {HST_1, HST_2, HST_3}},
      {HST_7, lawfully<any_order_resolves>, {HST_1, HST_2, HST_3}},
      {HST_8, lawfully<unregistered_name_fails>, {HST_2}},
      {HST_9, lawfully<null_unregisters>, {HST_8}},
      {HST_10, lawfully<registering_again_replaces>, {HST_2, HST_3}},
      {HST_11, lawfully<teardown_fails_pending_calls>, {END_8}},
      {HST_12, late_completion_is_dropped, {HST_1, HST_2, HST_3}},
      {HST_13, lawfully_borrowed<completions_are_borrowed>},
      {HST_14, lawfully<errors_arrive>, {HST_3}},
      {HST_15, lawfully<empty_payloads_work>, {HST_3}},
      {HST_16, lawfully<loop_serves_meanwhile>},
      {HST_17, lawfully<completing_does_not_wait>},
      {HST_18, lawfully<one_completion_counts>, {HST_3, HST_15}},
      {HST_19, lawfully<chains_do_not_grow_the_stack>},
      {HST_20, lawfully<call_ids_grow>, {HST_1}},
      {HST_21, lawfully<odd_names_harm_nothing>},
  };
  return judges;
}

}  // namespace ffi_cts::rules
