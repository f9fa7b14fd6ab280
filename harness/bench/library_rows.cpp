#include "harness/bench/library_rows.hpp"

#include "harness/bench/context.hpp"

namespace ffi_cts::bench::library_rows {
namespace {

constexpr std::uint32_t longer_than_any_measurement_ms = 600'000;

double nanoseconds_each(double took, std::uint64_t items) {
  return took * 1e9 / static_cast<double>(items);
}

class Requests : public Measurement {
 public:
  Requests(const Target& target, int threads, std::uint32_t window, std::uint32_t payload)
      : threads_(threads),
        echo_(target, RoleName::echo, {.size = payload}),
        lines_(lines(threads, window, target.give_up)),
        context_(target) {}

  double run(std::uint64_t items) override {
    const std::uint64_t each = (items - 1) / static_cast<std::uint64_t>(threads_) + 1;
    double took = seconds_on(threads_, [&](int thread) {
      Line& line = *lines_[static_cast<std::size_t>(thread)];
      for (std::uint64_t i = 0; i < each; ++i) {
        line.window.before_submit();
        context_.submit(echo_, line);
      }
      line.window.drain();
    });
    return nanoseconds_each(took, each * static_cast<std::uint64_t>(threads_));
  }

 private:
  const int threads_;
  const Call echo_;
  const std::vector<std::unique_ptr<Line>> lines_;
  const Context context_;
};

// Where the role takes a $count, one request has them all emitted; else each event is a request, 64 under way.
class Events : public Measurement {
 public:
  Events(const Target& target, int listeners)
      : target_(target),
        listeners_(static_cast<std::uint64_t>(listeners)),
        line_(64, target.give_up),
        context_(target) {
    counts_ = request_of(target.interface, RoleName::emit, {.count = 1}) !=
              request_of(target.interface, RoleName::emit, {.count = 2});
    for (int i = 0; i < listeners; ++i) context_.listen(on_event, &heard_);
  }

  double run(std::uint64_t items) override {
    const Call emit(target_, RoleName::emit, {.count = counts_ ? static_cast<std::uint32_t>(items) : 1});
    heard_.expect(heard_.count() + items * listeners_);
    double took = seconds([&] {
      for (std::uint64_t i = 0; i < (counts_ ? 1 : items); ++i) {
        line_.window.before_submit();
        context_.submit(emit, line_);
      }
      heard_.wait_for_expected();
    });
    line_.window.drain();
    return nanoseconds_each(took, items);
  }

 private:
  const Target target_;
  const std::uint64_t listeners_;
  bool counts_ = false;
  Counter heard_;
  Line line_;
  const Context context_;
};

class HostCalls : public Measurement {
 public:
  HostCalls(const Target& target, bool from_another_thread)
      : call_(target, RoleName::call_host),
        answer_(answer_of(target.interface)),
        line_(64, target.give_up),
        context_(target) {
    if (from_another_thread)
      answerer_ = std::make_unique<Answerer<std::uint64_t>>([this](std::uint64_t& call) { complete(call); });
    context_.register_host_fn(on_call, this);
  }

  double run(std::uint64_t items) override {
    double took = seconds([&] {
      for (std::uint64_t i = 0; i < items; ++i) {
        line_.window.before_submit();
        context_.submit(call_, line_);
      }
      line_.window.drain();
    });
    return nanoseconds_each(took, items);
  }

 private:
  static void on_call(std::uint64_t call, const char*, std::size_t, void* self) {
    auto& row = *static_cast<HostCalls*>(self);
    row.answerer_ ? row.answerer_->hand_over(call) : row.complete(call);
  }
  void complete(std::uint64_t call) const { context_.complete(call, answer_); }

  const Call call_;
  const Bytes answer_;
  Line line_;
  const Context context_;
  std::unique_ptr<Answerer<std::uint64_t>> answerer_;
};

class Contexts : public Measurement {
 public:
  explicit Contexts(const Target& target) : target_(target) {}

  double run(std::uint64_t items) override {
    double took = seconds([&] {
      for (std::uint64_t i = 0; i < items; ++i) Context context(target_);
    });
    return nanoseconds_each(took, items);
  }

 private:
  const Target target_;
};

class IdleMemory : public Measurement {
 public:
  // The first one brings along what all contexts share.
  explicit IdleMemory(const Target& target) : target_(target) { create(); }

  double run(std::uint64_t items) override {
    const MemoryGauge memory;
    for (std::uint64_t i = 0; i < items; ++i) create();
    return memory.grown_by() / static_cast<double>(items);
  }

 private:
  void create() { contexts_.push_back(std::make_unique<Context>(target_)); }

  const Target target_;
  std::vector<std::unique_ptr<Context>> contexts_;
};

// The requests wait for their delay; the context is destroyed before they are answered, which is no failure here.
class RequestMemory : public Measurement {
 public:
  explicit RequestMemory(const Target& target)
      : delay_(target, RoleName::delay, {.size = 64, .ms = longer_than_any_measurement_ms}),
        echo_(target, RoleName::echo),
        line_(1, target.give_up),
        context_(target) {}

  double run(std::uint64_t items) override {
    const MemoryGauge memory;
    for (std::uint64_t i = 0; i < items; ++i)
      context_.submit(
          delay_, [](int, const char*, std::size_t, void*) {}, nullptr);
    // By the time that this one is answered all of them have begun (REQ-10).
    line_.window.before_submit();
    context_.submit(echo_, line_);
    line_.window.drain();
    return memory.grown_by() / static_cast<double>(items);
  }

 private:
  const Call delay_, echo_;
  Line line_;
  const Context context_;
};

}  // namespace

std::unique_ptr<Measurement> requests(const Target& target, int threads, std::uint32_t window, std::uint32_t payload) {
  return std::make_unique<Requests>(target, threads, window, payload);
}
std::unique_ptr<Measurement> events(const Target& target, int listeners) {
  return std::make_unique<Events>(target, listeners);
}
std::unique_ptr<Measurement> host_calls(const Target& target, bool from_another_thread) {
  return std::make_unique<HostCalls>(target, from_another_thread);
}
std::unique_ptr<Measurement> contexts(const Target& target) {
  return std::make_unique<Contexts>(target);
}
std::unique_ptr<Measurement> idle_memory(const Target& target) {
  return std::make_unique<IdleMemory>(target);
}
std::unique_ptr<Measurement> request_memory(const Target& target) {
  return std::make_unique<RequestMemory>(target);
}

}  // namespace ffi_cts::bench::library_rows
