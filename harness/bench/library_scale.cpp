// The rows of `bench --scale`: the same work with more and more at once.
#include <fmt/format.h>

#include <latch>

#include "harness/bench/context.hpp"
#include "harness/bench/library_rows.hpp"

namespace ffi_cts::bench::library_rows {
namespace {

constexpr std::uint32_t longer_than_any_measurement_ms = 600'000;

double nanoseconds_each(double took, std::uint64_t items) {
  return took * 1e9 / static_cast<double>(items);
}

// The first request's callback holds the loop up until all are submitted.
class Queued : public Measurement {
 public:
  explicit Queued(const Target& target)
      : echo_(target, RoleName::echo, {.size = 64}), line_(unlimited, target.give_up), context_(target) {}

  double run(std::uint64_t items) override {
    std::latch all_there(1);
    Parked parked{line_, all_there};
    double took = seconds([&] {
      line_.window.before_submit();
      context_.submit(echo_, park, &parked);
      for (std::uint64_t i = 0; i < items; ++i) {
        line_.window.before_submit();
        context_.submit(echo_, line_);
      }
      all_there.count_down();
      line_.window.drain();
    });
    return nanoseconds_each(took, items);
  }

 private:
  struct Parked {
    Line& line;
    std::latch& until;
  };
  static void park(int ret, const char* msg, std::size_t len, void* user_data) {
    auto& parked = *static_cast<Parked*>(user_data);
    parked.until.wait();
    on_answer(ret, msg, len, &parked.line);
  }

  const Call echo_;
  Line line_;
  const Context context_;
};

// Every request waits for the host before the first is answered.
class Waiting : public Measurement {
 public:
  explicit Waiting(const Target& target)
      : call_(target, RoleName::call_host),
        answer_(answer_of(target.interface)),
        line_(unlimited, target.give_up),
        context_(target) {
    context_.register_host_fn(on_call, this);
  }

  double run(std::uint64_t items) override {
    double took = seconds([&] {
      for (std::uint64_t i = 0; i < items; ++i) {
        line_.window.before_submit();
        context_.submit(call_, line_);
      }
      asked_.wait_for(asked_before_ += items);
      for (std::uint64_t call : calls_) context_.complete(call, answer_);
      line_.window.drain();
    });
    calls_.clear();
    return nanoseconds_each(took, items);
  }

 private:
  static void on_call(std::uint64_t call, const char*, std::size_t, void* self) {
    auto& row = *static_cast<Waiting*>(self);
    row.calls_.push_back(call);
    row.asked_.add();
  }

  const Call call_;
  const Bytes answer_;
  Line line_;
  Counter asked_;
  std::uint64_t asked_before_ = 0;
  std::vector<std::uint64_t> calls_;
  const Context context_;
};

// Requests that wait for their delay, and the destroy that ends them.
class Cancelled : public Measurement {
 public:
  explicit Cancelled(const Target& target)
      : target_(target),
        delay_(target, RoleName::delay, {.size = 64, .ms = longer_than_any_measurement_ms}),
        echo_(target, RoleName::echo),
        line_(1, target.give_up) {}

  double run(std::uint64_t items) override {
    const std::uint64_t before = ended_.count();
    double took = seconds([&] {
      Context context(target_);
      for (std::uint64_t i = 0; i < items; ++i) context.submit(delay_, on_end, &ended_);
      line_.window.before_submit();
      context.submit(echo_, line_);
      line_.window.drain();
    });
    if (std::uint64_t ended = ended_.count() - before; ended != items)
      target_.give_up(fmt::format("{} of {} requests had an answer by the end of destroy", ended, items));
    return nanoseconds_each(took, items);
  }

 private:
  static void on_end(int ret, const char*, std::size_t, void* ended) {
    if (ret != RET_STALE_WARN) static_cast<Counter*>(ended)->add();
  }

  const Target target_;
  const Call delay_, echo_;
  Line line_;
  Counter ended_;
};

class Registrations : public Measurement {
 public:
  explicit Registrations(const Target& target) : context_(target) {}

  double run(std::uint64_t items) override {
    ids_.resize(items);
    double took = seconds([&] {
      for (std::uint64_t& id : ids_) id = context_.listen(on_event, &heard_);
      for (std::uint64_t id : ids_) context_.remove(id);
    });
    return nanoseconds_each(took, items);
  }

 private:
  Counter heard_;
  std::vector<std::uint64_t> ids_;
  const Context context_;
};

class ManyContexts : public Measurement {
 public:
  explicit ManyContexts(const Target& target) : target_(target) {}

  double run(std::uint64_t items) override {
    double took = seconds([&] {
      std::vector<std::unique_ptr<Context>> contexts;
      for (std::uint64_t i = 0; i < items; ++i) contexts.push_back(std::make_unique<Context>(target_));
    });
    return nanoseconds_each(took, items);
  }

 private:
  const Target target_;
};

class Crowd : public Measurement {
 public:
  Crowd(const Target& target, int contexts)
      : echo_(target, RoleName::echo, {.size = 64}), line_(unlimited, target.give_up) {
    for (int i = 0; i < contexts; ++i) contexts_.push_back(std::make_unique<Context>(target));
  }

  double run(std::uint64_t items) override {
    const std::uint64_t turns = items / contexts_.size() / 64 + 1;
    double took = seconds([&] {
      for (std::uint64_t turn = 0; turn < turns; ++turn) {
        for (const auto& context : contexts_) submit_64(*context);
        line_.window.drain();
      }
    });
    return nanoseconds_each(took, turns * contexts_.size() * 64);
  }

 private:
  void submit_64(const Context& context) {
    for (int i = 0; i < 64; ++i) {
      line_.window.before_submit();
      context.submit(echo_, line_);
    }
  }

  const Call echo_;
  Line line_;
  std::vector<std::unique_ptr<Context>> contexts_;
};

}  // namespace

std::unique_ptr<Measurement> queued(const Target& target) {
  return std::make_unique<Queued>(target);
}
std::unique_ptr<Measurement> waiting(const Target& target) {
  return std::make_unique<Waiting>(target);
}
std::unique_ptr<Measurement> cancelled(const Target& target) {
  return std::make_unique<Cancelled>(target);
}
std::unique_ptr<Measurement> registrations(const Target& target) {
  return std::make_unique<Registrations>(target);
}
std::unique_ptr<Measurement> many_contexts(const Target& target) {
  return std::make_unique<ManyContexts>(target);
}
std::unique_ptr<Measurement> crowd(const Target& target, int contexts) {
  return std::make_unique<Crowd>(target, contexts);
}

}  // namespace ffi_cts::bench::library_rows
