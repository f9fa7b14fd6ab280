#include "harness/worker/link.hpp"

#include <poll.h>

#include <deque>
#include <utility>

#include "reference/remote/remote.hpp"

namespace ffi_cts {
namespace {

constexpr std::size_t frame_limit = 64u << 20;  // a program, or what the kernel says of a process
constexpr const char* driver_name = "driver";

remote::Options options() {
  remote::Options wide;
  wide.frame_limit = frame_limit;
  return wide;
}

}  // namespace

struct WorkerLink::State {
  // Keeps what arrives for next().
  struct Mailbox : remote::Actor {
    explicit Mailbox(State& state) : state_(state) {}
    void receive(remote::Id from, remote::Payload payload) override {
      auto item = decode(payload);
      state_.peer = from;
      if (item && item.value->list()) state_.arrived.push_back(std::move(*item.value->list()));
      else state_.lost = true;  // somebody else writes into the link
    }
    void exited(remote::Id, std::string_view) override { state_.lost = true; }
    void follow(remote::Id endpoint) { link(endpoint); }

   private:
    State& state_;
  };

  State(LinkEnd end, int in, int out)
      : loop([](std::string_view) {}), endpoint(loop.connect(in, out, options())), mailbox(loop.node().spawn<Mailbox>(*this)) {
    mailbox.follow(endpoint->id());
    if (end == LinkEnd::driver) loop.node().register_name(driver_name, mailbox.id());
    loop.poll();  // begins to read
  }

  remote::Id peer = 0;  // the proxy of who spoke last; 0: nobody did
  std::deque<List> arrived;
  bool lost = false;
  remote::Loop loop;
  std::shared_ptr<remote::Endpoint> endpoint;
  Mailbox& mailbox;
};

WorkerLink::WorkerLink(LinkEnd end, int in, int out) : in_(in), state_(std::make_unique<State>(end, in, out)) {}
WorkerLink::~WorkerLink() = default;

bool WorkerLink::send(const List& payload) {
  const Bytes item = encode(Value(payload));
  const remote::Id from = state_->mailbox.id();
  if (state_->peer != 0) {
    state_->loop.node().send(from, state_->peer, item);
  } else {
    state_->endpoint->send_named(from, driver_name, item);
  }
  return look();
}

bool WorkerLink::look() {
  state_->loop.poll();
  return !state_->lost;
}

bool WorkerLink::wait() {
  if (state_->lost || !state_->arrived.empty()) return !state_->lost;
  pollfd fd = {in_, POLLIN, 0};
  poll(&fd, 1, -1);
  return !(fd.revents & POLLNVAL) && look();
}

std::optional<List> WorkerLink::next() {
  if (state_->arrived.empty()) return std::nullopt;
  List first = std::move(state_->arrived.front());
  state_->arrived.pop_front();
  return first;
}

}  // namespace ffi_cts
