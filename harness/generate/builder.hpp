// Makes one program from dice. Its parts: generate.cpp has the steps of host threads, host_steps.cpp those about host calls,
// bodies.cpp what callbacks do.
#pragma once

#include <rapidcheck/Random.h>

#include <initializer_list>
#include <vector>

#include "harness/generate/generate.hpp"

namespace ffi_cts {

class Dice {
 public:
  explicit Dice(rc::Random random) : random_(random) {}
  std::uint32_t below(std::uint32_t n) { return n ? static_cast<std::uint32_t>(random_.next() % n) : 0; }
  bool chance(double p) { return static_cast<double>(below(1'000'000)) < p * 1'000'000; }
  template <typename T>
  const T& pick(const std::vector<T>& from) { return from[below(static_cast<std::uint32_t>(from.size()))]; }

 private:
  rc::Random random_;
};

// Names are numbered as they come; a step refers only to what is there already.
class Builder {
 public:
  Builder(const Interface& interface, const Features& swarm, Tuning tuning, Dice dice);
  Program run();

 private:
  bool on(Feature feature) const { return has(swarm_, feature); }
  template <typename T>
  T one_of(std::initializer_list<T> from) { return *(from.begin() + dice_.below(static_cast<std::uint32_t>(from.size()))); }

  std::uint8_t any_thread() { return static_cast<std::uint8_t>(dice_.below(threads_)); }
  void add(Step step) { add_on(any_thread(), std::move(step)); }
  void add_on(std::uint8_t thread, Step step) {
    step.thread = thread;
    program_.steps.push_back(std::move(step));
  }

  int context() { return contexts_ ? 1 + static_cast<int>(dice_.below(static_cast<std::uint32_t>(contexts_))) : 0; }
  Ref any(ObjectKind kind, int made) { return made ? Ref{kind, 1 + static_cast<int>(dice_.below(static_cast<std::uint32_t>(made)))} : Ref{}; }
  Payload payload();
  HandleKind handle(Step& step);
  Ref something();

  // generate.cpp
  void first_calls();
  void top_level();
  Step waits(Ref ref, std::uint32_t count = 1);
  Step create();
  Step request();
  void of_a_role(Step& step);
  void of_any_proc(Step& step);
  bool by_its_types(Step& step);
  void misuse(Step& step);
  void variant(Step& step);
  void both_variants();
  Step listen();
  Step remove();
  Step destroy();

  // host_steps.cpp
  void host_steps();
  Step reg(int in_context);
  Step unregister(int in_context);
  Step complete();
  NameKind host_name();
  std::uint32_t any_host_function();
  Step plain_request(int context, RoleName role);
  void several_calls();
  void chain();
  bool will_be_called(int context) const;
  bool is_lame(int context) const;
  void pending_call_of(int context);

  // bodies.cpp
  std::vector<Step> body(int own, int listener);
  void nested(std::vector<Step>& out, int own, int listener);
  void dead_handles();
  Step dead_step();

  const Interface& interface_;
  Features swarm_;
  Tuning tuning_;
  Dice dice_;
  Program program_;
  std::vector<RoleName> roles_;
  std::uint32_t threads_ = 1;
  int contexts_ = 0, requests_ = 0, listeners_ = 0, host_functions_ = 0;
  int hopeful_listener_ = 0, hopeful_context_ = 0;  // the latest listener that hears plain events, and its context
  int hopeful_ = 0;                                 // it, once an event was asked for that it must hear
  std::vector<int> lame_;                           // contexts that fail
  bool chained_ = false;                            // one is enough
};

}  // namespace ffi_cts
