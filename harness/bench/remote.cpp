#include "harness/bench/remote.hpp"

#include <sys/socket.h>

#include "harness/bench/host.hpp"
#include "harness/bench/pipes.hpp"
#include "harness/value/value.hpp"
#include "reference/remote/remote.hpp"

namespace ffi_cts::bench::remote {
namespace {

using ffi_cts::remote::Actor;
using ffi_cts::remote::Endpoint;
using ffi_cts::remote::Flow;
using ffi_cts::remote::Id;
using ffi_cts::remote::Loop;
using ffi_cts::remote::Payload;

// Counts messages; says so when as many have come as a number announced.
struct Counting : Actor {
  std::uint64_t due = 0;
  void receive(Id from, Payload payload) override {
    if (payload.size() != message_size) {
      due = decode(payload).value->uint().value();
    } else if (--due == 0) {
      send(from, encode(Value(true)));
    }
  }
};

struct Echoing : Actor {
  void receive(Id from, Payload payload) override { send(from, payload); }
};

template <class Serving>
void serve(int in, int out) {
  Loop loop;
  loop.node().register_name("other", loop.node().spawn<Serving>().id());
  const auto endpoint = loop.connect(in, out);
  loop.run();
}

// Asks the other side's actor, and stops its loop when all of it is answered.
class Asking : public Actor {
 public:
  explicit Asking(Loop& loop) : loop_(loop) {}
  virtual void begin(std::uint64_t items) = 0;

 protected:
  void receive(Id from, Payload) override {
    other_ = from;
    if (left_ == 0 || --left_ == 0) return loop_.stop();
    send(other_, bytes_);
  }

  Id other_ = 0;  // known from its first answer on
  std::uint64_t left_ = 0;
  const std::vector<std::uint8_t> bytes_ = message();

 private:
  Loop& loop_;
};

class RoundTrips final : public Asking {
 public:
  using Asking::Asking;
  void begin(std::uint64_t items) override {
    left_ = items;
    send(other_, bytes_);
  }
};

// As many as the way takes, in the name of several actors in turn.
class Sends final : public Asking {
 public:
  using Asking::Asking;
  void begin(std::uint64_t items) override {
    to_send_ = items;
    send(other_, encode(Value(items)));
    resume();
  }
  void resume() override {
    while (to_send_ > 0) {
      // The answer is for whoever sends the last.
      const Id from = to_send_ == 1 || others_.empty() ? id() : others_[next_++ % others_.size()];
      --to_send_;
      if (node().send(from, other_, bytes_) == Flow::wait) return;
    }
  }
  void spawn_others(int count) {
    struct Other : Actor {
      Sends* sends = nullptr;
      void receive(Id, Payload) override {}
      void resume() override { sends->resume(); }
    };
    for (int i = 0; i < count; ++i) {
      auto& other = node().spawn<Other>();
      other.sends = this;
      others_.push_back(other.id());
    }
  }

 private:
  std::uint64_t to_send_ = 0;
  std::vector<Id> others_;
  std::size_t next_ = 0;
};

template <class Asked, class Asks>
class Conversation : public Measurement {
 public:
  Conversation() {
    endpoint_->send_named(asks_.id(), "other", encode(Value(std::uint64_t{1})));
    endpoint_->send_named(asks_.id(), "other", message());
    loop_.run();
  }
  double run(std::uint64_t items) override {
    return seconds([&] {
             asks_.begin(items);
             loop_.run();
           }) *
           1e9 / static_cast<double>(items);
  }
  Asks& asks() { return asks_; }

 private:
  OtherSide other_{serve<Asked>};  // outlives the loop, whose end is the end of its input
  Loop loop_;
  Asks& asks_ = loop_.node().spawn<Asks>(loop_);
  std::shared_ptr<Endpoint> endpoint_ = loop_.connect(std::exchange(other_.in, -1), std::exchange(other_.out, -1));
};

class ProxyMemory : public Measurement {
 public:
  ProxyMemory() {
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) throw std::runtime_error("socketpair");
    endpoint_ = loop_.connect(fds[0]);
    other_end_ = fds[1];
  }
  ~ProxyMemory() override { close(other_end_); }
  double run(std::uint64_t items) override {
    const MemoryGauge memory;
    for (std::uint64_t i = 0; i < items; ++i) endpoint_->proxy(i);
    return memory.grown_by() / static_cast<double>(items);
  }

 private:
  Loop loop_;
  std::shared_ptr<Endpoint> endpoint_;
  int other_end_;
};

}  // namespace

std::size_t frame_size() {
  using namespace ffi_cts::remote;
  std::vector<std::uint8_t> frame;
  const std::vector<std::uint8_t> payload = message();
  write_frame(frame, encode(Send{2, 2, payload}));
  return frame.size();
}

std::unique_ptr<Measurement> sends(int actors) {
  auto conversation = std::make_unique<Conversation<Counting, Sends>>();
  if (actors > 1) conversation->asks().spawn_others(actors);
  return conversation;
}
std::unique_ptr<Measurement> round_trips() { return std::make_unique<Conversation<Echoing, RoundTrips>>(); }
std::unique_ptr<Measurement> proxy_memory() { return std::make_unique<ProxyMemory>(); }

}  // namespace ffi_cts::bench::remote
