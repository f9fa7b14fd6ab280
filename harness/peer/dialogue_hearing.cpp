// What comes in a conversation, and what it fulfils.
#include <algorithm>

#include "harness/peer/dialogue.hpp"

namespace ffi_cts::peer {
namespace {

// Of ["spawned", 5] or the like: the word, and the number where there is one.
std::pair<std::string, std::optional<std::uint64_t>> answer(const Message& message) {
  const Decoded payload = decode(message.payload);
  const List* list = payload ? payload.value->list() : nullptr;
  if (!list || list->size() != 2 || !(*list)[0].text()) return {};
  return {*(*list)[0].text(), (*list)[1].uint()};
}

}  // namespace

void Dialogue::take(const Frame& frame) {
  note(Seen::received);
  Event& event = trace_.events.back();
  event.head = frame.head;
  event.content = frame.content;
  auto read = read_message(frame.content, manner_.dialect);
  if (const auto* why = std::get_if<std::string>(&read)) {
    event.text = *why;
    return;
  }
  event.message = std::get<Message>(std::move(read));
  learn(*event.message);
  fulfil(*event.message);
}

// Ids that the peer tells.
void Dialogue::learn(const Message& message) {
  if (message.kind == MessageKind::link) watches_.emplace_back(message.local, message.remote);
  if (message.kind != MessageKind::send) return;
  if (const auto number = echo_number(message.payload)) {
    const bool due =
        std::any_of(due_.begin(), due_.end(), [&](const Due& d) { return d.kind == Due::echo && d.number == *number; });
    const Step* step =
        *number > 0 && *number <= trace_.conversation.steps.size() ? &trace_.conversation.steps[*number - 1] : nullptr;
    if (due && (*number == 0 || (step && step->to == conformance))) actors_[conformance] = message.local;
    return;
  }
  const auto [word, number] = answer(message);
  if (word != "spawned" || !number) return;
  const auto asked = std::find_if(due_.begin(), due_.end(),
                                  [&](const Due& d) { return d.kind == Due::spawned && d.number == message.remote; });
  if (asked == due_.end()) return;
  actors_[trace_.conversation.steps[static_cast<std::size_t>(asked->step - 1)].to] = *number;
  actors_[conformance] = message.local;
}

void Dialogue::remove_due(Due::Kind kind, std::uint64_t number) {
  const auto found =
      std::find_if(due_.begin(), due_.end(), [&](const Due& d) { return d.kind == kind && d.number == number; });
  if (found == due_.end()) return;
  due_.erase(found);
  stillness_.reset();
}

void Dialogue::fulfil(const Message& message) {
  if (message.kind == MessageKind::link) return remove_due(Due::link, message.remote);
  if (message.kind == MessageKind::exit) return remove_due(Due::exit, message.local);
  if (message.kind != MessageKind::send) return;
  if (const auto number = echo_number(message.payload)) return remove_due(Due::echo, *number);
  const std::string word = answer(message).first;
  if (word == "spawned") return remove_due(Due::spawned, message.remote);
  if (word == "proxy") return remove_due(Due::proxy, message.remote);
  if (word == "exited") return remove_due(Due::exited, message.local);
}

}  // namespace ffi_cts::peer
