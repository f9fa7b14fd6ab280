#include <rapidcheck/Seq.h>
#include <rapidcheck/seq/Operations.h>
#include <rapidcheck/seq/Transform.h>
#include <rapidcheck/shrink/Shrink.h>

#include <functional>

#include "harness/generate/generate.hpp"

namespace ffi_cts {
namespace {

using Change = std::function<bool(Step&)>;  // false: nothing to make simpler here

// Applies a change to the step of that preorder number. False: the change had nothing to do.
bool change_step(std::vector<Step>& steps, int id, const Change& change) {
  for (Step& step : steps) {
    if (step.id == id) return change(step);
    if (change_step(step.body, id, change)) return true;
  }
  return false;
}

bool remove_step(std::vector<Step>& steps, int id) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].id == id) return steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(i)), true;
    if (remove_step(steps[i].body, id)) return true;
  }
  return false;
}

// What a callback does, done by the host thread in place of the step whose callback it was.
bool do_outside(std::vector<Step>& steps, std::size_t at) {
  if (at >= steps.size() || steps[at].body.empty()) return false;
  std::vector<Step> body = std::move(steps[at].body);
  for (Step& step : body) step.thread = steps[at].thread;
  auto place = steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(at));
  steps.insert(place, std::make_move_iterator(body.begin()), std::make_move_iterator(body.end()));
  return true;
}

// Of repeated requests one, as often as all of them together: what many bring about, fewer may not.
bool as_often(std::vector<Step>& steps, std::size_t at) {
  if (at >= steps.size() || steps[at].verb != Verb::request || steps[at].repeat <= 1) return false;
  Step* const kept = &steps[at];
  for (const Step& step : steps)
    if (step.verb == Verb::request && &step != kept) kept->repeat += step.repeat;
  std::erase_if(steps, [&](const Step& step) { return step.verb == Verb::request && &step != kept; });
  return true;
}

template <typename T>
bool lower(T& value, T least) {
  if (value == least) return false;
  value = least;
  return true;
}
template <typename T>
bool halve(T& value, T least) {
  if (value <= least) return false;
  value = static_cast<T>(least + (value - least) / 2);
  return true;
}

const std::vector<Change>& changes() {
  static const std::vector<Change> all = {
      [](Step& s) {  // a listener that removes itself is simpler than one that removes a neighbour
        bool changed = false;
        for (Step& nested : s.body)
          if (s.verb == Verb::listen && nested.verb == Verb::remove && nested.object) changed = lower(nested.object, s.defines) || changed;
        return changed;
      },
      [](Step& s) { return s.body.empty() ? false : (s.body.clear(), true); },
      [](Step& s) { return s.verb == Verb::wait ? lower(s.object, Ref{ObjectKind::all, 0}) : false; },
      [](Step& s) { return lower(s.repeat, 1u); },
      [](Step& s) { return lower(s.count, 1u); },
      [](Step& s) { return lower(s.payload.size, 0u); },
      [](Step& s) { return lower(s.payload.size, std::min(s.payload.size, 12u)); },
      [](Step& s) { return lower(s.linger_us, 0u); },
      [](Step& s) { return lower(s.ms, 0u); },
      [](Step& s) { return lower(s.misuse, Misuse::none); },
      [](Step& s) { return s.native ? s.native.reset(), true : false; },
      [](Step& s) { return s.native ? lower(*s.native, NativeForm::plain) : false; },
      [](Step& s) { return s.misuse == Misuse::near_miss ? lower(s.misuse, Misuse::item) : false; },
      [](Step& s) {  // a role's own proc is simpler than one by its number
        if (!s.proc || drawn(s.misuse)) return false;
        s.proc.reset();
        s.role = RoleName::echo;
        return true;
      },
      [](Step& s) { return s.context > 1 ? lower(s.context, 1) : false; },
      [](Step& s) { return s.verb == Verb::create ? lower(s.role, RoleName::create) : false; },
      [](Step& s) { return s.verb == Verb::request && !s.proc ? lower(s.role, RoleName::echo) : false; },
      [](Step& s) { return s.verb == Verb::listen ? lower(s.name, NameKind::event) || lower(s.role, RoleName::emit) : false; },
      [](Step& s) {  // a call that there is not needs no function
        if (s.verb != Verb::complete || !s.object) return false;
        s.index = 0;
        return lower(s.object, Ref{});
      },
      [](Step& s) { return s.verb == Verb::complete ? lower(s.code, 0) || (s.object && lower(s.index, 0u)) : lower(s.name, NameKind::event); },
      [](Step& s) { return lower(s.same_function, false); },
      [](Step& s) { return halve(s.repeat, 1u); },
      [](Step& s) { return halve(s.count, 1u); },
      [](Step& s) { return halve(s.payload.size, 0u); },
      [](Step& s) { return s.payload.size > (drawn(s.misuse) ? 0u : 12u) ? --s.payload.size, true : false; },
      [](Step& s) { return s.repeat > 1 ? --s.repeat, true : false; },
      [](Step& s) { return lower(s.payload.seed, 0u); },
      [](Step& s) { return drawn(s.misuse) ? halve(s.payload.seed, 0u) : false; },
      [](Step& s) { return s.verb == Verb::reg || s.verb == Verb::unregister ? lower(s.index, 0u) : false; },
      [](Step& s) { return s.handle > HandleKind::other ? lower(s.handle, HandleKind::null) : false; },
  };
  return all;
}

