// What several judges ask of a trace. Everything here is sound in the sense of trace.hpp: "before" means that the
// stamps prove it, and what they do not prove counts in the library's favour.
#pragma once

#include <functional>
#include <string>

#include "conformance/rules/judge.hpp"

namespace ffi_cts::rules {

// The verdict of one rule on one trace.
Verdict judge(spec::RuleId rule, const Trace& trace);

// ---- The verdict of a judge that looks at one object after the other

// Breaches return at once; this is for the rest.
class Tally {
 public:
  void exercised() { exercised_ = true; }
  void open(std::string why) {
    exercised_ = true;
    if (why_.empty()) why_ = std::move(why);
  }
  Verdict verdict() const { return why_.empty() ? exercised_if(exercised_) : undecidable(why_); }

 private:
  bool exercised_ = false;
  std::string why_;
};

// ---- Calls

// A call of the constructor or of a proc, native or with bytes.
inline bool is_submission(const Call& call) { return call.export_ == Export::create || call.export_ == Export::request; }

// ---- Contexts

bool constructed_before(const Context& context, Stamp stamp);  // its constructor's RET_OK had entered
bool failed_before(const Context& context, Stamp stamp);       // its constructor's RET_ERR had left
// Its constructor takes its time, or nobody knows what it makes of its arguments.
inline bool may_be_slow(const Context& context) {
  return context.role == RoleName::create_slow || drawn(context.create->misuse);
}
// From before the call until after it, its context was constructed and no destroy of it had begun.
bool live_during(const Call& call);
// At most so many contexts were alive, or being made, at some time during this create (itself not counted).
std::size_t contexts_beside(const Trace& trace, const Context& context);
// A create that had to succeed and did not, by refusal or RET_ERR, after `spent` creates that left nothing owned.
const Context* starved(const Trace& trace,
                       const std::function<bool(const Context& earlier, const Call& create)>& spent);

// ---- Requests

// Its handler blocks the loop, or nobody knows what it does.
inline bool may_block(const Request& request) {
  return request.role == RoleName::block || !request.role;
}
// A role's own request, with the handle of a context.
bool well_formed(const Request& request);
// Its handler has no reason to fail.
bool promises_ok(const Request& request);
// Its answer came from a constructed context that no destroy had been asked for.
bool undisturbed(const Request& request);
// No other request of the process was in flight while this one was: no library can have been too busy for it.
bool alone(const Trace& trace, const Request& request);
// So many other requests of its context were in flight when this one was submitted that a bounded inbox may be full.
bool crowded(const Request& request);
// Every promise of requests that no host can have spoiled, watched while the process bears `under` ("signals").
Verdict works_as_ever(const Trace& trace, const std::string& under);
// Longest text or byte string that the reply must hold.
std::size_t payload_size(const Request& request);
constexpr std::size_t largest_certain_payload = 1u << 20;  // PAY-8: above 1 MiB RET_ERR is an answer too

enum class Answer { given, lost, open };
// Of an accepted request. Lost: destroy returned RET_OK (without a context: the program ended) and none came.
Answer answer_of(const Trace& trace, const Request& request);
// After that stamp, before the other, and before any destroy of the context had begun, a wait was given up because nothing
// moved any more, with no callback of the context running: what had not come by then would never have come.
bool fell_silent(const Trace& trace, const Context& context, Stamp after, Stamp before = never);
// It was lost before any destroy of its context had begun: a wait was given up because nothing moved any more, with no
// callback of the context running. What a destroy leaves unanswered is END-2's.
bool lost_before_destroy(const Trace& trace, const Request& request);

// Is the callback's payload this text? What was not kept of it counts as equal.
bool text_is(const Callback& callback, std::string_view text);

std::vector<Stamp> stamps(const std::vector<Callback*>& callbacks);

// ---- Crashes, hangs and exits

// The call that fits among those that were running when the program crashed, hung or exited (the innermost of each
// thread; of a crash whose thread is known to be the host's, that thread's only). Null: none, or the program completed, or
// an exception ended it, which is THR-9's whatever the call was.
const Call* running_with(const Trace& trace, const std::function<bool(const Call&)>& fits);
// The call whose bytes (a request's, a completion's, a name's) hold the address whose touching crashed the program: the latest,
// for their place is used again. Null: none. Such an ending belongs to the rules of borrowed bytes, whatever else was going on.
const Call* lender_of_fault(const Trace& trace);
// "byte 4 of 64 was read", of what a call had lent when the program crashed.
std::string words_of_fault(const Trace& trace, const Call& lender);
std::string words_of(const Ending& ending);  // "crashed (SIGSEGV)"
std::string words_of(const Call& call);      // "destroy of c1"
// "r1 (request) crashed (SIGSEGV)", "destroy of c1 did not return"
std::string how_it_ended(const Trace& trace, const Call* running);
Verdict ended_in(const Trace& trace, const Call& running, std::string expected);
// On another thread than this callback's: the call was in the library when everything stood still (Callback::stalled_at), and
// out of it only when the callback had left.
bool waited_for(const Call& call, const Callback& callback);

// ---- The host's side

// The stamp of the first call that breaks OBL-5 or passes garbage for a handle; such a call may hit any context of a
// library that only breaks a SHOULD (END-6, END-7). NULL is lawful.
Stamp unlawful_from(const Trace& trace);

// A breach that is proved only by what came after an unlawful call is none.
Verdict lawful(const Trace& trace, Verdict verdict);
// Of the rules of borrowed bytes, and of those that a sanitizer judges.
template <Verdict (*rule)(const Trace&)>
Verdict lawfully_borrowed(const Trace& trace) {
  return lawful(trace, rule(trace));
}
// Of all others: an ending that is those rules' is nobody else's.
template <Verdict (*rule)(const Trace&)>
Verdict lawfully(const Trace& trace) {
  Verdict verdict = lawful(trace, rule(trace));
  const bool theirs = lender_of_fault(trace) || trace.ending.kind == EndKind::reported;
  return verdict.owns_ending && theirs ? Verdict{} : verdict;
}

}  // namespace ffi_cts::rules
