// How each host call went.
#include <algorithm>

#include "conformance/rules/host_calls.hpp"
#include "harness/interface/template.hpp"
#include "harness/program/payload.hpp"

namespace ffi_cts::rules {

bool Story::plain() const {
  return !(answered_inline || raced || failed || odd_code || empty || refused_before || out_of_order || replaced ||
           beside_repeated || beside_unknown || beside_stale);
}

// ---- Stories --------------------------------------------------------------------------------------------------------

namespace {

// The answer is another completion's: whose matter is it that this one counted?
std::optional<spec::RuleId> blamed_for(const Story& story, const Call& source) {
  using namespace spec::rule;
  if (stale(source)) return HST_12;
  if (!source.host_call) return HST_5;
  const bool own = source.host_call == story.call;
  if (is_repeated(source)) {
    // The first one may have been lost for what it was.
    if (own && story.empty) return HST_15;
    if (own && story.odd_code) return HST_18;
    if (own && story.failed) return HST_14;
    return own && story.answered_inline ? HST_6 : HST_4;
  }
  if (own) return HST_18;  // it was refused
  return story.out_of_order ? HST_7 : HST_3;
}

// There was no answer before the destroy, or none that a completion brought. Where several things were special about
// it, the least usual is blamed, and in doubt the later rule: a library that breaks an earlier one shows it without
// that.
spec::RuleId blamed(const Story& story) {
  using namespace spec::rule;
  if (story.both_counted) return HST_18;
  if (story.source)
    if (const auto rule = blamed_for(story, *story.source)) return *rule;
  if (story.fate == Fate::early) {
    if (story.beside_stale) return HST_12;
    if (story.refused_before) return HST_18;
    if (story.replaced) return HST_10;
    if (story.out_of_order) return HST_7;
    return story.beside_unknown ? HST_5 : story.beside_repeated ? HST_4 : HST_3;
  }
  if (story.empty && story.fate == Fate::lost) return HST_15;
  if (story.odd_code) return HST_18;
  if (story.failed) return HST_14;
  if (story.empty) return HST_15;
  if (story.answered_inline) return HST_6;
  if (story.refused_before || story.raced) return HST_18;
  if (story.replaced) return HST_10;
  if (story.out_of_order) return HST_7;
  if (story.beside_unknown) return HST_5;
  if (story.beside_repeated) return HST_4;
  return story.beside_stale ? HST_12 : HST_3;
}

}  // namespace

Stories::Stories(const Trace& trace) : trace_(trace) {
  if (trace.host_functions.empty() && trace.host_calls.empty() &&
      std::ranges::none_of(trace.calls, [](const Call& c) { return c.export_ == Export::host_complete; }))
    return;
  sort_completions();
  for (const HostCall& call : trace.host_calls)
    if (call.request && call.context && call.request->host_calls.size() == 1) tell(call);
  note_order();
  for (Story& story : stories_) {
    note_company(story);
    if (story.fate == Fate::open || story.fate == Fate::right) continue;
    find_source(story);
    story.blame = blamed(story);
  }
}

void Stories::sort_completions() {
  std::unordered_map<const Context*, std::unordered_set<std::uint64_t>> given;
  for (const HostCall& call : trace_.host_calls) given[call.context].insert(call.id);
  for (const Call& call : trace_.calls) {
    if (call.export_ != Export::host_complete || call.handle_kind != HandleKind::own || !call.context) continue;
    if (stale(call))
      stale_.push_back(&call);
    else if (!call.host_call && !given[call.context].contains(call.id))
      unknown_.push_back(&call);
    else if (is_valid(call) && is_repeated(call))
      repeated_.push_back(&call);
  }
}

void Stories::tell(const HostCall& call) {
  Story& story = stories_.emplace_back();
  story.call = &call;
  story.request = call.request;
  for (const Call* completion : call.completions)
    if (is_candidate(*completion)) story.candidates.push_back(completion);
  settle(story);
}

namespace {

// The first completion of it that nothing is wrong with was refused, though its context lives.
const Call* turned_away(const HostCall& call) {
  for (const Call* completion : call.completions) {
    if (!is_completion(*completion) || !is_valid(*completion)) continue;
    return is_refused(*completion) && live_during(*completion) ? completion : nullptr;
  }
  return nullptr;
}

void prove(Story& story, std::vector<Stamp> more) {
  story.proof = {story.call->callback->entered};
  for (const Call* candidate : story.candidates) {
    story.proof.push_back(candidate->entered);
    if (candidate->finished()) story.proof.push_back(candidate->returned);
  }
  story.proof.insert(story.proof.end(), more.begin(), more.end());
  std::ranges::sort(story.proof);
}

}  // namespace

void Stories::settle(Story& story) const {
  const Request& request = *story.request;
  const Context& context = *story.call->context;
  if (!request.accepted()) return;
  const Callback* reply = request.reply();
  if (reply && undisturbed(request)) return compare(story, *reply);
  for (const Call* candidate : story.candidates) {
    if (!candidate->finished() || !fell_silent(trace_, context, candidate->returned, reply ? reply->entered : never))
      continue;
    story.fate = Fate::lost;
    story.seen = "no answer, and nothing moved any more";
    return prove(story, {});
  }
  const Call* refused = story.candidates.empty() ? turned_away(*story.call) : nullptr;
  if (!refused || crowded(request)) return;
  story.fate = Fate::wrong;
  story.seen = "the completion was refused with " + std::to_string(refused->result);
  prove(story, {refused->entered, refused->returned});
}

namespace {

// The reply is not what this completion brings: how it differs. Empty: it is, as far as can be told.
std::string difference(const Callback& reply, const Call& completion) {
  const auto words = [&] { return "RET_ERR \"" + std::string(reply.text().substr(0, 60)) + '"'; };
  if (completion.code == ret_ok) {
    if (reply.code != ret_ok) return words();
    if (!completion.brings_reply || !reply.value || reply.native) return {};  // not known; that it is no item is PAY-5's; NAT-4's
    return mismatch(*completion.brings_reply, *reply.value).value_or("");
  }
  if (reply.code != ret_err) return reply.code == ret_ok ? "RET_OK" : "code " + std::to_string(reply.code);
  const bool known = completion.brings_error && !completion.brings_error->empty();
  return known && !text_is(reply, *completion.brings_error) ? words() : std::string();
}

}  // namespace

void Stories::compare(Story& story, const Callback& reply) const {
  if (const std::size_t answers = story.request->terminal_callbacks().size(); answers > 1 && story.candidates.size() > 1) {
    story.fate = Fate::wrong;
    story.both_counted = true;
    story.seen = std::to_string(answers) + " answers";
    return prove(story, stamps(story.request->terminal_callbacks()));
  }
  const auto in_time = [&](const Call* completion) { return completion->entered < reply.entered; };
  // A refused one must not count; that it did is seen from what the request is answered with.
  if (std::ranges::none_of(story.candidates, in_time)) {
    story.fate = Fate::early;
    story.seen = reply.code == ret_ok ? "RET_OK before that"
                                      : "RET_ERR before that: \"" + std::string(reply.text().substr(0, 60)) + '"';
    return prove(story, {reply.entered});
  }
  std::string seen;
  for (const Call* candidate : story.candidates) {
    if (!in_time(candidate)) continue;
    if (candidate->payload.size() > largest_certain_payload || candidate->payload.size() != candidate->size) return;
    const std::string differs = difference(reply, *candidate);
    if (differs.empty()) {
      story.fate = Fate::right;
      return;
    }
    seen = differs;
  }
  story.fate = Fate::wrong;
  story.seen = seen;
  prove(story, {reply.entered});
}

void Stories::note_company(Story& story) const {
  const Callback* reply = story.request->reply();
  const Stamp until = reply ? reply->entered : never;
  const HostCall& call = *story.call;
  for (const Call* candidate : story.candidates) {
    if (candidate->entered > until) continue;
    story.answered_inline |= is_inline(*candidate);
    story.failed |= candidate->code == ret_err;
    story.odd_code |= candidate->code != ret_ok && candidate->code != ret_err;
    story.empty |= candidate->payload.empty();
  }
  story.raced = std::ranges::count_if(story.candidates, [&](const Call* c) { return c->entered < until; }) > 1;
  story.refused_before = std::ranges::any_of(call.completions, [&](const Call* c) {
    return c->entered < until && is_completion(*c) && (!is_valid(*c) || is_refused(*c));
  });
  story.replaced = std::ranges::any_of(call.context->host_functions, [&](const HostFunction* fn) {
    return fn->function == call.function->function && fn->call->entered > call.callback->entered &&
           fn->call->entered < until;
  });
  const auto overtaken = overtaken_.find(call.context);
  story.out_of_order = overtaken != overtaken_.end() && overtaken->second < until;
  story.beside_repeated =
      std::ranges::any_of(repeated_, [&](const Call* c) { return c->context == call.context && c->entered < until; });
  story.beside_unknown = std::ranges::any_of(unknown_, [&](const Call* c) { return c->entered < until; });
  story.beside_stale = std::ranges::any_of(stale_, [&](const Call* c) { return c->entered < until; });
}

// A completion that is none of the candidates, and whose text is in the answer.
void Stories::find_source(Story& story) const {
  const Callback* reply = story.request->reply();
  if (!reply || story.fate == Fate::lost) return;
  for (const Call& call : trace_.calls) {
    if (call.export_ != Export::host_complete || call.entered > reply->entered ||
        call.payload.size() < identifiable_size)
      continue;
    if (std::ranges::find(story.candidates, &call) != story.candidates.end()) continue;
    const std::string_view text(reinterpret_cast<const char*>(call.payload.data()), call.payload.size());
    if (reply->text().find(text) == std::string_view::npos) continue;
    story.source = &call;
    return;
  }
}

namespace {

// When the first candidate for completing it entered.
Stamp completed(const HostCall& call) {
  Stamp first = never;
  for (const Call* completion : call.completions)
    if (is_candidate(*completion)) first = std::min(first, completion->entered);
  return first;
}

}  // namespace

// The stamp at which a call of each context was first completed before an older one that was pending.
void Stories::note_order() {
  for (const Context& context : trace_.contexts) {
    Stamp pending_until = 0;  // the longest that an older one was pending for certain
    for (const HostCall* call : context.host_calls) {
      const Stamp begun = completed(*call);
      if (begun < pending_until) {
        const auto [first, fresh] = overtaken_.try_emplace(&context, begun);
        first->second = std::min(first->second, begun);
      }
      const Callback* reply = call->request ? call->request->reply() : nullptr;
      pending_until = std::max(pending_until, std::min(begun, reply ? reply->entered : never));
    }
  }
}

}  // namespace ffi_cts::rules
