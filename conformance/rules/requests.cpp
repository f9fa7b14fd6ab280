// Chapter 2: the terminal callback, progress and the constructor's callback; and the list of all its judges.
#include "conformance/rules/requests.hpp"

#include <algorithm>

namespace ffi_cts::rules {

namespace rule = spec::rule;

// REQ-1: an accepted request gets exactly one terminal callback, by the time destroy returned. (Where none was given, that it
// was accepted is REQ-3's.)
Verdict one_terminal_callback(const Trace& trace) {
  Tally tally;
  for (const Request& request : trace.requests) {
    if (!request.accepted() || request.misuse == Misuse::null_callback) continue;
    tally.exercised();
    const auto terminal = request.terminal_callbacks();
    if (terminal.size() > 1) return breach("one terminal callback", std::to_string(terminal.size()), stamps(terminal));
    if (lost_before_destroy(trace, request)) return breach("one terminal callback", "none, and nothing moved any more", {request.call->returned});
    const Answer answer = answer_of(trace, request);
    if (answer == Answer::open) tally.open(request.name + " had no answer yet, and its context was not destroyed");
  }
  return tally.verdict();
}

namespace {

// Is it the callback of a submission, terminal, progress or refusal?
bool of_submission(const Callback& callback) {
  return callback.request || callback.constructed;
}

}  // namespace

// REQ-2: a terminal code is RET_OK or RET_ERR.
Verdict terminal_codes(const Trace& trace) {
  bool exercised = false;
  for (const Callback& callback : trace.callbacks) {
    if (!of_submission(callback)) continue;
    exercised = true;
    if (callback.code != ret_ok && callback.code != ret_err && callback.code != ret_stale_warn)
      return breach("RET_OK (0) or RET_ERR (1)", "code " + std::to_string(callback.code), {callback.entered});
  }
  return exercised_if(exercised);
}

// REQ-4: userData comes back as given.
Verdict user_data_comes_back(const Trace& trace) {
  bool exercised = false;
  for (const Callback& callback : trace.callbacks) {
    if (!of_submission(callback)) continue;
    exercised = true;
    if (callback.user_data == callback.expected_user_data) continue;
    const bool anothers = std::any_of(trace.requests.begin(), trace.requests.end(), [&](const Request& other) {
      return &other != callback.request && other.user_data == callback.user_data;
    });
    return breach("the submission's own userData", anothers ? "another request's" : "another value",
                  {callback.entered});
  }
  return exercised_if(exercised);
}

namespace {

// Progress that came after the terminal callback had left. Callbacks of one context do not overlap (THR-2), so that
// what was stamped later also came later.
const Callback* late_progress(const std::vector<Callback*>& callbacks) {
  const Callback* end = nullptr;
  for (const Callback* callback : callbacks) {
    if (callback->code == ret_stale_warn && end && end->left < callback->entered) return callback;
    if (callback->terminal() && !end) end = callback;
  }
  return nullptr;
}

}  // namespace

// REQ-6: progress comes before the terminal callback, and ends nothing.
Verdict progress_before_the_end(const Trace& trace) {
  Tally tally;
  for (const Request& request : trace.requests) {
    if (const Callback* late = late_progress(request.callbacks))
      return breach("no RET_STALE_WARN after the terminal callback", "one", {request.reply()->entered, late->entered});
    const bool progressed = request.callbacks.size() > request.terminal_callbacks().size();
    if (progressed || (request.role == RoleName::progress && request.reply())) tally.exercised();
    if (!progressed || !request.accepted()) continue;
    if (answer_of(trace, request) == Answer::lost)
      return breach("a terminal callback after RET_STALE_WARN", "none", {request.callbacks.back()->entered});
    if (answer_of(trace, request) == Answer::open) tally.open(request.name + " had only progress so far");
  }
  for (const Context& context : trace.contexts)
    if (const Callback* late = late_progress(context.callbacks))
      return breach("no RET_STALE_WARN after the terminal callback", "one", {late->entered});
  return tally.verdict();
}

namespace {

// The message is the handle as decimal text: a CBOR text string, or its plain bytes (native).
bool names_handle(const Callback& callback, std::uint64_t handle) {
  const std::string decimal = std::to_string(handle);
  if (callback.value && callback.value->text()) return *callback.value->text() == decimal;
  return callback.text() == decimal;
}

}  // namespace

// REQ-17: the constructor calls back exactly once; on RET_OK with the handle that it returned, as decimal text.
Verdict constructor_calls_back(const Trace& trace) {
  Tally tally;
  for (const Context& context : trace.contexts) {
    if (!context.create->finished() || context.refused() || context.create->misuse == Misuse::null_callback) continue;
    tally.exercised();
    std::vector<Callback*> terminal;
    std::copy_if(context.callbacks.begin(), context.callbacks.end(), std::back_inserter(terminal),
                 [](const Callback* callback) { return callback->terminal(); });
    if (terminal.size() > 1)
      return breach("one terminal callback of the constructor", std::to_string(terminal.size()), stamps(terminal));
    if (terminal.empty()) {
      if (const Call* destroy = context.destroyed())
        return breach("one terminal callback of the constructor", "none by the time destroy returned",
                      {context.create->returned, destroy->returned});
      tally.open("the constructor of " + context.name + " had not called back, and it was not destroyed");
      continue;
    }
    const Callback& callback = *terminal.front();
    if (callback.code == ret_ok && callback.whole && !names_handle(callback, context.handle))
      return breach("the handle as decimal text, " + std::to_string(context.handle),
                    callback.value ? to_text(*callback.value) : "\"" + std::string(callback.text()) + "\"",
                    {context.create->returned, callback.entered});
  }
  return tally.verdict();
}

namespace {

// REQ-22 takes what no other rule owns.
std::vector<spec::RuleId> all_but(spec::RuleId excluded) {
  std::vector<spec::RuleId> out;
  for (const spec::Rule& each : spec::rules)
    if (spec::RuleId(each) != excluded) out.push_back(spec::RuleId(each));
  return out;
}

}  // namespace

std::span<const Judge> requests() {
  static const std::vector<Judge> judges = {
      {rule::REQ_1,
       lawfully<one_terminal_callback>,
       {rule::REQ_5, rule::REQ_6, rule::REQ_8, rule::REQ_11, rule::REQ_19, rule::END_14, rule::PAY_12, rule::END_1, rule::END_2}},
      {rule::REQ_2, lawfully<terminal_codes>},
      {rule::REQ_3, lawfully<null_callback_is_refused>},
      {rule::REQ_4, lawfully<user_data_comes_back>},
      {rule::REQ_5, lawfully<refusal_calls_back_inside>, {rule::REQ_9}},
      {rule::REQ_6, lawfully<progress_before_the_end>, {rule::END_1, rule::END_2}},
      {rule::REQ_7, lawfully<failure_has_its_text>, {rule::REQ_2, rule::REQ_16, rule::REQ_19, rule::END_14}},
      {rule::REQ_8, lawfully<malformed_gets_an_error>, {rule::REQ_2, rule::REQ_5, rule::END_2}},
      {rule::REQ_9, lawfully<refused_constructor_owns_nothing>},
      {rule::REQ_10, lawfully<requests_start_in_order>},
      {rule::REQ_11, lawfully<submitting_inside_callbacks>, {rule::REQ_19, rule::END_14}, {rule::REQ_15}},
      {rule::REQ_12, lawfully<slow_requests_hold_back_none>},
      {rule::REQ_13, lawfully<submitting_does_not_wait>},
      {rule::REQ_14, lawfully<nothing_computed_unconstructed>, {}, {rule::PAY_5}},
      {rule::REQ_15, lawfully<failed_constructor_is_closing>, {rule::END_13, rule::THR_6}},
      {rule::REQ_16,
       lawfully<replies_are_their_own>,
       {rule::REQ_8, rule::REQ_14, rule::REQ_19, rule::END_14, rule::REQ_21, rule::PAY_8, rule::PAY_10}, {rule::PAY_5}},
      {rule::REQ_17, lawfully<constructor_calls_back>, {rule::REQ_2}},
      {rule::REQ_18, lawfully<refusal_calls_back_once>, {rule::REQ_5, rule::REQ_9}},
      {rule::REQ_19, lawfully<signals_disturb_nothing>, {rule::THR_9}, {}, &Program::signal_storm},
      {rule::REQ_20, lawfully<submissions_inside_callbacks_accepted>, {rule::REQ_8, rule::REQ_11}},
      {rule::REQ_21, lawfully<early_requests_wait>, {rule::REQ_14, rule::REQ_20}},
      {rule::REQ_22, lawfully<nothing_else_crashes_or_hangs>, all_but(rule::REQ_22)},
  };
  return judges;
}

}  // namespace ffi_cts::rules
