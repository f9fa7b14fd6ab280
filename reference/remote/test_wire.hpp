// For the tests: a loop that runs until something holds, actors that write down what they hear, and a peer by hand at
// the other end of a socket.
#pragma once

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <asio/io_context.hpp>
#include <csignal>

#include "reference/cbor/cbor.hpp"
#include "reference/remote/remote.hpp"

namespace ffi_cts::remote {

using Bytes = std::vector<std::uint8_t>;

inline Bytes text_item(std::string_view text) {
  cbor::Writer out;
  out.text(text);
  return {out.bytes().begin(), out.bytes().end()};
}

inline Bytes frame_of(const Message& message, Dialect dialect = Dialect::plain) {
  Bytes frame;
  write_frame(frame, encode(message, dialect));
  return frame;
}

// Turns the loop by itself, so it does itself what Loop::run() does about SIGPIPE.
struct TestLoop {
  TestLoop() { std::signal(SIGPIPE, SIG_IGN); }

  std::vector<std::string> complaints;
  Loop loop{[this](std::string_view line) { complaints.emplace_back(line); }};

  // Runs until it holds. The time is a backstop: what never comes fails the test.
  template <class Condition>
  void until(Condition holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!holds()) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "it never came about";
      if (loop.context().stopped()) loop.context().restart();
      loop.context().run_one_for(std::chrono::milliseconds(1));
    }
  }
};

// "4 says hello", "4 ends transport_closed".
struct Scribe : Actor {
  std::vector<std::string> heard;
  std::function<void(Id from, Payload payload)> act = [](Id, Payload) {};
  int resumed = 0;

  void receive(Id from, Payload payload) override {
    heard.push_back(std::to_string(from) + " says " + cbor::Reader(payload).text());
    act(from, payload);
  }
  void exited(Id who, std::string_view reason) override {
    heard.push_back(std::to_string(who) + " ends " + std::string(reason));
  }
  void resume() override { ++resumed; }
  using Actor::exit;
  using Actor::link;
  using Actor::send;
  Flow say(Id to, std::string_view text) { return send(to, text_item(text)); }
};

// The peer, by hand: bytes in and out of a socket that does not block.
struct Hand {
  int fd = -1;
  FrameReader frames{1u << 30};
  bool ended = false;

  ~Hand() { hang_up(); }
  void hang_up() {
    if (fd >= 0) close(fd);
    fd = -1;
  }
  void write(const Bytes& bytes) const {
    ASSERT_EQ(send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL), std::ssize(bytes));
  }
  void write(const Message& message) const { write(frame_of(message)); }
  // What has come; nothing: not a whole message yet.
  std::optional<Message> next() {
    if (const auto content = frames.next()) return decode(*content);
    const auto space = frames.space(65'536);
    const ssize_t size = fd < 0 ? 0 : read(fd, space.data(), space.size());
    if (size > 0) frames.filled(static_cast<std::size_t>(size));
    ended = ended || size == 0 || (size < 0 && errno == ECONNRESET);
    if (const auto content = frames.next()) return decode(*content);
    return std::nullopt;
  }
};

// An endpoint over a socket, and the hand at its other end.
struct Connected : TestLoop {
  Hand hand;
  bool closed = false;
  std::shared_ptr<Endpoint> endpoint;

  explicit Connected(Options options = {}) {
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) throw std::runtime_error("socketpair");
    hand.fd = fds[0];
    fcntl(hand.fd, F_SETFL, O_NONBLOCK);
    options.closed = [this] { closed = true; };
    endpoint = loop.connect(fds[1], options);
  }
  Message heard() {
    std::optional<Message> message;
    until([&] { return (message = hand.next()) || hand.ended; });
    return message ? *message : MessageError{"the end"};
  }
  Scribe& scribe(std::string name = "") {
    auto& made = loop.node().spawn<Scribe>();
    if (!name.empty()) loop.node().register_name(std::move(name), made.id());
    return made;
  }
};

}  // namespace ffi_cts::remote
