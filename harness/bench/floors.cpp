#include "harness/bench/floors.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include "harness/bench/bare.hpp"

// `ffi-cts bench --explain` prints these sections.
namespace ffi_cts::bench::floors {
namespace {

// --- requests
class Requests : public Measurement {
 public:
  Requests(int threads, std::uint32_t window, std::uint32_t payload)
      : threads_(threads), payload_(payload, 'x'), lines_(lines(threads, window, never)) {}

  double run(std::uint64_t items) override {
    const std::uint64_t each = (items - 1) / static_cast<std::uint64_t>(threads_) + 1;
    double took = seconds_on(threads_, [&](int thread) {
      Line& line = *lines_[static_cast<std::size_t>(thread)];
      for (std::uint64_t i = 0; i < each; ++i) {
        line.window.before_submit();
        asio::post(loop_.io, [this, request = Copy(payload_), &line]() mutable {
          asio::co_spawn(loop_.io, handle(std::move(request), &line), asio::detached);
        });
      }
      line.window.drain();
    });
    return took * 1e9 / static_cast<double>(each * static_cast<std::uint64_t>(threads_));
  }

 private:
  const int threads_;
  const std::string payload_;
  const std::vector<std::unique_ptr<Line>> lines_;
  Loop loop_;
};

// --- events
class Events : public Measurement {
 public:
  explicit Events(int listeners) : listeners_(static_cast<std::size_t>(listeners), {on_event, &heard_}) {}

  double run(std::uint64_t items) override {
    double took = seconds([&] {
      for (std::uint64_t i = 0; i < items; ++i) {
        line_.window.before_submit();
        asio::post(loop_.io, [this] { deliver(); });
      }
      line_.window.drain();
    });
    return took * 1e9 / static_cast<double>(items);
  }

 private:
  void deliver() {
    for (auto [callback, user_data] : listeners_) callback(RET_OK, "event", 5, user_data);
    line_.window.answered();
  }

  Line line_{64, never};
  Counter heard_;
  const std::vector<std::pair<FFICallBack, void*>> listeners_;
  Loop loop_;
};

// --- host calls
class HostCalls : public Measurement {
 public:
  explicit HostCalls(bool from_another_thread) {
    if (from_another_thread) answerer_ = std::make_unique<Answerer<Resume>>([](Resume& resume) { resume(); });
  }

  double run(std::uint64_t items) override {
    double took = seconds([&] {
      for (std::uint64_t i = 0; i < items; ++i) {
        line_.window.before_submit();
        asio::post(loop_.io, [this, request = Copy(text_)]() mutable {
          asio::co_spawn(loop_.io, ask(std::move(request)), asio::detached);
        });
      }
      line_.window.drain();
    });
    return took * 1e9 / static_cast<double>(items);
  }

 private:
  using Resume = std::function<void()>;

  Task<void> ask(Copy) {
    auto hand_over = [this](auto handler) {
      auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
      Resume resume = [this, waiting] {
        asio::post(loop_.io, [waiting, answer = Copy(text_)]() mutable { std::move (*waiting)(std::move(answer)); });
      };
      answerer_ ? answerer_->hand_over(std::move(resume)) : resume();
    };
    using Token = asio::use_awaitable_t<Executor>;
    Copy reply = co_await asio::async_initiate<const Token, void(Copy)>(hand_over, Token());
    on_answer(RET_OK, reply.data(), reply.size(), &line_);
  }

  const std::string text_ = std::string(16, 'x');
  Line line_{64, never};
  std::unique_ptr<Answerer<Resume>> answerer_;
  Loop loop_;
};

// --- threads
class Threads : public Measurement {
 public:
  double run(std::uint64_t items) override {
    double took = seconds([&] {
      for (std::uint64_t i = 0; i < items; ++i) {
        asio::io_context io(1);
        std::thread thread([&io] { io.run(); });
        thread.join();
      }
    });
    return took * 1e9 / static_cast<double>(items);
  }
};

// --- idle memory
class IdleMemory : public Measurement {
 public:
  IdleMemory() { start(); }

  double run(std::uint64_t items) override {
    const MemoryGauge memory;
    for (std::uint64_t i = 0; i < items; ++i) start();
    return memory.grown_by() / static_cast<double>(items);
  }

 private:
  void start() {
    loops_.push_back(std::make_unique<Loop>());
    asio::post(loops_.back()->io, [this] { started_.add(); });
    started_.wait_for(loops_.size());
  }

  Counter started_;
  std::vector<std::unique_ptr<Loop>> loops_;
};

// --- request memory
class RequestMemory : public Measurement {
 public:
  double run(std::uint64_t items) override {
    const MemoryGauge memory;
    for (std::uint64_t i = 0; i < items; ++i) {
      asio::post(loop_.io, [this, request = Copy(std::string(64, 'x'))]() mutable {
        asio::co_spawn(loop_.io, sleep(std::move(request)), asio::detached);
      });
    }
    asleep_.wait_for(items);
    return memory.grown_by() / static_cast<double>(items);
  }

 private:
  Task<void> sleep(Copy) {
    asio::steady_timer timer(loop_.io, std::chrono::hours(1));
    asleep_.add();
    co_await timer.async_wait(asio::use_awaitable_t<Executor>());
  }

  Counter asleep_;
  Loop loop_;
};

// ---
}  // namespace

std::unique_ptr<Measurement> requests(int threads, std::uint32_t window, std::uint32_t payload) {
  return std::make_unique<Requests>(threads, window, payload);
}
std::unique_ptr<Measurement> events(int listeners) {
  return std::make_unique<Events>(listeners);
}
std::unique_ptr<Measurement> host_calls(bool from_another_thread) {
  return std::make_unique<HostCalls>(from_another_thread);
}
std::unique_ptr<Measurement> threads() {
  return std::make_unique<Threads>();
}
std::unique_ptr<Measurement> idle_memory() {
  return std::make_unique<IdleMemory>();
}
std::unique_ptr<Measurement> request_memory() {
  return std::make_unique<RequestMemory>();
}

}  // namespace ffi_cts::bench::floors
