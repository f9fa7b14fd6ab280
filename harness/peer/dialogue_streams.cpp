// The streams of a conversation: writing in pieces, reading whatever comes, waiting.
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "harness/peer/dialogue.hpp"
#include "harness/peer/streams.hpp"

namespace ffi_cts::peer {
namespace {

constexpr int look_ms = 2;  // between looks at a peer that does not move
constexpr std::size_t most_lines = 2'000, most_bytewise = 64;
constexpr std::size_t most_unasked = 8u << 20;  // bytes

}  // namespace

void Dialogue::note(Seen seen, std::string text) {
  Event event{seen, step_};
  event.text = std::move(text);
  event.at_us = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun_).count());
  trace_.events.push_back(std::move(event));
}

void Dialogue::send(Message message, const Form& form, int step) {
  note(Seen::sent);
  Event& event = trace_.events.back();
  event.step = step;
  event.content = write_message(message, manner_.dialect);
  event.to_id = message.remote;
  event.message = std::move(message);
  const Bytes frame = write_frame(event.content, form.head);
  if (form.joined) {
    held_.insert(held_.end(), frame.begin(), frame.end());
    return;
  }
  if (form.cut == 0 && !form.bytewise) {
    held_.insert(held_.end(), frame.begin(), frame.end());
    return flush();
  }
  // What waited to be written together goes with the first piece.
  const std::size_t before = held_.size();
  Bytes all = std::move(held_);
  held_.clear();
  all.insert(all.end(), frame.begin(), frame.end());
  const ByteView view(all);
  std::size_t at = 0;
  if (form.bytewise) {
    for (std::size_t i = 0; i < most_bytewise && at + 1 < view.size(); ++i) {
      const std::size_t size = at == 0 ? before + 1 : 1;
      write_piece(view.subspan(at, size), true);
      at += size;
    }
  } else {
    at = std::min(before + form.cut, view.size() - 1);
    write_piece(view.first(at), true);
  }
  write_piece(view.subspan(at), false);
}

void Dialogue::send_raw(const Bytes& bytes, FaultClass fault, const std::string& text) {
  note(Seen::sent, text);
  trace_.events.back().fault = fault;
  trace_.events.back().content = bytes;
  write_piece(bytes, false);
}

void Dialogue::flush() {
  if (held_.empty()) return;
  const Bytes all = std::move(held_);
  held_.clear();
  write_piece(all, false);
}

// Meanwhile everything that comes is read. `until_taken`: the peer has read it before this returns.
void Dialogue::write_piece(ByteView bytes, bool until_taken) {
  // What was written before has been read, so that the peer gets nothing together by chance.
  await_taken();
  stillness_.reset();
  while (!bytes.empty() && !closed_ && !ended_) {
    const ssize_t n = write_some(process_.input.get(), bytes.data(), bytes.size());
    if (n > 0) {
      sent_ += static_cast<std::size_t>(n);
      bytes = bytes.subspan(static_cast<std::size_t>(n));
      stillness_.reset();
    } else if (n < 0) {
      return;  // nobody reads any more: the end of its output will tell
    } else if (!pump(1) && stillness_.still()) {
      return;  // it does not read: what is due will not come
    }
  }
  if (until_taken) await_taken();
}

// Until the peer has read all that was written. One that did not once is not waited for again.
void Dialogue::await_taken() {
  stillness_.reset();
  while (reads_ && !ended_ && !closed_ && !trace_.exited && unread(process_.input.get()) > 0)
    if (!pump(0) && stillness_.still()) reads_ = false;
}

// Reads what is there, or comes within so many milliseconds. False: nothing moved.
bool Dialogue::pump(int ms) {
  std::array<pollfd, 4> fds{{{reading_ && !ended_ ? process_.output.get() : -1, POLLIN, 0},
                             {process_.diagnostics.get(), POLLIN, 0},
                             {stub_gone_ ? -1 : process_.control.get(), POLLIN, 0},
                             {trace_.exited ? -1 : process_.pidfd.get(), POLLIN, 0}}};
  if (poll(fds.data(), fds.size(), ms) <= 0) return false;
  bool moved = false;
  if (fds[0].revents) moved |= read_output();
  if (fds[1].revents) moved |= read_diagnostics();
  if (fds[2].revents) moved |= read_control();
  int status = 0;
  if (fds[3].revents && process_.reap(status)) {
    trace_.exited = moved = true;
    if (WIFSIGNALED(status))
      trace_.signal = WTERMSIG(status);
    else
      trace_.status = WEXITSTATUS(status);
  }
  return moved;
}

