// An endpoint connects the actors of this process with those of a peer. Each remote actor that has spoken, or was asked
// for, has a proxy here: a local actor to which one sends and links as to any other.
//
// What a peer does not read is held back, in steps. Above an eighth of `Options::queue` bytes senders are told to wait
// (Flow); above a half the endpoint reads no more, so that what arrives cannot bring forth further answers; above the
// whole, which takes senders that do not listen, the connection ends with a transport_error.
//
// Rules: WIRE-1 to WIRE-6, RMT-1 to RMT-12.
#pragma once

#include <chrono>
#include <unordered_map>
#include <unordered_set>

#include "reference/remote/actor.hpp"
#include "reference/remote/frame.hpp"

namespace asio {
class io_context;
}

namespace ffi_cts::remote {

class ChildProcess;
class Stream;

struct Options {
  Dialect dialect = Dialect::plain;
  std::size_t frame_limit = default_frame_limit;  // bytes of a frame's content, both ways
  std::size_t queue = 1u << 20;                   // bytes; at least four frames
  // After close() the peer has so long to take what is queued; the rest is dropped, and its input ends. A child then
  // has as long again to end, and after SIGTERM once more, before SIGKILL.
  std::chrono::milliseconds patience{500};
  // What a child writes to its stderr, in pieces as they come. Unset: passed on to this process's.
  std::function<void(std::string_view bytes)> diagnostics = {};
  // The connection is closed, nothing of it is left, and a child is reaped. Called on the loop, once.
  std::function<void()> closed = {};
};

// Used on its loop's thread only. Made by Loop (remote.hpp), which also owns it.
class Endpoint : public std::enable_shared_from_this<Endpoint> {
 public:
  Endpoint(asio::io_context& loop, Node& node, Options options);
  ~Endpoint();
  // Either or. Throw std::runtime_error when the system refuses.
  void start(int in, int out);  // owns the descriptors from now on
  void start(const std::vector<std::string>& command);

  // Its own actor: ends with "transport_closed" when the connection is lost or closed. It takes ["send", from, to,
  // payload] with a remote id or name as `to`.
  Id id() const noexcept { return face_; }
  Flow send_named(Id from, std::string_view name, Payload payload);
  // The proxy of a remote actor, made if there is none. After the end of the connection: an id that is nobody's.
  Id proxy(Id remote);
  // Of which remote actor that is the proxy.
  std::optional<Id> remote_of(Id proxy) const;
  std::size_t proxies() const noexcept { return proxies_.size(); }

  // All proxies and id() end with "transport_closed"; what is queued is written; the peer's input is closed; a child is
  // waited for, then terminated, then killed. Returns at once.
  void close();
  bool open() const noexcept { return state_ == State::open; }

  int child_pid() const noexcept;                                             // -1: there is no child, or it is reaped
  std::optional<int> child_status() const noexcept { return child_status_; }  // as waitpid() has it, once it is reaped

 private:
  friend class Face;
  friend class Loop;
  friend class Proxy;
  enum class State : std::uint8_t { open, closing, closed };
  struct Received;

  void arrived(FrameReader& frames);
  void fail(std::string_view why);
  void lose();
  void written();
  void input_ended();
  void child_gone(int status);
  void finish();
  // Closed, without patience: what is queued is lost, a child killed and reaped.
  void abandon() noexcept;

  Flow send(Id from, Id remote, Payload payload);
  Flow write(Id from, const Message& message);
  void write_frame_of(const Message& message);
  void write_frame_of(std::span<const std::uint8_t> head, Payload payload);
  Flow written_for(Id from);
  void hold_back();
  void introduce(Id local);
  void forget(Id remote, Id proxy);
  void tell_exit(Id local, std::string_view reason);

  asio::io_context& loop_;
  Node& node_;
  const Options options_;
  State state_ = State::open;
  bool input_ended_ = false;
  Id face_ = 0;
  std::unordered_map<Id, Id> proxies_;  // remote id to local id
  std::pair<Id, Id> last_;              // the row that was looked up last; its local id is 0: none
  Id last_introduced_ = 0;
  std::unordered_set<Id> introduced_;  // local actors that the peer knows, and is to hear the end of
  std::unordered_set<Id> waiting_;     // senders that were told to wait
  std::unique_ptr<cbor::Writer> scratch_;
  std::shared_ptr<Stream> stream_;
  std::shared_ptr<ChildProcess> child_;
  std::optional<int> child_status_;
  struct Patience;
  std::unique_ptr<Patience> timer_;
};

}  // namespace ffi_cts::remote
