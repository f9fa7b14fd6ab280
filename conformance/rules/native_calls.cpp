// Chapter 4: native calls. What they deliver stands in the trace as it was read back, in CBOR; so most other judges need not know.
#include <algorithm>

#include "conformance/rules/growth.hpp"
#include "harness/interface/template.hpp"
#include "harness/program/payload.hpp"

namespace ffi_cts::rules {

namespace {

namespace rule = spec::rule;

bool lends(const Call& call) { return call.native && call.guarded && call.finished(); }

bool delivered(const Callback& callback) { return callback.native && (callback.value || !callback.fault.empty()); }

const Callback* answer(const Request& request) { return request.accepted() ? request.reply() : nullptr; }

}  // namespace

// NAT-1: all arguments are copied before the call returns.
Verdict arguments_are_copied(const Trace& trace) {
  if (const Call* lender = lender_of_fault(trace); lender && lender->native && lender->finished())
    return breach_by_ending("the arguments of a native call are copied before it returns",
                            words_of(*lender) + " had returned, and " + words_of_fault(trace, *lender), {lender->entered, lender->returned});
  return exercised_if(std::ranges::any_of(trace.calls, lends));
}

// NAT-2: a returned struct arrives with len equal to its sizeof, laid out as the header declares it.
Verdict structs_are_as_declared(const Trace& trace) {
  bool exercised = false;
  for (const Callback& callback : trace.callbacks) {
    if (!delivered(callback) || callback.constructed) continue;
    if (!callback.fault.empty()) return breach("a value of the declared type", callback.fault, {callback.entered});
    exercised |= !callback.value->text() && !callback.value->is_nil();
  }
  return exercised_if(exercised);
}

namespace {

// The callback of a native reply that was the last thing seen on the thread that crashed: the library's own code was next.
const Callback* left_before_the_crash(const Trace& trace) {
  if (trace.ending.kind != EndKind::crashed || !trace.ending.uncaught.empty()) return nullptr;
  const Callback* last = nullptr;
  for (const Callback& callback : trace.callbacks)
    if (static_cast<int>(callback.thread) == trace.ending.thread) last = &callback;
  if (!last || last->left == never || !last->native || last->within) return nullptr;
  // It may have gone on to another request by then.
  const auto went_on = [&](const Request& request) { return request.accepted() && !request.reply(); };
  if (std::ranges::any_of(trace.requests, went_on)) return nullptr;
  const bool called_since = std::ranges::any_of(trace.calls, [&](const Call& call) { return call.thread == last->thread && call.entered > last->left; });
  return called_since ? nullptr : last;
}

}  // namespace

// NAT-3: what was delivered is released once, after the callback returned.
Verdict results_are_released_once(const Trace& trace) {
  if (const Callback* last = left_before_the_crash(trace); last && last->request)
    return breach_by_ending("what a native reply held is released once, after its callback",
                            words_of(trace.ending) + " after the callback of " + last->request->name + " had returned", {last->entered, last->left});
  const auto native = [](const Request& request) { return request.call->native.has_value(); };
  if (Verdict grown = heap_stays_bounded(trace, native, "what a native reply held is released"); grown.outcome == Outcome::breach) return grown;
  return exercised_if(std::ranges::any_of(trace.callbacks, [](const Callback& c) { return c.native && c.request && c.value && c.left != never; }));
}

namespace {

// Both of them, with what only one variant can say left out: an absent optional may be null or no member at all.
Value without_nil(Value value) {
  if (auto* list = std::get_if<List>(&value.data))
    for (Value& item : *list) item = without_nil(std::move(item));
  if (auto* map = std::get_if<Map>(&value.data)) {
    std::erase_if(*map, [](const auto& member) { return member.second.is_nil(); });
    for (auto& [key, member] : *map) member = without_nil(std::move(member));
  }
  return value;
}

std::optional<std::string> difference(const Value& cbor, const Value& native) {
  const Value one = without_nil(cbor.text() ? cbor : with_c_texts(cbor)), other = without_nil(native);
  if (auto seen = mismatch(one, other)) return seen;
  return mismatch(other, one);
}

std::string in_words(const Callback& reply) {
  if (reply.code == ret_err) return "RET_ERR \"" + std::string(reply.text().substr(0, 60)) + "\"";
  return reply.value ? to_text(*reply.value) : "RET_OK";
}

// How the answer of a native request differs from what the interface file promises for both variants.
std::optional<std::string> broken_promise(const Trace& trace, const Request& request, const Callback& reply) {
  if (!request.expected_echo || !well_formed(request)) return std::nullopt;
  if (reply.code == ret_err && promises_ok(request) && undisturbed(request) && alone(trace, request)) return in_words(reply);
  return reply.value ? mismatch(*request.expected_echo, *reply.value) : std::nullopt;
}

// Requests of one context, one after the other and with the same arguments: CBOR, an even number of native ones, CBOR. When the two
// outer ones agree, and the native ones of each form, nothing but variant and form makes a difference.
struct Row {
  std::span<Request* const> requests;
  const Callback& answer_of(std::size_t i) const { return *answer(*requests[i]); }
  const Callback& cbor() const { return answer_of(0); }

