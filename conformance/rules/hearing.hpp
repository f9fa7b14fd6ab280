// What the judges of events and teardown share: above all who must, may and must not hear an event.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "conformance/rules/common.hpp"

namespace ffi_cts::rules {

// ---- Calls ----------------------------------------------------------------------------------------------------------

inline bool overlap(const Call& a, const Call& b) {
  return a.entered < b.returned && b.entered < a.returned;
}

// Made with the handle of a context that was destroyed by then.
inline bool stale(const Call& call) {
  return call.handle_kind == HandleKind::own && call.context && destroyed_before(*call.context, call);
}

// ---- Destroying -----------------------------------------------------------------------------------------------------

// The first destroy of the context that a thread entered: until then nothing may be dropped.
Stamp first_destroy(const Context& context);
bool is_destroy(const Call& call);  // with the handle of a context that was not destroyed before
bool inside_own_callback(const Call& destroy);
// Outside callbacks, and no inline refusal on its thread either.
bool outside_everything(const Trace& trace, const Call& call);
// Another destroy of its context ran beside it, or before it took effect.
bool another_destroy(const Call& destroy, bool before_too);
// The host or a handler may have blocked the loop: RET_ERR is then an answer too.
bool loop_was_blocked(const Call& destroy);
// The next destroy of the context that nothing but the library can have kept from succeeding, and that failed.
const Call* fails_later(const Trace& trace, const Call& destroy);
// Twice the contract's limit and a second: longer is too long on any machine. A verdict of it needs repeats.
std::uint64_t generous_limit_ns(const Trace& trace);

// ---- Verdicts -------------------------------------------------------------------------------------------------------

// What a judge's loop found when nothing was a breach: cases that this trace decides, and cases that it leaves open.
struct Found {
  bool decided = false, open = false;
  Verdict verdict(const Trace& trace) const;
};

// ---- Hearing --------------------------------------------------------------------------------------------------------

struct Heard {
  const Callback* callback = nullptr;
  const Request* request = nullptr;  // whose event it is; null: none that can be told
};

class Hearing {
 public:
  explicit Hearing(const Trace& trace);

  // The requests whose events can be told apart: well-formed ones of role emit on a context that lived.
  const std::vector<const Request*>& emissions() const { return emissions_; }
  // Listeners that were added to a context that lived.
  const std::vector<const Listener*>& listeners() const { return listeners_; }

  // The listener's callbacks in the order entered; those of a shared function are told apart by their userData.
  const std::vector<Heard>& heard(const Listener& listener) const { return ear(listener).heard; }
  // Removes of its id on its context that may have met it.
  const std::vector<const Call*>& removes(const Listener& listener) const { return ear(listener).removes; }
  std::uint64_t count(const Listener& listener, const Request& request) const;
  const Request* carried(const Callback& callback) const;

  // By context and name.
  bool addressed(const Listener& listener, const Request& request) const;
  // Addressed, and registered before the request was submitted.
  bool expects(const Listener& listener, const Request& request) const;
  // rules.md, "Must hear": every event of the request, by now.
  bool must_hear(const Listener& listener, const Request& request) const;
  // The same for a request that was answered at `reply`, whatever it emits.
  bool due_since(const Listener& listener, Stamp reply) const;
  // The listener heard less of this request than it must.
  bool misses(const Listener& listener, const Request& request) const {
    return must_hear(listener, request) && count(listener, request) < request.emits;
  }
  // It must hear something, and heard nothing of all that it must.
  bool deaf(const Listener& listener) const;

  // Whatever was dispatched on the context at stamp `entered` and went on until `left` is over by now, and nothing was
  // dropped: a later event was heard there, or the library fell silent.
  bool dispatch_is_over(const Context& context, Stamp entered, Stamp left) const;
  // The stamp that decided what this listener was due, for the proof.
  Stamp decided_at(const Listener& listener) const { return ear(listener).due_at; }

 private:
  struct Ear {
    std::vector<Heard> heard;
    std::vector<const Call*> removes;
    std::unordered_map<const Request*, std::uint64_t> counts;
    Stamp limit = 0;       // from here on it may be removed, or its context's events dropped
    Stamp due_before = 0;  // what was answered before this stamp has been heard, or never will be
    Stamp due_at = 0;      // when that was seen: a sentinel's entry, or the end of a silent wait
    bool blurred = false;  // a payload was not kept: what it missed cannot be told
  };
  struct Scene {  // of a context
    std::vector<const Request*> emissions;
    std::size_t last = 0;  // where the last callback's request was found: the next one's is near
    Stamp sentinel = 0;    // the latest submission that one of its listeners heard of
    Stamp silence = 0;     // the latest wait that ended in silence
  };

  const Ear& ear(const Listener& listener) const;
  void find_removes();
  void listen(const Listener& listener);
  const Request* recognise(const Callback& callback);
  Wait silence_before(Stamp limit) const;

  const Trace& trace_;
  std::vector<const Request*> emissions_;
  std::vector<const Listener*> listeners_;
  std::unordered_map<const Listener*, Ear> ears_;
  std::unordered_map<const Context*, Scene> scenes_;
  std::unordered_map<const Callback*, const Request*> carried_;
  // The callbacks of functions that several listeners were given, by context and the userData that came with them.
  std::unordered_map<const Context*, std::unordered_map<std::uint64_t, std::vector<const Callback*>>> shared_;
  std::vector<Wait> silences_;
};

// Other threads added or removed listeners of the context while this emission was under way: what is lost then is EVT-16's.
bool churned(const Trace& trace, const Request& request);

// Nothing lets the library refuse this one: a plain name on a context that is open for certain.
bool must_be_added(const Trace& trace, const Listener& listener);

// "l1 hears the event of r2 once", with the stamps of the emission and of what was heard of it.
Verdict wrong_count(const Hearing& hearing, const Listener& listener, const Request& request);

// The callback, of a function of an earlier program's, carries an event of this one.
bool stray_hears(const Trace& trace, const Callback& callback);

}  // namespace ffi_cts::rules
