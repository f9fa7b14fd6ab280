// The two byte streams of a connection on the loop: frames come in, a queue of bytes goes out. Not for users of
// remote.hpp. Rules: WIRE-2, RMT-9, RMT-12.
#pragma once

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>

#include "reference/remote/frame.hpp"

namespace ffi_cts::remote {

// Kept alive by its own operations; whoever made it calls abandon() when it wants to hear no more.
class Stream : public std::enable_shared_from_this<Stream> {
 public:
  // Called on the loop.
  struct Events {
    std::function<void(FrameReader&)> arrived;  // takes the frames that there are
    std::function<void()> ended;                // nothing more will arrive; once
    std::function<void()> written;              // a part of the queue is gone
    std::function<void()> output_closed;        // after close_output(); once
  };

  // Owns the descriptors, which may be one and the same.
  Stream(asio::io_context& loop, int in, int out, std::size_t frame_limit, Events events);

  void start() { read(); }
  void pause() noexcept { paused_ = true; }
  void go_on();
  // From now on what arrives is dropped, whether paused or not.
  void discard();
  // Reads what is there and calls that the end: nobody is at the other one any more.
  void last_look();

  // To be appended to; then queued(). It is written at the loop's next turn, or when there is much of it.
  std::vector<std::uint8_t>& queue() noexcept { return queue_; }
  void queued();
  std::size_t unwritten() const noexcept { return queue_.size() + writing_.size(); }
  // As soon as everything is written.
  void close_output();
  void drop_output();  // what is not written yet

  // No event comes any more, and the descriptors are closed.
  void abandon();

 private:
  void read();
  void take(std::size_t size);
  void look();
  void end();
  void write();
  void finish_output();

  asio::posix::stream_descriptor in_, out_;
  const Events events_;
  FrameReader frames_;
  std::vector<std::uint8_t> queue_, writing_;
  bool reading_ = false, paused_ = false, discarding_ = false, last_look_ = false, ended_ = false;
  bool abandoned_ = false;
  bool write_posted_ = false, writable_ = true, closing_output_ = false;
};

}  // namespace ffi_cts::remote