  static bool same(const Callback& a, const Callback& b) {
    if (a.code != b.code) return false;
    return a.code == ret_ok ? a.value == b.value : a.text() == b.text();
  }
  bool agrees() const {
    if (!same(cbor(), answer_of(requests.size() - 1))) return false;
    for (std::size_t i = 1; i + 1 < requests.size(); ++i)
      for (std::size_t k = 1; k < i; ++k)
        if (requests[i]->call->native == requests[k]->call->native && !same(answer_of(i), answer_of(k))) return false;
    return true;
  }
  bool alike(std::size_t i) const {
    const Callback &one = cbor(), &other = answer_of(i);
    return one.code == other.code && (one.code != ret_ok || !one.value || !other.value || !difference(*one.value, *other.value));
  }
};

bool belongs(const Request& request, const Request& first) {
  const Callback* reply = answer(request);
  return request.proc == first.proc && request.misuse == first.misuse && request.call->handle_kind == HandleKind::own && reply && reply->whole &&
         reply->fault.empty() && std::ranges::equal(request.call->payload, first.call->payload);
}

// The row that begins there; empty: none does.
Row row_from(const Context& context, std::size_t begin) {
  const auto& all = context.requests;
  std::size_t end = begin;
  for (; end < all.size() && belongs(*all[end], *all[begin]); ++end) {
    if (end > begin && answer(*all[end - 1])->entered > all[end]->call->entered) return {};
    if (end > begin && !all[end]->call->native) break;
  }
  if (all[begin]->call->native || end >= all.size() || !belongs(*all[end], *all[begin]) || end - begin < 3 || (end - begin) % 2 == 0) return {};
  if (destroy_begun_before(context, answer(*all[end])->entered)) return {};
  return {std::span(all).subspan(begin, end - begin + 1)};
}

}  // namespace

// NAT-4, and of other forms of the same values NAT-5 and NAT-7: the answer of a native request is that of the CBOR variant.
template <bool (*of_rule)(NativeForm)>
Verdict answers_are_alike(const Trace& trace) {
  bool exercised = false;
  for (const Request& request : trace.requests) {
    const Callback* reply = request.call->native && of_rule(*request.call->native) ? answer(request) : nullptr;
    if (!reply || !request.expected_echo || !reply->fault.empty()) continue;
    exercised = true;
    if (const auto seen = broken_promise(trace, request, *reply))
      return breach("the answer of the CBOR variant to " + request.name, *seen, {request.call->entered, reply->entered});
  }
  std::string unclear;
  for (const Context& context : trace.contexts) {
    for (std::size_t begin = 0; begin < context.requests.size(); ++begin) {
      const Row row = row_from(context, begin);
      for (std::size_t i = 1; i + 1 < row.requests.size(); ++i) {
        if (!of_rule(*row.requests[i]->call->native)) continue;
        if (!row.agrees()) unclear = "the answers to " + row.requests[0]->proc + " differ from call to call";
        else if (!row.alike(i))
          return breach(in_words(row.cbor()) + ", as the CBOR variant answers", in_words(row.answer_of(i)), {row.cbor().entered, row.answer_of(i).entered});
        else exercised = true;
      }
    }
  }
  return exercised || unclear.empty() ? exercised_if(exercised) : undecidable(unclear);
}

namespace {

bool plain_or_absent(NativeForm form) { return form == NativeForm::plain || form == NativeForm::absents; }
bool nulls(NativeForm form) { return form == NativeForm::nulls; }
bool bools(NativeForm form) { return form == NativeForm::bools; }

}  // namespace

// NAT-5: a NULL text is the empty text, and a NULL list of length 0 the empty list.
Verdict null_is_empty(const Trace& trace) {
  const auto fits = [](const Call& call) { return call.native == NativeForm::nulls; };
  if (const Call* running = running_with(trace, fits)) return ended_in(trace, *running, "a NULL text is the empty text");
  return answers_are_alike<nulls>(trace);
}

// NAT-6: a returned text is len bytes, NULs among them.
Verdict texts_have_a_length(const Trace& trace) {
  bool exercised = false;
  for (const Request& request : trace.requests) {
    const Callback* reply = request.call->native ? answer(request) : nullptr;
    if (!reply || reply->code != ret_ok || !reply->value || !reply->value->text()) continue;
    const std::optional<Value>* expected = &request.expected_echo;
    if (request.host_calls.size() == 1 && request.host_calls[0]->completions.size() == 1) expected = &request.host_calls[0]->completions[0]->brings_reply;
    if (!*expected || !(*expected)->text() || (*expected)->text()->find('\0') == std::string::npos) continue;
    exercised = true;
    const std::string& due = *(*expected)->text();
    if (*reply->value->text() == std::string(due.c_str()))
      return breach("a text of " + std::to_string(due.size()) + " bytes, NULs among them",
                    "it ends at its first NUL, after " + std::to_string(reply->value->text()->size()), {request.call->entered, reply->entered});
  }
  return exercised_if(exercised);
}

// NAT-7: delivered structs are aligned, and a bool is true for every number but 0.
Verdict aligned_and_true(const Trace& trace) {
  bool exercised = false;
  for (const Callback& callback : trace.callbacks) {
    if (!delivered(callback)) continue;
    if (callback.misaligned) return breach("a value that lies as its type must", "it lies at an odd address", {callback.entered});
    exercised |= callback.value && !callback.value->text() && !callback.value->is_nil();
  }
  const Verdict alike = answers_are_alike<bools>(trace);
  if (alike.outcome == Outcome::breach || !exercised) return alike;
  return exercised_if(true);
}

std::span<const Judge> native_calls() {
  static const std::vector<Judge> judges = {
      {rule::NAT_1, lawfully_borrowed<arguments_are_copied>},
      {rule::NAT_2, lawfully<structs_are_as_declared>},
      {rule::NAT_3, lawfully<results_are_released_once>, {}, {rule::END_12, rule::PAY_9}},
      {rule::NAT_4, lawfully<answers_are_alike<plain_or_absent>>, {rule::REQ_8, rule::REQ_14, rule::REQ_19, rule::END_14, rule::REQ_21, rule::NAT_6}},
      {rule::NAT_5, lawfully<null_is_empty>, {rule::NAT_4}},
      {rule::NAT_6, lawfully<texts_have_a_length>},
      {rule::NAT_7, lawfully<aligned_and_true>, {rule::NAT_4}},
  };
  return judges;
}

}  // namespace ffi_cts::rules
