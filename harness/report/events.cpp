#include "harness/report/events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/program/text.hpp"
#include "harness/report/layout.hpp"

namespace ffi_cts {
namespace {

constexpr std::size_t most_events = 8, last_events = 4;

std::string code_word(std::int64_t code) {
  constexpr const char* words[] = {"RET_OK", "RET_ERR", "RET_MISSING_CALLBACK", "RET_STALE_WARN"};
  return code >= 0 && code <= 3 ? words[code] : fmt::format("{}", code);
}

std::string quoted(std::string_view text) {
  return '"' + printable(shortened(text, 40)) + '"';
}

std::string request_words(const Call& call) {
  if (!call.request) return "request";
  std::string out = "request " + call.request->name;
  if (call.request->role) out += fmt::format(" ({})", to_string(*call.request->role));
  return out;
}

std::string remove_words(const Call& call) {
  return call.listener ? "remove " + call.listener->name : fmt::format("remove id {}", call.id);
}

std::string register_words(const Call& call) {
  if (!call.host_function) return "register";
  return call.host_function->unregisters ? "unregister " + quoted(call.host_function->function)
                                         : "register " + call.host_function->name;
}

std::string plain_words(const Call& call) {
  switch (call.export_) {
    case Export::create:
      return call.context ? "create " + call.context->name : "create";
    case Export::request:
      return request_words(call);
    case Export::destroy:
      return call.context ? "destroy " + call.context->name : "destroy";
    case Export::add_listener:
      return call.listener ? "listen " + call.listener->name : "listen";
    case Export::remove_listener:
      return remove_words(call);
    case Export::register_host_fn:
      return register_words(call);
    case Export::host_complete:
      return call.host_call ? "complete " + call.host_call->name : fmt::format("complete call {}", call.id);
    case Export::none:
      break;
  }
  return "call";
}

std::string returned_words(const Call& call) {
  switch (call.export_) {
    case Export::create:
      return call.result ? "a handle" : "NULL";
    case Export::add_listener:
      return fmt::format("id {}", static_cast<std::uint64_t>(call.result));
    case Export::remove_listener:
    case Export::register_host_fn:
      return fmt::format("{}", call.result);
    default:
      return code_word(call.result);
  }
}

std::string owner_words(const Callback& callback) {
  if (callback.request) return callback.request->name + "'s callback";
  if (callback.listener) return callback.listener->name;
  if (callback.host_function) return callback.host_function->name;
  if (callback.constructed) return callback.constructed->name + "'s constructor callback";
  return "a callback of an earlier program";
}

std::string delivered_words(const Callback& callback) {
  if (callback.host_function) return fmt::format("call {}", callback.call_id);
  if (callback.code == ret_err) return "RET_ERR " + quoted(callback.text());
  if (callback.listener && callback.value) {
    const Value* type = callback.value->find("eventType");
    if (type && type->text()) return quoted(*type->text());
  }
  return fmt::format("{}, {}", code_word(callback.code), counted(callback.size, "byte"));
}

// Calls f(stamp, words) for each event; words() makes its line.
template <typename F>
void each_event(const Trace& trace, F f) {
  auto visit = [&](Stamp stamp, std::uint32_t thread, auto what) {
    if (stamp != never) f(stamp, [&, stamp] { return fmt::format("#{} {}  {}", stamp, thread_name(trace, thread), what()); });
  };
  for (const Call& call : trace.calls) {
    visit(call.entered, call.thread, [&] { return in_words(call) + " enters"; });
    visit(call.returned, call.thread, [&] { return fmt::format("{} returns {}", in_words(call), returned_words(call)); });
  }
  for (const Callback& callback : trace.callbacks) {
    visit(callback.entered, callback.thread, [&] { return fmt::format("{} enters {}", owner_words(callback), delivered_words(callback)); });
    visit(callback.left, callback.thread, [&] { return owner_words(callback) + " leaves"; });
  }
  for (const Wait& wait : trace.waits)
    if (wait.over != never)
      f(wait.over, [&] {
        return fmt::format("#{} step {}  the wait is {}", wait.over, wait.step, wait.given_up || wait.starved ? "given up" : "over");
      });
}

std::set<Stamp> chosen_stamps(const Trace& trace, const Verdict& verdict) {
  std::set<Stamp> all, chosen;
  each_event(trace, [&](Stamp stamp, auto&&) { all.insert(stamp); });
  for (Stamp stamp : verdict.proof)
    if (all.contains(stamp)) chosen.insert(stamp);
  if (chosen.empty() || (!trace.completed() && chosen.size() < last_events)) {
    std::size_t room = chosen.empty() ? most_events : last_events;
    for (auto stamp = all.rbegin(); stamp != all.rend() && room > 0; ++stamp, --room) chosen.insert(*stamp);
  }
  return chosen;
}

}  // namespace

std::string thread_name(const Trace& trace, std::uint32_t thread) {
  if (thread < max_threads) return std::string(1, static_cast<char>('A' + thread));
  auto another = [&](const auto& crossing) { return crossing.thread >= max_threads && crossing.thread != thread; };
  bool alone = std::none_of(trace.callbacks.begin(), trace.callbacks.end(), another) &&
               std::none_of(trace.calls.begin(), trace.calls.end(), another);
  return alone ? "loop" : fmt::format("loop {}", thread - max_threads + 1);
}

std::string in_words(const Call& call) {
  std::string out = plain_words(call);
  if (call.handle_kind != HandleKind::own) out += fmt::format(" {}", to_string(call.handle_kind));
  if (call.misuse != Misuse::none) out += fmt::format(" {}", to_string(call.misuse));
  return out;
}

std::vector<std::string> proving_events(const Trace& trace, const Verdict& verdict) {
  const std::set<Stamp> chosen = chosen_stamps(trace, verdict);
  std::map<Stamp, std::string> lines;
  each_event(trace, [&](Stamp stamp, auto&& words) {
    if (chosen.contains(stamp)) lines[stamp] = words();
  });
  std::vector<std::string> out;
  for (auto& [stamp, line] : lines) out.push_back(std::move(line));
  if (out.size() > most_events) {
    // How it began and how it ended.
    std::string gap = fmt::format("… {} more", out.size() - most_events);
    auto first = out.begin() + most_events / 2;
    out.erase(first, first + static_cast<std::ptrdiff_t>(out.size() - most_events));
    out.insert(out.begin() + most_events / 2, gap);
  }
  if (!trace.completed()) out.push_back("(end of trace)");
  return out;
}

}  // namespace ffi_cts
