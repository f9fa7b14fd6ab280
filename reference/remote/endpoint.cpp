#include "reference/remote/endpoint.hpp"

#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "reference/cbor/cbor.hpp"
#include "reference/remote/child_process.hpp"
#include "reference/remote/proxy.hpp"
#include "reference/remote/stream.hpp"

namespace ffi_cts::remote {
namespace {

constexpr std::string_view transport_closed = "transport_closed";
constexpr std::size_t longest_why = 1'000, frame_around_why = 24;

void to_own_stderr(std::string_view bytes) {
  [[maybe_unused]] const ssize_t size = ::write(STDERR_FILENO, bytes.data(), bytes.size());
}

Options completed(Options options) {
  options.queue = std::max(options.queue, 4 * options.frame_limit);
  if (!options.diagnostics) options.diagnostics = to_own_stderr;
  return options;
}

}  // namespace

struct Endpoint::Patience {
  asio::steady_timer timer;
};

Endpoint::Endpoint(asio::io_context& loop, Node& node, Options options)
    : loop_(loop), node_(node), options_(completed(std::move(options))), scratch_(std::make_unique<cbor::Writer>()) {}

Endpoint::~Endpoint() {
  abandon();
}

void Endpoint::start(int in, int out) {
  Stream::Events events;
  events.arrived = [this](FrameReader& frames) { arrived(frames); };
  events.ended = [this] { input_ended(); };
  events.written = [this] { written(); };
  events.output_closed = [this] { child_ ? child_->end(options_.patience) : finish(); };
  stream_ = std::make_shared<Stream>(loop_, in, out, options_.frame_limit, std::move(events));
  face_ = node_.spawn<Face>(*this).id();
  stream_->start();
}

void Endpoint::start(const std::vector<std::string>& command) {
  ChildProcess::Events events;
  events.diagnostics = options_.diagnostics;
  events.gone = [this](int status) { child_gone(status); };
  child_ = std::make_shared<ChildProcess>(loop_, command, std::move(events));
  start(child_->its_stdout(), child_->its_stdin());
  child_->start();
}

// --- what comes ---------------------------------------------------------------------------------------------------

struct Endpoint::Received {
  Endpoint& endpoint;

