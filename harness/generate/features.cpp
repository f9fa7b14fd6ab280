#include "harness/generate/features.hpp"

#include <array>
#include <string_view>

namespace ffi_cts {
namespace {

constexpr std::array<std::string_view, feature_count> names = {
    "echo", "delay", "fail", "empty", "emit", "emit_fail", "call_host", "block", "progress", "create_slow", "create_fail",
    "listen", "remove", "unregister", "destroy",
    "several contexts", "several threads", "fresh threads", "a process of its own", "signal storm", "many descriptors", "big payloads", "huge payloads",
    "many listeners", "many events", "many requests", "many contexts",
    "NULL callback", "NULL payload", "empty payload", "malformed request", "lenient request", "hostile request", "drawn arguments", "near misses", "misused create",
    "wildcard", "NULL name", "other name", "odd name", "odd host function name", "same function twice", "NULL listener", "unknown id",
    "NULL handle", "destroyed handle", "another context's handle", "garbage handle",
    "in an event's callback", "in a reply's callback", "in the constructor's callback", "in a host function",
    "request", "listen", "remove", "destroy", "complete", "register", "create",
    "unregister", "chain",
    "park", "hold",
    "native calls"};

Feature feature_of(RoleName role) {
  switch (role) {
    case RoleName::echo: return Feature::echo;
    case RoleName::delay: return Feature::delay;
    case RoleName::fail: return Feature::fail;
    case RoleName::empty: return Feature::empty;
    case RoleName::emit: return Feature::emit;
    case RoleName::emit_fail: return Feature::emit_fail;
    case RoleName::call_host: return Feature::call_host;
    case RoleName::block: return Feature::block;
    case RoleName::progress: return Feature::progress;
    case RoleName::create_slow: return Feature::create_slow;
    case RoleName::create_fail: return Feature::create_fail;
    case RoleName::create: break;
  }
  return Feature::count_;
}

Feature feature_of(Misuse misuse) {
  switch (misuse) {
    case Misuse::null_callback: return Feature::null_callback;
    case Misuse::null_payload: return Feature::null_payload;
    case Misuse::empty_payload: return Feature::empty_payload;
    case Misuse::malformed: return Feature::malformed;
    case Misuse::lenient: return Feature::lenient;
    case Misuse::hostile: return Feature::hostile;
    case Misuse::item: return Feature::item;
    case Misuse::near_miss: return Feature::near_miss;
    case Misuse::none: break;
  }
  return Feature::count_;
}

Feature feature_of(NameKind name) {
  switch (name) {
    case NameKind::wildcard: return Feature::wildcard;
    case NameKind::null: return Feature::null_name;
    case NameKind::other: return Feature::other_name;
    case NameKind::prefix:
    case NameKind::extended:
    case NameKind::other_case:
    case NameKind::huge:
    case NameKind::not_utf8: return Feature::odd_name;
    case NameKind::event: break;
  }
  return Feature::count_;
}

class Collector {
 public:
  Features run(const Program& program) {
    unsigned threads = 0;
    for (const Step& step : program.steps) threads |= 1u << step.thread;
    add(Feature::several_threads, __builtin_popcount(threads) > 1);
    add(Feature::fresh_threads, program.fresh_threads);
    add(Feature::fresh_process, program.fresh_process);
    add(Feature::signal_storm, program.signal_storm);
    add(Feature::many_descriptors, program.many_descriptors);
    walk(program.steps, Feature::count_);
    add(Feature::several_contexts, contexts_ > 1);
    return features_;
  }

 private:
  void add(Feature feature, bool on = true) {
    if (on && feature != Feature::count_) set(features_, feature);
  }

  void walk(const std::vector<Step>& steps, Feature where) {
    for (const Step& step : steps) {
      verb(step, where != Feature::count_);
      add(where);
      handle(step.handle);
      if (step.verb != Verb::listen) add(feature_of(step.misuse));
      add(Feature::native, step.native.has_value());
      add(Feature::big_payload, step.payload.size >= 256 && step.payload.size < (1u << 20));
      add(Feature::huge_payload, step.payload.size >= (1u << 20));
      walk(step.body, place(step));
    }
  }

  static Feature place(const Step& step) {
    switch (step.verb) {
      case Verb::create: return Feature::in_constructor;
      case Verb::listen: return Feature::in_event;
      case Verb::reg: return Feature::in_host_function;
      default: return Feature::in_reply;
    }
  }

  void handle(HandleKind kind) {
    if (kind == HandleKind::null) add(Feature::null_handle);
    else if (kind == HandleKind::dead) add(Feature::dead_handle);
    else if (kind == HandleKind::other) add(Feature::other_handle);
    else if (kind != HandleKind::own) add(Feature::garbage_handle);
  }

  void verb(const Step& step, bool nested) {
    switch (step.verb) {
      case Verb::create:
        contexts_ += step.repeat;
        add(feature_of(step.role));
        add(Feature::create_misuse, step.misuse != Misuse::none);
        add(Feature::many_contexts, step.repeat > 1);
        return add(Feature::nested_create, nested);
      case Verb::request:
        add(feature_of(step.role));
        add(Feature::many_requests, step.repeat > 8);
        add(Feature::many_events, step.count > 64);
        return add(Feature::nested_request, nested);
      case Verb::listen:
        add(Feature::listen);
        add(feature_of(step.name));
        add(Feature::same_function, step.same_function);
        add(Feature::null_listener, step.misuse == Misuse::null_callback);
        add(Feature::many_listeners, step.repeat > 8);
        return add(Feature::nested_listen, nested);
      case Verb::remove:
        add(nested ? Feature::nested_remove : Feature::remove);
        return add(Feature::unknown_id, !step.object);
      case Verb::complete:
        add(Feature::nested_complete, nested);
        return add(Feature::unknown_id, !step.object);
      case Verb::reg:
        add(Feature::odd_host_name, step.name != NameKind::event);
        return add(Feature::nested_register, nested);
      case Verb::unregister:
        add(Feature::odd_host_name, step.name != NameKind::event);
        return add(nested ? Feature::nested_unregister : Feature::unregister);
      case Verb::destroy: return add(nested ? Feature::nested_destroy : Feature::destroy);
      case Verb::park: return add(Feature::park);
      case Verb::hold: return add(Feature::hold);
      case Verb::again: return add(Feature::chain);
      case Verb::wait: return;
    }
  }

  Features features_;
  std::uint32_t contexts_ = 0;
};

}  // namespace

Features features_of(const Program& program) { return Collector{}.run(program); }

std::string to_string(const Features& features) {
  std::string out;
  for (std::size_t i = 0; i < feature_count; ++i)
    if (features[i]) out += (out.empty() ? "" : ", ") + std::string(names[i]);
  return out;
}

}  // namespace ffi_cts
