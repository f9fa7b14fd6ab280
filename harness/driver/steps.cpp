// What each step does: one function per verb.
#include <pthread.h>

#include "harness/driver/steps.hpp"
#include "harness/driver/submission.hpp"
#include "harness/program/payload.hpp"

namespace ffi_cts {
namespace {

FFICallBack callback_of(const Trampolines::Handed& handed) { return reinterpret_cast<FFICallBack>(handed.function); }

}  // namespace

void Driver::execute(const Step& step, Where where) {
  for (std::uint32_t k = 0; k < step.repeat; ++k) {
    once(step, k, where);
    if (!where.in_callback) waits_.step_done();
  }
}

void Driver::once(const Step& step, std::uint32_t k, Where where) {
  switch (step.verb) {
    case Verb::create: return create(step, where);
    case Verb::request: return request(step, k, where);
    case Verb::listen: return listen(step, k, where);
    case Verb::remove: return remove(step, k, where);
    case Verb::reg:
    case Verb::unregister: return register_host_fn(step, k, where);
    case Verb::complete: return complete(step, k, where);
    case Verb::destroy: return destroy(step, k, where);
    case Verb::wait: return wait(step, where);
    case Verb::park:
    case Verb::hold: return park(step, where);
    case Verb::again: return again(step, where);
  }
}

void Driver::skip(const Step& step, Where where) {
  recorder_.add(RecordKind::skipped, where.thread, [&](Record& r) { r.step = step.id; });
}

void Driver::create(const Step& step, Where where) {
  if (!interface_.role(step.role) || !exports_.has(step)) return skip(step, where);
  int instance = objects_.contexts.take();
  if (instance < 0) return skip(step, where);
  define(step, instance);
  ContextState& state = objects_.contexts[instance];
  state.step = &step;
  state.constructed = step.misuse == Misuse::null_callback;  // nobody waits for what cannot come
  if (drawn(step.misuse)) state.patience_ns = some_patience();
  if (where.thread < max_threads && fresh_tids_[where.thread] == 0) state.creator = static_cast<int>(where.thread) + 1;
  const Submission submission(lent_, exports_, step, arguments_of(interface_, step, instance, {}));
  auto handed = trampolines_.hand_out(Entry::constructor, &step, instance, -1);
  note_memory(step);
  InsideCall inside(*this, where);
  bool noted = note_create_;
  if (noted) note_create_ = false;
  if (noted) noted_.creating.emplace().settings = settings_now();
  std::uint64_t stamp = call_entered(where, [&](Record& r) {
    r.export_ = Export::create;
    r.step = step.id;
    r.context = instance;
    r.user_data = bits(handed.user_data);
    submission.note(r);
  });
  recorder_.keep(stamp, submission.kept().data(), submission.kept().size());
  void* handle = submission.create(step.misuse == Misuse::null_callback ? nullptr : callback_of(handed), handed.user_data);
  call_returned(where, [&](Record& r) {
    r.export_ = Export::create;
    r.step = step.id;
    r.partner = stamp;
    r.result = static_cast<std::int64_t>(bits(handle));
  });
  if (noted) noted_.created.emplace().settings = settings_now();
  state.handle = handle;
  state.returned = true;
  waits_.notify();
}

void Driver::request(const Step& step, std::uint32_t k, Where where) {
  if (!called_proc(interface_, step)) return skip(step, where);
  Target to = target(step, k, where);
  int instance = to.ok && exports_.has(step) ? objects_.requests.take() : -1;
  if (instance < 0) return skip(step, where);
  define(step, instance);
  RequestState& state = objects_.requests[instance];
  state.context = to.context;
  state.answered = step.misuse == Misuse::null_callback;  // nobody waits for what cannot come
  if (step.proc || drawn(step.misuse)) state.patience_ns = some_patience();
  const Submission submission(lent_, exports_, step, arguments_of(interface_, step, instance, ctor_value(to.context)));
  auto handed = trampolines_.hand_out(Entry::terminal, &step, to.context, instance);
  FFICallBack function = step.misuse == Misuse::null_callback ? nullptr : callback_of(handed);
  note_memory(step);
  InsideCall inside(*this, where);
  std::uint64_t stamp = call_entered(where, [&](Record& r) {
    r.export_ = Export::request;
    r.step = step.id;
    r.context = to.context;
    r.object = instance;
    r.handle = bits(to.handle);
    r.user_data = bits(handed.user_data);
    submission.note(r);
  });
  recorder_.keep(stamp, submission.kept().data(), submission.kept().size());
  const int result = submission.submit(to.handle, function, handed.user_data);
  call_returned(where, [&](Record& r) {
    r.export_ = Export::request;
    r.step = step.id;
    r.partner = stamp;
    r.result = result;
  });
  state.refused = result != 0;
  state.returned = true;
  waits_.notify();
}

void Driver::listen(const Step& step, std::uint32_t k, Where where) {
  Target to = target(step, k, where);
  int instance = to.ok && library_.add_event_listener ? objects_.listeners.take() : -1;
  if (instance < 0) return skip(step, where);
  define(step, instance);
  ListenerState& state = objects_.listeners[instance];
  state.context = to.context;
  auto name = event_name(interface_, step);
  // The function of the context's latest other listener, when the program asks for that.
  int neighbour = -1;
  for (int i = instance - 1; step.same_function && i >= 0 && neighbour < 0; --i)
    if (objects_.listeners[i].context == to.context) neighbour = objects_.listeners[i].trampoline;
  auto handed = neighbour >= 0 ? trampolines_.hand_out_again(neighbour, Entry::listener, &step, to.context, instance)
                               : trampolines_.hand_out(Entry::listener, &step, to.context, instance);
  state.trampoline = handed.number;
  std::optional<Lent::Loan> lent;
  if (name) lent.emplace(lent_, name->c_str(), name->size() + 1, true);
  InsideCall inside(*this, where);
  std::uint64_t stamp = call_entered(where, [&](Record& r) {
    r.export_ = Export::add_listener;
    r.step = step.id;
    r.context = to.context;
    r.object = instance;
    r.handle = bits(to.handle);
    if (lent) note_bytes(r, {reinterpret_cast<const std::uint8_t*>(lent->data()), name->size() + 1}, *lent);
    r.user_data = bits(handed.user_data);
    if (handed.shared) r.first |= shared_function;
  });
  FFICallBack function = step.misuse == Misuse::null_callback ? nullptr : callback_of(handed);
  std::uint64_t id = inside_library([&] { return library_.add_event_listener(to.handle, lent ? lent->data() : nullptr, function, handed.user_data); });
  call_returned(where, [&](Record& r) {
    r.export_ = Export::add_listener;
    r.step = step.id;
    r.partner = stamp;
    r.result = static_cast<std::int64_t>(id);
  });
  state.id = id;
  state.returned = true;
  waits_.notify();
}

void Driver::remove(const Step& step, std::uint32_t k, Where where) {
  int listener = step.object ? instance(step.object, k, where) : -1;
  Target to = target(step, k, where);
  if (!to.ok || !library_.remove_event_listener || (step.object && listener < 0)) return skip(step, where);
  std::uint64_t id = listener >= 0 ? static_cast<std::uint64_t>(objects_.listeners[listener].id) : step.index;
  pending(where, where.in_callback ? -1 : to.context, false, nullptr, [&] {
    InsideCall inside(*this, where);
    std::uint64_t stamp = call_entered(where, [&](Record& r) {
      r.export_ = Export::remove_listener;
      r.step = step.id;
      r.context = to.context;
      r.object = listener;
      r.handle = bits(to.handle);
      r.id = id;
    });
    int result = inside_library([&] { return library_.remove_event_listener(to.handle, id); });
    call_returned(where, [&](Record& r) {
      r.export_ = Export::remove_listener;
      r.step = step.id;
      r.partner = stamp;
      r.result = result;
    });
  });
  waits_.notify();
}

// The request whose callback this is, once more. One that failed would fail again, inline and deeper each time.
// With a slow library the chain is a shorter one.
void Driver::again(const Step& step, Where where) {
  constexpr std::uint64_t longest_ns = 3'000'000'000;
  Definition* made = where.owner ? definition(where.owner->defines) : nullptr;
  if (!made || made->count >= step.count || where.failed || now_ns() - round_begun_ns_ > longest_ns) return skip(step, where);
  request(*where.owner, 0, where);
}

void Driver::destroy(const Step& step, std::uint32_t k, Where where) {
  Target to = target(step, k, where);
  if (!to.ok) return skip(step, where);
  destroy_context(to.context, to.handle, step.id, where);
}

int Driver::destroy_context(int context, void* handle, int step, Where where) {
  // Inside a callback of its own context destroy is refused at once: nothing may wait for that loop.
  bool own = where.in_callback && where.context == context;
  int result = 0;
  pending(where, own ? -1 : context, true, nullptr, [&] {
    InsideCall inside(*this, where);
    std::uint64_t stamp = call_entered(where, [&](Record& r) {
      r.export_ = Export::destroy;
      r.step = step;
      r.context = context;
      r.handle = bits(handle);
    });
    result = inside_library([&] { return library_.destroy(handle); });
    call_returned(where, [&](Record& r) {
      r.export_ = Export::destroy;
      r.step = step;
      r.partner = stamp;
      r.result = result;
    });
  });
  if (context >= 0) {
    ContextState& state = objects_.contexts[context];
    if (result == RET_OK) state.destroyed = true;
    state.destroys_returned++;
  }
  waits_.notify();
  return result;
}

}  // namespace ffi_cts
