// What the judges of chapter 6 share: how each host call went, from its completions to the answer of its request.
#pragma once

#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "conformance/rules/hearing.hpp"

namespace ffi_cts::rules {

// ---- Completions ----------------------------------------------------------------------------------------------------

// With the handle of a context that was not destroyed before.
bool is_completion(const Call& call);
// Of a call that another completion, accepted and over by then, had answered.
bool is_repeated(const Call& completion);
// It may be the one that counts: it was not refused, and no accepted one was over when it entered.
bool is_candidate(const Call& completion);
// Its bytes are in order: it is not (NULL, len > 0).
inline bool is_valid(const Call& completion) {
  return completion.misuse != Misuse::null_payload;
}
// Made in the run of the very function whose call it answers.
inline bool is_inline(const Call& completion) {
  return completion.host_call && completion.inside && completion.inside->host_call == completion.host_call;
}
inline bool is_refused(const Call& completion) {
  return completion.finished() && completion.result != ret_ok;
}

// ---- Registrations --------------------------------------------------------------------------------------------------

// With the handle of a context that was not destroyed before. `unregister` is one too.
bool is_registration(const Call& call);
// Those of the name that this request's handler calls.
std::vector<const HostFunction*> registrations(const Request& request);
// May a function be registered under that name, at some time from the request's submission to its answer?
bool may_be_registered(const Request& request);
// Is one all that time for certain? If so, how often one was registered by then; else 0.
int surely_registered(const Request& request);

// ---- Requests that call the host ------------------------------------------------------------------------------------

Stamp answered_at(const Request& request);
// Accepted, of role call_host, with nothing wrong about it.
bool calls_host(const Request& request);
// Its handler calls the host with no bytes at all.
bool asks_nothing(const Request& request);
// It was not answered, or only by a destroy, although nothing moved any more.
bool left_waiting(const Trace& trace, const Request& request);
// What its handler did came to an end before any destroy, or is known never to do so.
bool decided(const Trace& trace, const Request& request);
// A breach if the handler of this request had a host function to call and called none.
Verdict uncalled(const Trace& trace, const Request& request);

// ---- What ended the program -----------------------------------------------------------------------------------------

// The call that fits and was running when the program ended before its time, or after which the library's own thread
// crashed before the host had called anything else. Null: neither.
const Call* ended_by(const Trace& trace, const std::function<bool(const Call&)>& fits);
// The same for a crash or exit alone.
const Call* crashed_by(const Trace& trace, const std::function<bool(const Call&)>& fits);
Verdict ended_by_it(const Trace& trace, const Call& call, std::string expected);

// ---- Stories --------------------------------------------------------------------------------------------------------

enum class Fate {
  open,   // nothing follows from how it went
  right,  // its request was answered with what a completion that may count brings
  wrong,  // with anything else, or it was refused
  early,  // before there was a completion
  lost,   // it was completed, and its request was not answered, or only by a destroy
};

// A host call whose request is known, and which was its only one.
struct Story {
  const HostCall* call = nullptr;
  const Request* request = nullptr;
  std::vector<const Call*> candidates;  // completions of which one counts: accepted, and none was surely before it
  Fate fate = Fate::open;
  std::string seen;
  std::vector<Stamp> proof;

  // What is special about it, by the time that its request was answered. Each is some rule's matter.
  bool answered_inline = false;  // by a candidate inside its own function: HST-6
  bool raced = false;            // several candidates: HST-18
  bool both_counted = false;     // … and its request was answered more than once
  bool failed = false;           // a candidate with RET_ERR: HST-14
  bool odd_code = false;         // one with another code that is not RET_OK: HST-18
  bool empty = false;            // one without bytes: HST-15
  bool refused_before = false;   // a completion of it was refused, or should have been: HST-18
  bool out_of_order = false;     // a call of its context was completed before an older one: HST-7
  bool replaced = false;         // its name was registered anew or unregistered: HST-10
  bool beside_repeated = false;  // a call of its context was completed once more: HST-4
  bool beside_unknown = false;   // a call that there is not was completed: HST-5
  bool beside_stale = false;     // a call of a destroyed context was completed: HST-12
  bool plain() const;

  // Where it did not end right: the completion that its request was answered with instead, and whose matter that is.
  const Call* source = nullptr;
  std::optional<spec::RuleId> blame;
};

class Stories {
 public:
  explicit Stories(const Trace& trace);
  const std::vector<Story>& all() const { return stories_; }
  // Completions of ids that their contexts never gave out.
  const std::vector<const Call*>& unknown() const { return unknown_; }
  const std::vector<const Call*>& repeated() const { return repeated_; }
  // Those with the handle of a destroyed context.
  const std::vector<const Call*>& stale_ones() const { return stale_; }

 private:
  void sort_completions();
  void tell(const HostCall& call);
  void settle(Story& story) const;
  void compare(Story& story, const Callback& reply) const;
  void note_company(Story& story) const;
  void note_order();
  void find_source(Story& story) const;

  const Trace& trace_;
  std::vector<Story> stories_;
  std::vector<const Call*> unknown_, repeated_, stale_;
  std::unordered_map<const Context*, Stamp> overtaken_;  // when calls were first completed out of order
};

// The verdict of a rule on the stories: a breach if one did not end right and that is this rule's matter. `about`:
// those that exercise it when they end right.
template <typename About>
Verdict ended_right(const Stories& stories, spec::RuleId rule, About about) {
  Tally tally;
  for (const Story& story : stories.all()) {
    if (story.fate == Fate::right && about(story)) tally.exercised();
    if (story.blame != rule) continue;
    return breach(story.request->name + " is answered with what the completion of " + story.call->name + " brings",
                  story.seen, story.proof);
  }
  return tally.verdict();
}

}  // namespace ffi_cts::rules
