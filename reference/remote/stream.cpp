#include "reference/remote/stream.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <asio/post.hpp>
#include <asio/write.hpp>
#include <cerrno>
#include <utility>

namespace ffi_cts::remote {
namespace {

constexpr std::size_t read_size = 65'536, write_size = 65'536;
constexpr int pipe_size = 262'144;
constexpr int most_last_reads = 256;  // somebody else may hold the other end and write for ever

// A second descriptor for the same, so that each direction can be closed by itself.
int duplicate(int fd) {
  return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

// A pipe, so that two processes need not wake each other for every 64 KiB. A socket stays as it is, and so does a pipe
// of a user who may have no more.
void enlarge(int fd) {
  if (const int size = fcntl(fd, F_GETPIPE_SZ); size > 0 && size < pipe_size) fcntl(fd, F_SETPIPE_SZ, pipe_size);
}

}  // namespace

Stream::Stream(asio::io_context& loop, int in, int out, std::size_t frame_limit, Events events)
    : in_(loop, in), out_(loop, in == out ? duplicate(out) : out), events_(std::move(events)), frames_(frame_limit) {
  enlarge(in_.native_handle());
  enlarge(out_.native_handle());
  in_.non_blocking(true);
  out_.non_blocking(true);
}

// --- in -----------------------------------------------------------------------------------------------------------

void Stream::read() {
  if (reading_ || ended_ || (paused_ && !discarding_)) return;
  reading_ = true;
  const auto space = frames_.space(read_size);
  in_.async_read_some(asio::buffer(space.data(), space.size()),
                      [self = shared_from_this()](const asio::error_code& error, std::size_t size) {
                        // Still reading, as long as somebody looks at what came: a read that began meanwhile would move
                        // the bytes that it looks at.
                        if (!error) self->take(size);
                        self->reading_ = false;
                        if (self->last_look_) return self->look();
                        error ? self->end() : self->read();
                      });
}

void Stream::take(std::size_t size) {
  if (discarding_ || abandoned_) return;
  frames_.filled(size);
  events_.arrived(frames_);
}

void Stream::go_on() {
  paused_ = false;
  read();
}

void Stream::discard() {
  discarding_ = true;
  read();
}

void Stream::last_look() {
  last_look_ = true;
  if (ended_) return;
  if (!reading_) return look();
  in_.cancel();  // its handler looks
}

void Stream::look() {
  reading_ = true;  // nobody else does any more
  for (int i = 0; i < most_last_reads && !ended_ && in_.is_open(); ++i) {
    const auto space = frames_.space(read_size);
    const ssize_t size = ::read(in_.native_handle(), space.data(), space.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    take(static_cast<std::size_t>(size));
  }
  end();
}

void Stream::end() {
  if (std::exchange(ended_, true)) return;
  asio::error_code ignored;
  in_.close(ignored);
  if (!abandoned_) events_.ended();
}

// --- out ----------------------------------------------------------------------------------------------------------

void Stream::queued() {
  if (!writable_) queue_.clear();
  if (!writing_.empty()) return;
  if (queue_.size() >= write_size) return write();  // what a pipe takes at a time: the peer has something to do
  if (write_posted_) return;
  write_posted_ = true;
  asio::post(out_.get_executor(), [self = shared_from_this()] {
    self->write_posted_ = false;
    self->write();
  });
}

void Stream::write() {
  if (!writing_.empty()) return;
  if (!writable_ || queue_.empty()) return finish_output();
  std::swap(queue_, writing_);
  asio::async_write(out_, asio::buffer(writing_),
                    [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                      self->writing_.clear();
                      if (!error && !self->abandoned_) self->events_.written();
                      if (error && self->writable_) {
                        self->drop_output();
                        self->last_look();  // what the peer said before it went
                      }
                      self->write();
                    });
}

void Stream::close_output() {
  closing_output_ = true;
  queued();
}

void Stream::drop_output() {
  writable_ = false;
  queue_.clear();
  asio::error_code ignored;
  out_.cancel(ignored);
  finish_output();
}

void Stream::finish_output() {
  if (!closing_output_ || !out_.is_open() || (writable_ && unwritten() > 0)) return;
  ::shutdown(out_.native_handle(), SHUT_WR);  // of a socket, whose other direction may stay open; of a pipe, nothing
  asio::error_code ignored;
  out_.close(ignored);
  writable_ = false;
  if (!abandoned_) events_.output_closed();
}

void Stream::abandon() {
  abandoned_ = true;
  ended_ = true;
  closing_output_ = true;
  asio::error_code ignored;
  in_.close(ignored);
  drop_output();
}

}  // namespace ffi_cts::remote
