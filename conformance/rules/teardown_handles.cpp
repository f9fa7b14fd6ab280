// Handles that name no context, and how many contexts there may be: END-4, END-5, END-6, END-7, END-13.
#include <algorithm>

#include "conformance/rules/hearing.hpp"

namespace ffi_cts::rules {
namespace {

bool took(const Call& call) {
  if (!call.finished() || call.export_ == Export::create) return false;
  return call.export_ == Export::add_listener ? call.result != 0 : call.result == 0;
}

std::string handle_text(const Call& call) {
  switch (call.handle_kind) {
    case HandleKind::own:
    case HandleKind::dead:
    case HandleKind::other:
      return call.context ? "the handle of " + call.context->name + ", destroyed before," : "a handle";
    case HandleKind::null:
      return "NULL";
    case HandleKind::small:
      return "3 for a handle";
    case HandleKind::odd:
      return "an odd address";
    case HandleKind::unmapped:
      return "an unmapped address";
    case HandleKind::zeros:
      return "a page of zeros";
    case HandleKind::noise:
      return "a page of noise";
  }
  return "a handle";
}

// Every call that `picks` names is refused and does no harm.
template <typename Picks>
Verdict refused_and_harmless(const Trace& trace, Picks picks) {
  const auto expected = [](const Call& call) { return handle_text(call) + " is refused"; };
  if (const Call* call = running_with(trace, picks)) return ended_in(trace, *call, expected(*call));
  bool exercised = false;
  for (const Call& call : trace.calls) {
    if (!picks(call) || !call.finished()) continue;
    exercised = true;
    if (took(call))
      return breach(expected(call), "it returned " + std::to_string(call.result), {call.entered, call.returned});
  }
  return exercised_if(exercised);
}

// The place of the context may have been given to another: a create was running or began after its destroy had begun.
bool place_taken(const Trace& trace, const Call& call) {
  const Call& destroy = *call.context->destroyed();
  return std::ranges::any_of(trace.contexts, [&](const Context& other) {
    return other.create->returned > destroy.entered && other.create->entered < call.returned;
  });
}

// With nothing lawful left to hit, a late completion may also be dropped (HST-12).
bool may_be_dropped(const Trace& trace, const Call& call) {
  return call.export_ == Export::host_complete && trace.completed();
}

}  // namespace

// END-4: destroying NULL is refused.
Verdict destroying_null_is_refused(const Trace& trace) {
  return refused_and_harmless(
      trace, [](const Call& call) { return call.export_ == Export::destroy && call.handle_kind == HandleKind::null; });
}

// END-5: a destroyed handle is refused by every export, a second destroy included.
Verdict destroyed_handle_is_refused(const Trace& trace) {
  return refused_and_harmless(trace, [&](const Call& call) {
    return call.export_ != Export::create && stale(call) && !place_taken(trace, call) && !may_be_dropped(trace, call);
  });
}

// END-6: also after its place was taken by a new context.
Verdict replaced_handle_is_refused(const Trace& trace) {
  return refused_and_harmless(trace, [&](const Call& call) {
    return call.export_ != Export::create && stale(call) && place_taken(trace, call) && !may_be_dropped(trace, call);
  });
}

// END-7: a handle that the library never gave out is refused by every export. (Destroying NULL: END-4.)
Verdict garbage_handle_is_refused(const Trace& trace) {
  return refused_and_harmless(trace, [](const Call& call) {
    const bool null_destroy = call.export_ == Export::destroy && call.handle_kind == HandleKind::null;
    return call.export_ != Export::create && call.handle_kind != HandleKind::own && !null_destroy;
  });
}

namespace {

// Contexts that surely took a place all the while this create ran.
std::size_t surely_beside(const Trace& trace, const Call& create) {
  return static_cast<std::size_t>(std::ranges::count_if(trace.contexts, [&](const Context& other) {
    return other.create->returned < create.entered && other.handle != 0 && other.role != RoleName::create_fail &&
           first_destroy(other) > create.returned;
  }));
}

bool refused_with_error(const Context& context) {
  return std::ranges::any_of(context.callbacks, [](const Callback* c) { return c->code == ret_err; });
}

}  // namespace

// END-13: at the limit of contexts create fails cleanly, and works again after a destroy.
Verdict context_limit_is_clean(const Trace& trace) {
  if (!trace.contract.max_contexts) return exercised_if(false);
  const auto limit = static_cast<std::size_t>(std::max(0, *trace.contract.max_contexts));
  const auto beyond = [&](const Call& call) {
    return call.export_ == Export::create && call.misuse == Misuse::none && surely_beside(trace, call) >= limit;
  };
  if (const Call* call = running_with(trace, beyond))
    return ended_in(trace, *call, "create beyond the limit is refused");
  bool reached = false;
  for (const Context& context : trace.contexts) {
    const Call& create = *context.create;
    if (!create.finished() || create.misuse != Misuse::none) continue;
    const std::vector<Stamp> proof = {create.entered, create.returned};
    if (beyond(create)) {
      reached = true;
      if (!context.refused())
        return breach("create beyond the limit of " + std::to_string(limit) + " is refused", "it returned a handle",
                      proof);
      if (!refused_with_error(context))
        return breach("the refused create calls back with RET_ERR", "it did not call back", proof);
    } else if (context.refused() && context.role != RoleName::create_fail && contexts_beside(trace, context) < limit) {
      const bool freed =
          std::ranges::any_of(trace.contexts, [&](const Context& c) { return destroyed_before(c, create); });
      if (freed && reached) return breach("create works again after a destroy", "it returned NULL", proof);
    }
  }
  return exercised_if(reached);
}

}  // namespace ffi_cts::rules
