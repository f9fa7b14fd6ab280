#include "harness/program/program.hpp"

#include <algorithm>
#include <map>

namespace ffi_cts {
namespace {

using Scope = std::map<std::pair<ObjectKind, int>, int /* its context */>;

class Normalizer {
 public:
  // `around`: the step whose callback does these; null: they are top-level ones.
  void run(std::vector<Step>& steps, const Step* around) {
    std::vector<Step> kept;
    kept.reserve(steps.size());
    for (Step& step : steps) {
      if (!resolve(step, around)) continue;
      step.id = ++last_id_;
      if (step.defines) scope_[{step.defines.kind, step.defines.number}] = step.defines.kind == ObjectKind::context ? step.defines.number : step.context;
      run(step.body, &step);
      kept.push_back(std::move(step));
    }
    steps = std::move(kept);
  }

 private:
  bool known(Ref ref) const { return scope_.contains({ref.kind, ref.number}); }
  bool known_context(int number) const { return known({ObjectKind::context, number}); }

  // The handle passed is either a context's that exists by then, or a wrong one (and then no context is meant).
  bool resolve_handle(Step& step) const {
    if (step.handle != HandleKind::own && step.handle != HandleKind::dead && step.handle != HandleKind::other) {
      step.context = 0;
      return true;
    }
    return known_context(step.context);
  }

  bool resolve(Step& step, const Step* around) const {
    if (step.defines && known(step.defines)) return false;
    switch (step.verb) {
      case Verb::create:
        return static_cast<bool>(step.defines);
      case Verb::request:
      case Verb::listen:
      case Verb::reg:
        return step.defines && resolve_handle(step);
      case Verb::unregister:
      case Verb::destroy:
        return resolve_handle(step);
      case Verb::remove:
      case Verb::complete:
        if (step.object) {
          ObjectKind due = step.verb == Verb::remove ? ObjectKind::listener : ObjectKind::host_function;
          if (step.object.kind != due || !known(step.object)) return false;
          step.context = scope_.at({step.object.kind, step.object.number});
        }
        return resolve_handle(step);
      case Verb::wait:
        return !around && (step.object.kind == ObjectKind::all || known(step.object));
      case Verb::park:
      case Verb::hold:
        return around;
      case Verb::again:
        return around && around->verb == Verb::request;
    }
    return false;
  }

  Scope scope_;
  int last_id_ = 0;
};

int count(const std::vector<Step>& steps) {
  int n = 0;
  for (const Step& step : steps) n += 1 + count(step.body);
  return n;
}

const Step* find(const std::vector<Step>& steps, int id) {
  for (const Step& step : steps) {
    if (step.id == id) return &step;
    if (const Step* found = find(step.body, id)) return found;
  }
  return nullptr;
}

}  // namespace

void normalize(Program& program) {
  program.rounds = std::clamp(program.rounds, 1u, most_rounds);
  for (Step& step : program.steps) step.thread = static_cast<std::uint8_t>(step.thread % max_threads);
  Normalizer{}.run(program.steps, nullptr);
}

int count_steps(const Program& program) { return count(program.steps); }

int count_threads(const Program& program) {
  unsigned seen = 0;
  for (const Step& step : program.steps) seen |= 1u << step.thread;
  return std::max(1, __builtin_popcount(seen));
}

const Step* find_step(const Program& program, int id) { return id > 0 ? find(program.steps, id) : nullptr; }

}  // namespace ffi_cts
