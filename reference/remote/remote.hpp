// Actors across processes, in one page. Everything runs on the thread that calls Loop::run().
//
//   struct Greeter : remote::Actor {                            // an actor is a class with a receive()
//     void receive(Id from, Payload payload) override { send(from, payload); }
//     void exited(Id who, std::string_view reason) override {}  // of those it is linked to
//   };
//
//   remote::Loop loop;
//   auto& greeter = loop.node().spawn<Greeter>();
//   loop.node().register_name("greeter", greeter.id());         // the peer can send to it by name
//   auto child = loop.spawn({"./child", "--option"});           // speaks frames on its stdin and stdout
//   child->send_named(greeter.id(), "name", payload);           // the answer comes from a proxy, an actor too
//   loop.run();                                                 // until every endpoint is closed
//
// Inside an actor: send(id, payload), link(id), exit(reason). Outside: Node's functions of these names. child->close()
// ends the connection and the child. Ids of actors and proxies are used alike; both end with an exit, once, with its
// reason; that of a lost connection is "transport_closed".
//
// A payload is one CBOR item, encoded; it is borrowed in both directions. One that makes a frame longer than
// Options::frame_limit throws std::length_error.
#pragma once

#include "reference/remote/endpoint.hpp"

namespace ffi_cts::remote {

// The loop, the actors on it, and their endpoints. Not to be used by several threads, stop() apart.
class Loop {
 public:
  // `complain`: lines about what nobody else hears of; unset, they go to stderr.
  explicit Loop(Node::Complain complain = {});
  // Ends every connection at once; children are killed and reaped. Then the actors go.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  Node& node() noexcept;
  asio::io_context& context() noexcept;

  // A child process, found in PATH, that speaks with us over its stdin and stdout. Throws std::runtime_error, which
  // names it, when it cannot be started.
  std::shared_ptr<Endpoint> spawn(const std::vector<std::string>& command, Options options = {});
  // The other side of that: speaks over this process's own stdin and stdout. They are taken away: what else reads
  // stdin finds it empty, and what is printed goes to stderr. Throws std::runtime_error when they are closed.
  std::shared_ptr<Endpoint> adopt_stdio(Options options = {});
  // Over a connected Unix socket, or two pipe ends; owns the descriptors.
  std::shared_ptr<Endpoint> connect(int socket, Options options = {}) {
    return connect(socket, socket, std::move(options));
  }
  std::shared_ptr<Endpoint> connect(int in, int out, Options options = {});

  // Returns when every endpoint is closed and no message is under way, or after stop(). SIGPIPE is blocked meanwhile.
  void run();
  // Does what there is to do, and waits for nothing: for those who have more to wait for. So that their own wait ends, they
  // watch the descriptors that an endpoint reads from.
  void poll();
  void stop();  // from any thread

 private:
  struct State;
  std::shared_ptr<Endpoint> add(Options options);
  const std::unique_ptr<State> state_;
};

}  // namespace ffi_cts::remote
