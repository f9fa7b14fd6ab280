// What a conversation's steps send: payloads, and floods of them.
#include "harness/peer/payloads.hpp"

#include <algorithm>

#include "harness/peer/dialogue.hpp"
#include "harness/peer/streams.hpp"

namespace ffi_cts::peer {

namespace {

constexpr std::uint32_t flood_item = 24'000;
constexpr double held_back_s = 2;  // who takes nothing for so long is held back: to err here accuses nobody

}  // namespace

Bytes payload_of(std::string_view word, const std::optional<Bytes>& second) {
  Bytes out;
  write_head(out, 4, second ? 2 : 1);
  write_text(out, word);
  if (second) out.insert(out.end(), second->begin(), second->end());
  return out;
}

Bytes text_item(std::string_view text) {
  Bytes out;
  write_text(out, text);
  return out;
}

Bytes number_item(std::uint64_t number) {
  Bytes out;
  write_head(out, 0, number);
  return out;
}

Bytes bytes_item(std::uint32_t size) {
  Bytes out;
  write_head(out, 2, size);
  out.resize(out.size() + size, 'x');
  return out;
}

Bytes useless_payload(const Step& step) {
  Bytes item = any_item(step.size, step.seed);
  if (step.seed % 3 == 0) return item;
  return payload_of(step.seed % 3 == 1 ? "ech" : "hello", std::move(item));
}

// ["echo", [step, item]], so that the answer tells what it answers.
Bytes Dialogue::echo_payload(int number, std::uint32_t size, std::uint32_t seed) const {
  return echo_payload(number, any_item(size, seed));
}

Bytes Dialogue::echo_payload(int number, const Bytes& item) const {
  Bytes second;
  write_head(second, 4, 2);
  number >= 0 ? write_head(second, 0, static_cast<std::uint64_t>(number)) : write_head(second, 1, 0);
  second.insert(second.end(), item.begin(), item.end());
  return payload_of("echo", std::move(second));
}

// In a small frame an item is as long as may be.
Bytes Dialogue::fitting_payload(const Step& step, const Message& message) const {
  Message probe = message;
  probe.payload = echo_payload(step_, step.size, step.seed);
  return write_message(probe, manner_.dialect).size() > manner_.limit ? full_payload(message) : probe.payload;
}

// The frame has just the length of the limit, there and back.
Bytes Dialogue::full_payload(const Message& message) const {
  constexpr std::uint32_t probed = 300;
  Message probe = message;
  probe.payload = echo_payload(step_, bytes_item(probed));
  const std::size_t around = write_message(probe, manner_.dialect).size() - probed;
  std::uint32_t size = static_cast<std::uint32_t>(manner_.limit - std::min(manner_.limit, around));
  for (;; --size) {  // a longer item may have a longer head
    probe.payload = echo_payload(step_, bytes_item(size));
    if (write_message(probe, manner_.dialect).size() <= manner_.limit) return probe.payload;
  }
}

void Dialogue::flood(const Step& step) {
  settle();
  if (over()) return;
  Flood flood;
  flood.event = trace_.events.size();
  const std::size_t before = process_.memory();
  const std::uint32_t item = std::min(flood_item, static_cast<std::uint32_t>(manner_.limit - 200));
  const std::uint32_t frames = static_cast<std::uint32_t>(std::uint64_t{step.size} * flood_item / item);
  reading_ = false;
  for (std::uint32_t i = 0; i < frames && !over(); ++i) {
    const Message message{MessageKind::send_named, id_of_judge(step.from), 0, "conformance",
                          echo_payload(step_, bytes_item(item))};
    const Bytes frame = write_frame(write_message(message, manner_.dialect));
    std::size_t written = 0;
    stillness_.reset(held_back_s);
    while (written < frame.size() && !over()) {
      const ssize_t n = write_some(process_.input.get(), frame.data() + written, frame.size() - written);
      if (n < 0) break;
      written += static_cast<std::size_t>(n);
      if (n > 0)
        stillness_.reset(held_back_s);
      else if (stillness_.still(pump(1)))
        break;
    }
    flood.sent += written;
    sent_ += written;
    due_.push_back({Due::echo, static_cast<std::uint64_t>(step_), step_});
    if (written == frame.size()) continue;
    flood.held_back = true;
    held_.assign(frame.begin() + static_cast<std::ptrdiff_t>(written), frame.end());  // the rest follows once it reads
    break;
  }
  stillness_.reset(held_back_s);
  while (!flood.held_back && !over() && unread(process_.input.get()) > 0 && !stillness_.still(pump(1))) {
  }
  const std::size_t after = process_.memory();
  flood.grown = after > before ? after - before : 0;
  trace_.flood = flood;
  note(Seen::sent, "a flood");
  reading_ = true;
  flush();
  settle();
}

}  // namespace ffi_cts::peer