  // From the peer to its own is to nobody: our ids of them are no addresses on the wire.
  void deliver(Id from, Id to, Payload payload) const {
    Actor* const actor = endpoint.node_.find(to);
    if (actor != nullptr && Proxy::of(endpoint, actor) == nullptr) endpoint.node_.receive(from, *actor, payload);
  }
  void operator()(const Send& m) const { deliver(endpoint.proxy(m.from), m.to, m.payload); }
  void operator()(const SendNamed& m) const {
    const Id from = endpoint.proxy(m.from);
    if (const auto to = endpoint.node_.named(m.name)) {
      deliver(from, *to, m.payload);
    } else {
      endpoint.node_.complain("no actor is named '" + m.name + "'");
    }
  }
  void operator()(const Link& m) const {
    endpoint.proxy(m.from);
    endpoint.remote_of(m.to) ? endpoint.tell_exit(m.to, "noproc") : endpoint.introduce(m.to);
  }
  // The row goes now, so that the next message makes a new proxy; the proxy when what came before is delivered.
  void operator()(const Exit& m) const {
    const auto row = endpoint.proxies_.find(m.who);
    if (row == endpoint.proxies_.end()) return;
    endpoint.node_.exit_in_turn(row->second, m.reason);
    endpoint.forget(m.who, row->second);
  }
  void operator()(const TransportError& m) const {
    endpoint.node_.complain("the peer ends the connection: " + m.reason);
    endpoint.lose();
  }
  void operator()(const ProxyId&) const {}
  void operator()(const MessageError& error) const { endpoint.fail(error.text); }
};

void Endpoint::arrived(FrameReader& frames) {
  const Received received{*this};
  while (state_ == State::open) {
    const auto content = frames.next();
    if (!content) break;
    if (Send send; options_.dialect == Dialect::plain && is_plain_send(*content, send)) {
      received(send);
    } else {
      std::visit(received, decode(*content, options_.dialect));
    }
  }
  if (frames.error()) fail(frames.error()->text);
}

Id Endpoint::proxy(Id remote) {
  if (state_ != State::open) return 0;
  if (remote == last_.first && last_.second != 0) return last_.second;
  const auto [row, is_new] = proxies_.try_emplace(remote);
  if (is_new) row->second = node_.spawn<Proxy>(*this, remote).id();
  last_ = *row;
  return row->second;
}

std::optional<Id> Endpoint::remote_of(Id proxy) const {
  const Proxy* const found = Proxy::of(*this, node_.find(proxy));
  return found != nullptr ? std::optional(found->remote()) : std::nullopt;
}

// --- what goes ----------------------------------------------------------------------------------------------------

Flow Endpoint::send(Id from, Id remote, Payload payload) {
  if (options_.dialect != Dialect::plain) return write(from, Send{from, remote, payload});
  if (state_ != State::open) return Flow::go_on;
  PlainSendHead head;
  write_frame_of(head.write(from, remote), payload);
  return written_for(from);
}

void Endpoint::forget(Id remote, Id proxy) {
  last_ = {};
  const auto row = proxies_.find(remote);
  if (row != proxies_.end() && row->second == proxy) proxies_.erase(row);
}

Flow Endpoint::send_named(Id from, std::string_view name, Payload payload) {
  return write(from, SendNamed{from, std::string(name), payload});
}

Flow Endpoint::write(Id from, const Message& message) {
  if (state_ != State::open) return Flow::go_on;
  write_frame_of(message);
  return written_for(from);
}

Flow Endpoint::written_for(Id from) {
  introduce(from);
  if (stream_->unwritten() <= options_.queue / 8) return Flow::go_on;
  waiting_.insert(from);
  hold_back();
  return Flow::wait;
}

void Endpoint::hold_back() {
  const std::size_t unwritten = stream_->unwritten();
  if (unwritten > options_.queue / 2) stream_->pause();
  if (unwritten > options_.queue) fail("the peer does not read: " + std::to_string(unwritten) + " bytes are queued");
}

void Endpoint::write_frame_of(const Message& message) {
  scratch_->clear();
  const Payload payload = encode_head(*scratch_, message, options_.dialect);
  write_frame_of(scratch_->bytes(), payload);
}

void Endpoint::write_frame_of(std::span<const std::uint8_t> head, Payload payload) {
  const std::size_t size = head.size() + payload.size();
  if (size > options_.frame_limit) {
    throw std::length_error("a message of " + std::to_string(size) + " bytes is over the limit of " +
                            std::to_string(options_.frame_limit));
  }
  write_frame(stream_->queue(), head, payload);
  stream_->queued();
}

// The peer hears of its end; at once, if it is gone already.
void Endpoint::introduce(Id local) {
  if (local == last_introduced_) return;
  last_introduced_ = local;
  if (introduced_.insert(local).second) node_.link(face_, local);
}

void Endpoint::tell_exit(Id local, std::string_view reason) {
  if (state_ != State::open) return;
  introduced_.erase(local);
  last_introduced_ = 0;
  const std::size_t room = options_.frame_limit > frame_around_why ? options_.frame_limit - frame_around_why : 0;
  write_frame_of(Exit{local, std::string(beginning(reason, room))});
  hold_back();
}

void Endpoint::written() {
  if (state_ != State::open || stream_->unwritten() > options_.queue / 16) return;
  stream_->go_on();
  for (const Id sender : std::exchange(waiting_, {})) node_.resume(sender);
}

// --- the end ------------------------------------------------------------------------------------------------------

void Endpoint::fail(std::string_view why) {
  if (state_ != State::open) return;
  node_.complain("the connection ends: " + std::string(why));
  const std::size_t room = std::min(longest_why, options_.frame_limit - frame_around_why);
  write_frame_of(TransportError{std::string(beginning(why, room))});
  lose();
}

void Endpoint::close() {
  if (state_ == State::open) lose();
}

void Endpoint::lose() {
  state_ = State::closing;
  for (const auto& [remote, local] : std::exchange(proxies_, {})) node_.exit_in_turn(local, transport_closed);
  node_.exit_in_turn(face_, transport_closed);
  for (const Id sender : std::exchange(waiting_, {})) node_.resume(sender);
  introduced_.clear();
  stream_->discard();       // so that a peer that is writing gets to see the end of its input
  stream_->close_output();  // and a child's patience begins when that is done
  timer_ = std::make_unique<Patience>(Patience{asio::steady_timer(loop_, options_.patience)});
  timer_->timer.async_wait([stream = stream_](const asio::error_code& error) {
    if (!error) stream->drop_output();
  });
}

void Endpoint::input_ended() {
  input_ended_ = true;
  close();
  if (child_status_) finish();
}

void Endpoint::child_gone(int status) {
  child_status_ = status;
  const auto stream = stream_;  // outlives what it calls
  input_ended_ ? finish() : stream->last_look();
}

void Endpoint::finish() {
  if (state_ == State::closed) return;
  const auto self = shared_from_this();
  abandon();
  if (options_.closed) options_.closed();
}

void Endpoint::abandon() noexcept {
  if (state_ == State::open && face_ != 0) lose();
  state_ = State::closed;
  timer_.reset();
  if (const auto stream = std::exchange(stream_, nullptr)) stream->abandon();
  if (const auto child = std::exchange(child_, nullptr)) child->abandon();
}

int Endpoint::child_pid() const noexcept {
  return child_ ? child_->pid() : -1;
}

}  // namespace ffi_cts::remote
