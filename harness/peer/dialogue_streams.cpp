// The streams of a conversation: writing in pieces, reading whatever comes, waiting.
#include <limits.h>
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
constexpr std::size_t most_lines = 2'000, most_due_lines = 100'000, most_bytewise = 64;
constexpr int most_last_reads = 256;            // of stderr: somebody else may hold it, and print for ever
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
    } else if (stillness_.still(pump(1))) {
      return;  // it does not read: what is due will not come
    }
  }
  if (until_taken) await_taken();
}

// Until the peer has read all that was written. One that did not once is not waited for again.
void Dialogue::await_taken() {
  stillness_.reset();
  while (reads_ && !ended_ && !closed_ && !trace_.exited && unread(process_.input.get()) > 0)
    if (stillness_.still(pump(0))) reads_ = false;
}

// Reads what is there, or comes within so many milliseconds. False: nothing moved; what it prints is no move.
bool Dialogue::pump(int ms) {
  std::array<pollfd, 4> fds{{{reading_ && !ended_ ? process_.output.get() : -1, POLLIN, 0},
                             {process_.diagnostics.get(), POLLIN, 0},
                             {stub_gone_ ? -1 : process_.control.get(), POLLIN, 0},
                             {trace_.exited ? -1 : process_.pidfd.get(), POLLIN, 0}}};
  if (poll(fds.data(), fds.size(), ms) <= 0) return false;
  bool moved = false;
  if (fds[0].revents) moved |= read_output();
  if (fds[1].revents) read_diagnostics();
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
    take_line();
  }
  return true;
}

// All lines that judges look for, and a part of the others.
void Dialogue::take_line() {
  const bool due = line_.starts_with("exited ") ||
                   std::any_of(noises_.begin(), noises_.end(),
                               [&](const std::string& noise) { return line_.find(noise) != std::string::npos; });
  if (due ? due_lines_++ < most_due_lines : lines_++ < most_lines) note(Seen::line, line_);
  line_.clear();
}

// On the child's stderr, which may be the parent's own and block: no more at a time than there surely is room for.
bool Dialogue::make_noise(std::string_view text) {
  stillness_.reset();
  while (!text.empty() && process_.child_stderr) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const ssize_t n = write_some(process_.child_stderr.get(), bytes, std::min<std::size_t>(text.size(), PIPE_BUF));
    if (n < 0 || (n == 0 && stillness_.still(pump(1)))) break;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return text.empty();
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
  // Its input may have ended, with something in it that was not read yet.
  if (!ended_ && !child.let_go && !closed_ && !hung_up(process_.output.get())) child.pressed_early = true;
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
    if (!stillness_.still(pump(look_ms))) continue;
    note(Seen::stalled);
    due_.clear();
    if (ending_due_) leave(true);  // it was to end the connection
    return;
  }
}

void Dialogue::kill_it() {
  trace_.killed = true;
  kill(-process_.pid, SIGKILL);
  if (process_.pid > 0) kill(process_.pid, SIGKILL);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!trace_.exited && std::chrono::steady_clock::now() < end) pump(10);
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
    const bool moved = pump(look_ms);
    if (gone_before && !moved) break;  // its output is held open by somebody else
    if (!stillness_.still(moved)) continue;
    if (!gone_before) kill_it();
    break;
  }
  for (int i = 0; i < most_last_reads && process_.diagnostics && read_diagnostics(); ++i) {
  }
  if (!line_.empty()) take_line();
  trace_.child.left = !trace_.killed && process_.stub_left();
  note(Seen::exited);
}

}  // namespace ffi_cts::peer