bool Dialogue::read_output() {
  static thread_local std::array<std::uint8_t, 65536> memory;
  const ssize_t n = read(process_.output.get(), memory.data(), memory.size());
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (n <= 0) {
    ended_ = true;
    if (!reader_.rest().empty() && reader_.broken().empty()) {
      note(Seen::unreadable, "its output ends inside a frame");
      trace_.events.back().content.assign(reader_.rest().begin(), reader_.rest().end());
    }
    note(Seen::ended);
    return true;
  }
  received_ += static_cast<std::size_t>(n);
  if (received_ > most_unasked + 2 * sent_) {
    note(Seen::unreadable, "it never stops");
    process_.output.reset();
    return ended_ = true;
  }
  if (!reader_.broken().empty()) return true;  // nothing after it can be read
  reader_.feed(ByteView(memory.data(), static_cast<std::size_t>(n)));
  while (const auto frame = reader_.next()) take(*frame);
  if (!reader_.broken().empty()) {
    note(Seen::unreadable, reader_.broken());
    const ByteView rest = reader_.rest();
    trace_.events.back().content.assign(
        rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(rest.size(), 64)));
  }
  return true;
}

bool Dialogue::read_diagnostics() {
  std::array<char, 16384> memory;
  const ssize_t n = read(process_.diagnostics.get(), memory.data(), memory.size());
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (n <= 0) {
    process_.diagnostics.reset();
    return true;
  }
  for (const char c : std::string_view(memory.data(), static_cast<std::size_t>(n))) {
    if (c != '\n') {
      if (line_.size() < 4096) line_ += c;
      continue;
    }
    if (trace_.events.size() < most_lines || line_.starts_with("exited ")) note(Seen::line, line_);
    line_.clear();
  }
  return true;
}

bool Dialogue::read_control() {
  char word = 0;
  const ssize_t n = read(process_.control.get(), &word, 1);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  Child& child = trace_.child;
  if (n == 1) {
    child.told_to_end = true;
  } else {
    stub_gone_ = true;
    process_.child_stderr.reset();
    process_.input.reset();  // what was the child's
    child.killed = !child.let_go && (!child.told_to_end || child.stubborn);
  }
  if (!ended_ && !child.let_go && !closed_) child.pressed_early = true;
  if (stub_gone_) closed_ = true;
  return true;
}

// Until all that is due has come, or the peer sleeps and nothing moves.
void Dialogue::settle() {
  flush();
  stillness_.reset();
  while (!ended_ && !trace_.exited) {
    if (due_.empty() && !ending_due_) {
      if (trace_.events.empty() || trace_.events.back().seen != Seen::settled) note(Seen::settled);
      return;
    }
    if (pump(look_ms)) {
      stillness_.reset();
      continue;
    }
    if (!stillness_.still()) continue;
    note(Seen::stalled);
    due_.clear();
    if (ending_due_) leave(true);  // it was to end the connection
    return;
  }
}

// The streams' end, and the process's.
void Dialogue::finish() {
  if (setup_.parent && !closed_ && !ended_) leave(true);  // the child's end, as a parent sees it
  if (!closed_ && !ended_) leave(false);
  process_.input.reset();
  // A child that heeds the end of its input, or has ended by itself, goes.
  const auto let_go = [&] {
    if (!process_.control || stub_gone_ || trace_.child.let_go || trace_.child.stubborn) return;
    trace_.child.let_go = true;
    process_.child_stderr.reset();
    const char word = static_cast<char>(StubWord::end);
    if (write(process_.control.get(), &word, 1) < 0) return;
  };
  if (!process_.output) ended_ = true;
  stillness_.reset();
  while (!trace_.exited || (!ended_ && process_.output)) {
    if (ended_) let_go();
    const bool gone_before = trace_.exited;
    if (pump(look_ms)) {
      stillness_.reset();
      continue;
    }
    if (gone_before) break;  // its output is held open by somebody else
    if (!stillness_.still()) continue;
    trace_.killed = true;
    kill(-process_.pid, SIGKILL);
    if (process_.pid > 0) kill(process_.pid, SIGKILL);
    for (int i = 0; i < 1000 && !trace_.exited; ++i) pump(10);
    break;
  }
  while (process_.diagnostics && pump(0)) {
  }
  if (!line_.empty()) note(Seen::line, std::exchange(line_, {}));
  trace_.child.left = !trace_.killed && process_.stub_left();
  note(Seen::exited);
}

}  // namespace ffi_cts::peer
