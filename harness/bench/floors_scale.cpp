#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <latch>
#include <map>
#include <mutex>

#include "harness/bench/bare.hpp"
#include "harness/bench/floors.hpp"

// `ffi-cts bench --scale --explain` prints these sections.
namespace ffi_cts::bench::floors {
namespace {

// --- queued
class Queued : public Measurement {
 public:
  double run(std::uint64_t items) override {
    std::latch all_there(1);
    double took = seconds([&] {
      asio::post(loop_.io, [&all_there] { all_there.wait(); });
      for (std::uint64_t i = 0; i < items; ++i) {
        line_.window.before_submit();
        asio::post(loop_.io, [this, request = Copy(text_)]() mutable {
          asio::co_spawn(loop_.io, handle(std::move(request), &line_), asio::detached);
        });
      }
      all_there.count_down();
      line_.window.drain();
    });
    return took * 1e9 / static_cast<double>(items);
  }

 private:
  const std::string text_ = std::string(64, 'x');
  Line line_{unlimited, never};
  Loop loop_;
};

// --- waiting
class Waiting : public Measurement {
 public:
  double run(std::uint64_t items) override {
    double took = seconds([&] {
      for (std::uint64_t i = 0; i < items; ++i) {
        line_.window.before_submit();
        asio::post(loop_.io, [this, request = Copy(text_)]() mutable {
          asio::co_spawn(loop_.io, ask(std::move(request)), asio::detached);
        });
      }
      asked_.wait_for(asked_before_ += items);
      for (const auto& resume : waiting_) resume();
      line_.window.drain();
    });
    waiting_.clear();
    return took * 1e9 / static_cast<double>(items);
  }

 private:
  Task<void> ask(Copy) {
    auto keep = [this](auto handler) {
      auto kept = std::make_shared<decltype(handler)>(std::move(handler));
      waiting_.push_back([this, kept] {
        asio::post(loop_.io, [kept, answer = Copy(text_)]() mutable { std::move (*kept)(std::move(answer)); });
      });
      asked_.add();
    };
    using Token = asio::use_awaitable_t<Executor>;
    Copy reply = co_await asio::async_initiate<const Token, void(Copy)>(keep, Token());
    on_answer(RET_OK, reply.data(), reply.size(), &line_);
  }

  const std::string text_ = std::string(16, 'x');
  Line line_{unlimited, never};
  Counter asked_;
  std::uint64_t asked_before_ = 0;
  std::vector<std::function<void()>> waiting_;
  Loop loop_;
};

// --- cancelled
class Cancelled : public Measurement {
 public:
  double run(std::uint64_t items) override {
    asleep_before_ += items;
    double took = seconds([&] {
      Loop loop;
      for (std::uint64_t i = 0; i < items; ++i) {
        asio::post(loop.io, [this, &loop, request = Copy(text_), end = AtEnd(&ended_)]() mutable {
          asio::co_spawn(loop.io, sleep(loop, std::move(request), std::move(end)), asio::detached);
        });
      }
      asleep_.wait_for(asleep_before_);
    });
    return took * 1e9 / static_cast<double>(items);
  }

 private:
  using AtEnd = std::unique_ptr<Counter, decltype([](Counter* ended) { ended->add(); })>;

  Task<void> sleep(Loop& loop, Copy, AtEnd) {
    asio::steady_timer timer(loop.io, std::chrono::hours(1));
    asleep_.add();
    co_await timer.async_wait(asio::use_awaitable_t<Executor>());
  }

  const std::string text_ = std::string(64, 'x');
  Counter asleep_, ended_;
  std::uint64_t asleep_before_ = 0;
};

// --- registrations
class Registrations : public Measurement {
 public:
  double run(std::uint64_t items) override {
    double took = seconds([&] {
      for (std::uint64_t i = 0; i < items; ++i) {
        std::lock_guard lock(mutex_);
        listeners_.emplace(i, std::make_shared<Listener>(Listener{on_event, nullptr}));
      }
      for (std::uint64_t i = 0; i < items; ++i) {
        std::lock_guard lock(mutex_);
        listeners_.erase(i);
      }
    });
    return took * 1e9 / static_cast<double>(items);
  }

 private:
  using Listener = std::pair<FFICallBack, void*>;
  std::mutex mutex_;
  std::map<std::uint64_t, std::shared_ptr<Listener>> listeners_;
};

// --- many threads
class ManyThreads : public Measurement {
 public:
  double run(std::uint64_t items) override {
    double took = seconds([&] {
      std::vector<std::unique_ptr<Loop>> loops;
      for (std::uint64_t i = 0; i < items; ++i) loops.push_back(std::make_unique<Loop>());
    });
    return took * 1e9 / static_cast<double>(items);
  }
};

// --- crowd
class Crowd : public Measurement {
 public:
  explicit Crowd(int loops) {
    for (int i = 0; i < loops; ++i) loops_.push_back(std::make_unique<Loop>());
  }

  double run(std::uint64_t items) override {
    const std::uint64_t turns = items / loops_.size() / 64 + 1;
    double took = seconds([&] {
      for (std::uint64_t turn = 0; turn < turns; ++turn) {
        for (const auto& loop : loops_) submit_64(loop->io);
        line_.window.drain();
      }
    });
    return took * 1e9 / static_cast<double>(turns * loops_.size() * 64);
  }

 private:
  void submit_64(asio::io_context& io) {
    for (int i = 0; i < 64; ++i) {
      line_.window.before_submit();
      asio::post(io, [this, &io, request = Copy(text_)]() mutable {
        asio::co_spawn(io, handle(std::move(request), &line_), asio::detached);
      });
    }
  }

  const std::string text_ = std::string(64, 'x');
  Line line_{unlimited, never};
  std::vector<std::unique_ptr<Loop>> loops_;
};

// ---
}  // namespace

std::unique_ptr<Measurement> queued() {
  return std::make_unique<Queued>();
}
std::unique_ptr<Measurement> waiting() {
  return std::make_unique<Waiting>();
}
std::unique_ptr<Measurement> cancelled() {
  return std::make_unique<Cancelled>();
}
std::unique_ptr<Measurement> registrations() {
  return std::make_unique<Registrations>();
}
std::unique_ptr<Measurement> many_threads() {
  return std::make_unique<ManyThreads>();
}
std::unique_ptr<Measurement> crowd(int loops) {
  return std::make_unique<Crowd>(loops);
}

}  // namespace ffi_cts::bench::floors