rc::Seq<Program> changed(const Program& program, std::function<bool(Program&)> change) {
  Program candidate = program;
  if (!change(candidate)) return {};
  normalize(candidate);
  if (candidate == program) return {};
  return rc::seq::just(std::move(candidate));
}

// One candidate for each of `count` numbers, made only when it is asked for.
rc::Seq<Program> each(int count, std::function<rc::Seq<Program>(int)> make) {
  return rc::seq::join(rc::seq::map(rc::seq::range(0, count), std::move(make)));
}

}  // namespace

rc::Seq<Program> simpler(const Program& program) {
  int steps = count_steps(program);
  auto chunks = rc::seq::map(rc::shrink::removeChunks(program.steps), [program](std::vector<Step> fewer) {
    Program candidate = program;
    candidate.steps = std::move(fewer);
    normalize(candidate);
    return candidate;
  });
  auto plain = each(8, [program](int which) {
    return changed(program, [which](Program& p) {
      if (which == 0) return lower(p.signal_storm, false);
      if (which == 1) return lower(p.fresh_threads, false);
      if (which == 2) return lower(p.fresh_process, false);
      if (which == 3) return lower(p.rounds, 1u);
      if (which == 4) return halve(p.rounds, 1u);
      if (which == 6) return lower(p.schedule, 0u);
      if (which == 5) return lower(p.many_descriptors, false);
      for (Step& step : p.steps) step.thread = 0;
      return true;
    });
  });
  auto without = each(steps, [program, steps](int i) { return changed(program, [id = steps - i](Program& p) { return remove_step(p.steps, id); }); });
  auto outside = each(static_cast<int>(program.steps.size()), [program](int i) {
    return changed(program, [i](Program& p) { return do_outside(p.steps, static_cast<std::size_t>(i)); });
  });
  auto of_one_kind = each(program.rounds > 1 ? static_cast<int>(program.steps.size()) : 0, [program](int i) {
    return changed(program, [i](Program& p) { return as_often(p.steps, static_cast<std::size_t>(i)); });
  });
  int kinds = static_cast<int>(changes().size());
  auto smaller = each(steps * kinds, [program, steps](int i) {
    return changed(program, [i, steps](Program& p) {
      return change_step(p.steps, i % steps + 1, changes()[static_cast<std::size_t>(i / steps)]);
    });
  });
  auto onto_a = each(steps, [program](int i) {
    return changed(program, [i](Program& p) { return change_step(p.steps, i + 1, [](Step& s) { return lower(s.thread, std::uint8_t{0}); }); });
  });
  return rc::seq::concat(std::move(of_one_kind), std::move(chunks), std::move(plain), std::move(without), std::move(outside), std::move(smaller), std::move(onto_a));
}

}  // namespace ffi_cts
