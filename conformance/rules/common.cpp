#include "conformance/rules/common.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <map>

namespace ffi_cts::rules {

// ---- Contexts

bool constructed_before(const Context& context, Stamp stamp) {
  const Callback* constructor = context.constructor();
  return constructor && constructor->code == ret_ok && constructor->entered < stamp;
}

bool failed_before(const Context& context, Stamp stamp) {
  const Callback* constructor = context.constructor();
  return constructor && constructor->code == ret_err && constructor->left < stamp;
}

bool live_during(const Call& call) {
  return call.handle_kind == HandleKind::own && call.context && call.context->handle != 0 && call.finished() &&
         constructed_before(*call.context, call.entered) && !destroy_begun_before(*call.context, call.returned);
}

std::size_t contexts_beside(const Trace& trace, const Context& context) {
  return static_cast<std::size_t>(
      std::count_if(trace.contexts.begin(), trace.contexts.end(), [&](const Context& other) {
        if (&other == &context || other.create->entered > context.create->returned) return false;
        if (other.refused() && other.create->returned < context.create->entered) return false;
        return !destroyed_before(other, *context.create);
      }));
}

const Context* starved(const Trace& trace, const std::function<bool(const Context&, const Call&)>& spent) {
  std::size_t most = 0;  // contexts beside which a create has succeeded
  for (const Context& context : trace.contexts) {
    const Call& create = *context.create;
    if (!create.finished() || create.inside || create.misuse != Misuse::none || context.role == RoleName::create_fail)
      continue;
    const auto beside = contexts_beside(trace, context);
    const Callback* constructor = context.constructor();
    const bool failed = context.refused() || (constructor && constructor->code == ret_err &&
                                              !destroy_begun_before(context, constructor->entered));
    if (!failed) {
      // Those that surely lived beside it.
      const auto surely = std::count_if(trace.contexts.begin(), trace.contexts.end(), [&](const Context& other) {
        return &other != &context && other.create->returned < create.entered && other.handle != 0 &&
               !destroy_begun_before(other, create.returned);
      });
      if (constructor) most = std::max(most, static_cast<std::size_t>(surely));
      continue;
    }
    const bool room = beside <= most || (trace.contract.max_contexts &&
                                         beside < static_cast<std::size_t>(std::max(0, *trace.contract.max_contexts)));
    const bool after = std::any_of(trace.contexts.begin(), trace.contexts.end(),
                                   [&](const Context& earlier) { return spent(earlier, create); });
    if (room && after) return &context;
  }
  return nullptr;
}

// ---- Requests

bool well_formed(const Request& request) {
  return request.role && request.context && request.misuse == Misuse::none &&
         request.call->handle_kind == HandleKind::own && request.context->handle != 0;
}

bool promises_ok(const Request& request) {
  if (!well_formed(request) || payload_size(request) > largest_certain_payload) return false;
  switch (*request.role) {
    case RoleName::echo:
    case RoleName::delay:
    case RoleName::empty:
    case RoleName::block:
    case RoleName::progress:
      return true;
    default:
      return false;  // emit may report a loss (EVT-17), the others depend on the host or fail
  }
}

bool undisturbed(const Request& request) {
  const Callback* reply = request.reply();
  return reply && request.context && constructed_before(*request.context, reply->entered) &&
         !destroy_begun_before(*request.context, reply->entered);
}

namespace {

// Was `other` possibly in flight at some time between the two stamps?
bool in_flight(const Request& other, Stamp from, Stamp to) {
  if (other.call->entered > to) return false;
  if (other.refused()) return other.call->returned > from;
  const Callback* reply = other.reply();
  return !reply || reply->left > from || other.call->returned > from;
}

}  // namespace

bool alone(const Trace& trace, const Request& request) {
  const Stamp to = request.reply() ? request.reply()->entered : request.call->returned;
  return std::none_of(trace.requests.begin(), trace.requests.end(), [&](const Request& other) {
    return &other != &request && in_flight(other, request.call->entered, to);
  });
}

bool crowded(const Request& request) {
  if (!request.context) return false;
  constexpr std::ptrdiff_t many = 64;
  const auto& others = request.context->requests;
  return std::count_if(others.begin(), others.end(), [&](const Request* other) {
           return other != &request && in_flight(*other, request.call->entered, request.call->returned);
         }) >= many;
}

namespace {

std::size_t longest(const Value& value) {
  if (value.text()) return value.text()->size();
  if (value.bytes()) return value.bytes()->size();
  std::size_t most = 0;
  if (value.list())
    for (const Value& item : *value.list()) most = std::max(most, longest(item));
  if (value.map())
    for (const auto& [key, item] : *value.map()) most = std::max(most, longest(item));
  return most;
}

}  // namespace

std::size_t payload_size(const Request& request) {
  return request.expected_reply ? longest(*request.expected_reply) : request.call->payload.size();
}

Answer answer_of(const Trace& trace, const Request& request) {
  if (request.reply()) return Answer::given;
  if (request.context) return request.context->destroyed() ? Answer::lost : Answer::open;
  return request.call->handle_kind == HandleKind::own && trace.completed() ? Answer::lost : Answer::open;
}

bool fell_silent(const Trace& trace, const Context& context, Stamp after, Stamp before) {
  return std::ranges::any_of(trace.waits, [&](const Wait& wait) {
    if (!wait.given_up || wait.over < after || wait.over > before || destroy_begun_before(context, wait.over)) return false;
    return std::ranges::none_of(trace.callbacks, [&](const Callback& callback) {
      if (callback.context != &context || callback.entered > wait.over) return false;
      return callback.left > wait.over || (callback.left > wait.begun && callback.stalled);
    });
  });
}

bool lost_before_destroy(const Trace& trace, const Request& request) {
  if (!request.accepted() || request.reply() || request.misuse == Misuse::null_callback) return false;
  if (!request.context) return answer_of(trace, request) == Answer::lost;
  return fell_silent(trace, *request.context, request.call->returned);
}

bool text_is(const Callback& callback, std::string_view text) {
  return callback.size == text.size() && text.substr(0, callback.payload.size()) == callback.text();
}

std::vector<Stamp> stamps(const std::vector<Callback*>& callbacks) {
  std::vector<Stamp> out;
  for (const Callback* callback : callbacks) out.push_back(callback->entered);
  return out;
}

// ---- Crashes, hangs and exits

namespace {

// The host thread that got the signal, or -1: not known, or the library's.
int crashed_host_thread(const Trace& trace) {
  const Ending& ending = trace.ending;
  if (ending.kind == EndKind::crashed && ending.thread >= 0) return ending.thread < max_threads ? ending.thread : -1;
  if (ending.kind != EndKind::crashed || ending.stacks.empty() || ending.stacks.front().thread.size() != 1) return -1;
  const int thread = ending.stacks.front().thread[0] - 'A';
  return thread >= 0 && thread < max_threads ? thread : -1;
}

}  // namespace

std::string words_of(const Call& call) {
  const auto of_context = [&] { return call.context ? " of " + call.context->name : std::string(); };
  switch (call.export_) {
    case Export::create:
      return "create" + of_context();
    case Export::request:
      return "request " + (call.request ? call.request->name : "");
    case Export::destroy:
      return "destroy" + of_context();
    case Export::add_listener:
      return "add_event_listener" + of_context();
    case Export::remove_listener:
      return "remove_event_listener" + of_context();
    case Export::register_host_fn:
      return "register_host_fn" + of_context();
    case Export::host_complete:
      return "host_complete" + of_context();
    case Export::none:
      break;
  }
  return "a call";
}

std::string words_of_fault(const Trace& trace, const Call& lender) {
  const std::uint64_t at = std::max(trace.ending.fault_address, lender.pointer) - lender.pointer;
  return "byte " + std::to_string(at) + " of " + std::to_string(lender.size) + " was " +
         (trace.ending.fault_write ? "written to" : "read");
}

std::string words_of(const Ending& ending) {
  switch (ending.kind) {
    case EndKind::crashed: {
      const char* name = sigabbrev_np(ending.signal);
      return name ? "crashed (SIG" + std::string(name) + ")" : "crashed (signal " + std::to_string(ending.signal) + ")";
    }
    case EndKind::hung:
      return "hung";
    case EndKind::exited:
      if (ending.code == closed_its_host) return "lost the descriptors of its host, which the library closed,";
      return "exited with status " + std::to_string(ending.code);
    case EndKind::reported:
      return "was ended by " + (ending.report ? ending.report->tool : std::string("a sanitizer"));
    case EndKind::completed:
      break;
  }
  return "completed";
}

const Call* running_with(const Trace& trace, const std::function<bool(const Call&)>& fits) {
  if (trace.completed() || !trace.ending.uncaught.empty()) return nullptr;
  std::map<std::uint32_t, const Call*> innermost;
  for (const Call* call : trace.running_calls()) innermost[call->thread] = call;
  const int crashed = crashed_host_thread(trace);
  for (const auto& [thread, call] : innermost) {
    if (crashed >= 0 && thread != static_cast<std::uint32_t>(crashed)) continue;
    if (fits(*call)) return call;
  }
  return nullptr;
}

const Call* lender_of_fault(const Trace& trace) {
  if (trace.ending.kind != EndKind::crashed) return nullptr;
  // Vector instructions read from an aligned address on, which may lie before the bytes, on their page.
  constexpr std::uint64_t vector = 64;
  const std::uint64_t fault = trace.ending.fault_address;
  for (auto call = trace.calls.rbegin(); call != trace.calls.rend(); ++call) {
    const std::uint64_t from = call->guarded ? call->pointer / vector * vector : call->pointer;
    if (call->pointer && from <= fault && fault < call->pointer + call->size) return &*call;
  }
  return nullptr;
}

std::string how_it_ended(const Trace& trace, const Call* running) {
  if (!running) return "the process " + words_of(trace.ending) + " while no call was running";
  if (trace.ending.kind == EndKind::hung) return words_of(*running) + " did not return";
  return "the process " + words_of(trace.ending) + " during " + words_of(*running);
}

bool waited_for(const Call& call, const Callback& callback) {
  return callback.stalled && call.thread != callback.thread && call.entered < callback.stalled_at && call.finished() &&
         call.returned > callback.left;
}

Verdict ended_in(const Trace& trace, const Call& running, std::string expected) {
  return breach_by_ending(std::move(expected), how_it_ended(trace, &running), {running.entered});
}

// ---- The host's side

Stamp unlawful_from(const Trace& trace) {
  for (const Call& call : trace.calls) {
    const bool garbage = call.handle_kind != HandleKind::own && call.handle_kind != HandleKind::null;
    const bool stale = call.export_ != Export::create && call.handle_kind == HandleKind::own && call.context &&
                       destroyed_before(*call.context, call);
    if (garbage || stale) return call.entered;
  }
  return never;
}

Verdict lawful(const Trace& trace, Verdict verdict) {
  if (verdict.outcome != Outcome::breach) return verdict;
  const Stamp unlawful = unlawful_from(trace);
  if (unlawful == never) return verdict;
  const bool before = !verdict.owns_ending && std::all_of(verdict.proof.begin(), verdict.proof.end(),
                                                          [&](Stamp stamp) { return stamp < unlawful; });
  if (before && !verdict.proof.empty()) return verdict;
  return undecidable("the host had used a destroyed or wrong handle before");
}

}  // namespace ffi_cts::rules
