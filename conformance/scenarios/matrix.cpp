// The re-entrancy matrix.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "conformance/scenarios/cells.hpp"
#include "harness/engine/coverage.hpp"
#include "harness/program/text.hpp"

namespace ffi_cts::scenarios {
namespace {

enum class When { here, beside, closing };
constexpr std::array<When, 3> whens = {When::here, When::beside, When::closing};
constexpr std::array<std::string_view, 3> when_words = {"in it", "another thread", "during destroy"};
constexpr std::array<MadeIn, 5> kinds = {MadeIn::constructor, MadeIn::reply, MadeIn::progress, MadeIn::event, MadeIn::host_function};

struct Combination {
  CallKind call;
  MadeIn kind;
  bool same;  // the context that the callback is of, c1; otherwise c2
  When when;
};

// The call that the cell is about.
std::string call(const Combination& c) {
  const std::string_view context = c.same ? "c1" : "c2";
  // A constructor's own context can hold nothing yet, and a host function may answer the very call.
  const bool empty = c.same && c.kind == MadeIn::constructor;
  switch (c.call) {
    case CallKind::create: return "c9 = create text(4,9)";
    case CallKind::request: return fmt::format("r9 = request {} echo text(16,9)", context);
    case CallKind::listen: return fmt::format("l9 = listen {} event", context);
    case CallKind::remove: return empty ? "remove c1 id(4000000001)" : "remove l8";
    case CallKind::reg: return fmt::format("h9 = register {}", context);
    case CallKind::unregister: return fmt::format("unregister {}", context);
    case CallKind::complete:
      if (empty) return "complete c1 id(4000000001) ok";
      return c.same && c.kind == MadeIn::host_function ? "complete h1.0 ok text(16,9)" : "complete h8.0 ok text(16,9)";
    case CallKind::destroy: return fmt::format("destroy {}", context);
  }
  return {};
}

// What the call needs: a listener to remove, a host call to answer.
std::string needed(const Combination& c) {
  const std::string_view context = c.same ? "c1" : "c2";
  if (c.same && c.kind == MadeIn::constructor) return "";
  if (c.call == CallKind::remove) return fmt::format("A  l8 = listen {} other\n", context);
  if (c.call != CallKind::complete || (c.same && c.kind == MadeIn::host_function)) return "";
  return fmt::format("A  h8 = register {0}\nA  r8 = request {0} call_host text(16,8)\nA  wait h8\n", context);
}

// What makes the callback come, with what it does.
std::string trigger(MadeIn kind, const std::string& body) {
  switch (kind) {
    case MadeIn::constructor: return fmt::format("A  c1 = create text(4,1) {{ {} }}\n", body);
    case MadeIn::reply: return fmt::format("A  r1 = request c1 echo text(16,1) {{ {} }}\n", body);
    case MadeIn::progress: return fmt::format("A  r1 = request c1 progress text(16,1) {{ {} }}\n", body);
    case MadeIn::event: return fmt::format("A  l1 = listen c1 event {{ {} }}\nA  r1 = request c1 emit text(16,1)\n", body);
    case MadeIn::host_function: return fmt::format("A  h1 = register c1 {{ {} }}\nA  r1 = request c1 call_host text(16,1)\n", body);
    case MadeIn::no_callback: break;
  }
  return {};
}

// Until the callback runs. What tells of a progress callback is only the time that another request takes.
std::string until_it_runs(MadeIn kind, char thread) {
  switch (kind) {
    case MadeIn::constructor: return fmt::format("{}  wait c1\n", thread);
    case MadeIn::event: return fmt::format("{}  wait l1\n", thread);
    case MadeIn::host_function: return fmt::format("{}  wait h1\n", thread);
    case MadeIn::progress: return fmt::format("{0}  r7 = request c2 delay text(16,7) 5ms\n{0}  wait r7\n", thread);
    default: return fmt::format("{}  wait r1\n", thread);
  }
}

std::string text_of(const Combination& c) {
  const bool constructs = c.kind == MadeIn::constructor;
  std::string text = constructs ? "" : "A  c1 = create text(4,1)\nA  wait c1\n";
  text += "A  c2 = create text(4,2)\nA  wait c2\n" + needed(c);
  switch (c.when) {
    case When::here:
      return text + trigger(c.kind, call(c)) + until_it_runs(c.kind, 'A') + "A  wait all\n";
    case When::beside:
      return text + trigger(c.kind, "park") + until_it_runs(c.kind, 'B') + "B  " + call(c) + "\n";
    case When::closing:  // the park is over when the destroy begins; the destroy then has that long to get to the context
      return text + trigger(c.kind, "park 2000us; " + call(c)) + until_it_runs(c.kind, 'B') + "B  destroy c1\n";
  }
  return text;
}

bool destroy_under_way(const Context& context, const Call& call) {
  return std::any_of(context.destroys.begin(), context.destroys.end(),
                     [&](const Call* d) { return d != &call && !d->inside && d->entered < call.entered && call.entered < d->returned; });
}

bool came_about(const Trace& trace, const Combination& c, int step) {
  for (const Call& call : trace.calls) {
    if (call.step != step) continue;
    if (c.when != When::beside) {
      if (!call.inside || place_of(call.inside) != c.kind) continue;
      const Context* context = call.inside->context ? call.inside->context : call.inside->constructed;
      if (c.when == When::here || (context && destroy_under_way(*context, call))) return true;
      continue;
    }
    for (const Callback& callback : trace.callbacks)
      if (place_of(&callback) == c.kind && callback.entered < call.entered && call.entered < callback.left) return true;
  }
  return false;
}

Scenario scenario_of(const Combination& c) {
  // A create is of no context.
  const std::string which = c.call == CallKind::create ? "" : c.same ? "its own, " : "another, ";
  const std::string_view when = when_words[static_cast<std::size_t>(c.when)];
  Scenario out;
  out.name = fmt::format("matrix: {} in a callback ({}), {}{}", to_string(c.call), to_string(c.kind), which, when);
  out.program = parse_program(text_of(c));
  out.cell = {"re-entrancy", fmt::format("{}: {}", to_string(c.kind), to_string(c.call)),
              fmt::format("{}{}", c.same ? "" : "other: ", when),
              [c, step = id_of_step(out.program, call(c))](const Trace& trace) { return came_about(trace, c, step); }};
  return out;
}

}  // namespace

int id_of_step(const Program& program, const std::string& text) {
  for (int id = 1, count = count_steps(program); id <= count; ++id)
    if (const Step* step = find_step(program, id); step && to_text(*step) == text) return id;
  throw std::logic_error("no such step: " + text);
}

std::vector<Scenario> reentrancy_matrix() {
  std::vector<Scenario> out;
  for (MadeIn kind : kinds)
    for (std::size_t call = 0; call < call_kind_count; ++call)
      for (bool same : {true, false})
        for (When when : whens) {
          const Combination c{static_cast<CallKind>(call), kind, same, when};
          if (c.call == CallKind::create && !same) continue;
          out.push_back(scenario_of(c));
        }
  return out;
}

}  // namespace ffi_cts::scenarios
