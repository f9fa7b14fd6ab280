// The steps of a conversation.
#include "harness/peer/dialogue.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "harness/peer/payloads.hpp"

namespace ffi_cts::peer {

Dialogue::Dialogue(Process& process, const Setup& setup, const Manner& manner, const Conversation& conversation)
    : process_(process), setup_(setup), manner_(manner), stillness_(process, setup.backstop_s) {
  trace_.conversation = conversation;
  trace_.dialect = manner.dialect;
  trace_.limit = manner.limit;
  trace_.parent = setup.parent;
}

Trace Dialogue::hold() {
  // A parent has its child first.
  while (setup_.parent && !trace_.child.begun && !trace_.exited) {
    trace_.child.begun = process_.accept_stub();
    if (!trace_.child.begun && stillness_.still(pump(1))) break;
  }
  mute_ = setup_.parent && !trace_.child.begun;
  for (const Step& step : trace_.conversation.steps) {
    ++step_;
    if (hopeless()) break;
    act(step);
  }
  step_ = 0;
  if (!hopeless()) flush();
  if (!hopeless()) ask_whether_all_is_well();
  finish();
  return std::move(trace_);
}

void Dialogue::act(const Step& step) {
  using enum Verb;
  if (shape(step.verb).framed) return act_framed(step);
  flush();
  switch (step.verb) {
    case bad:
      settle();
      if (over()) return;
      send_raw(fault_bytes(step.text, manner_.dialect, manner_.limit), fault_class(step.text), step.text);
      ending_due_ = true;
      return settle();
    case flood:
      return this->flood(step);
    case wait:
      return settle();
    case close:
      return leave(false);
    case vanish:
      return leave(true);
    case half: {
      Bytes frame = write_frame(write_message(
          {MessageKind::send_named, id_of_judge(1), 0, "conformance", payload_of("who")}, manner_.dialect));
      frame.resize(std::min<std::size_t>(frame.size() - 1, std::max(1u, step.size)));
      send_raw(frame, FaultClass::none, "the beginning of a frame");
      return leave(false);
    }
    case noise: {
      const Bytes frame = write_frame(write_message(
          {MessageKind::send_named, id_of_asker, 0, "conformance", echo_payload(-1, 1, 1)}, manner_.dialect));
      if (!step.text.empty()) noises_.push_back(step.text);
      if (make_noise(step.text + "\n" + std::string(frame.begin(), frame.end()) + "\n")) note(Seen::noise, step.text);
      return;
    }
    case stubborn: {
      trace_.child.stubborn = true;
      const char word = static_cast<char>(StubWord::stubborn);
      if (write(process_.control.get(), &word, 1) < 0) return;
      return;
    }
    case die:
      settle();
      process_.kill_stub();
      stub_gone_ = true;
      return leave(true);  // all that was the child's
    default:
      return;
  }
}

// Whom the step speaks to. False: an actor whose id the peer never told.
bool Dialogue::address(const Step& step, Message& message) {
  if (!shape(step.verb).to || step.verb == Verb::spawn || step.to == conformance) {
    message.kind = MessageKind::send_named;
    message.text = "conformance";
    return true;
  }
  if (step.to == nobody) {
    message.remote = id_of_nobody;
    return true;
  }
  if (!actors_.contains(step.to)) settle();
  if (over() || !actors_.contains(step.to)) return false;
  message.remote = actors_[step.to];
  return true;
}

void Dialogue::act_framed(const Step& step) {
  using enum Verb;
  const std::uint64_t from = id_of_judge(step.from);
  switch (step.verb) {
    case end:
      return end_of_judges_actor(step);
    case hail:
      return send({MessageKind::send_named, from, 0, step.text, payload_of("who")}, step.form, step_);
    case error:
      settle();
      if (over()) return;
      send({MessageKind::transport_error, 0, 0, step.text}, step.form, step_);
      flush();
      ending_due_ = true;
      return settle();
    case link:
    case proxy_id: {
      Message message{step.verb == link ? MessageKind::link : MessageKind::proxy_id, from};
      if (!address(step, message)) return;
      if (message.kind == MessageKind::send_named) {  // conformance: its id is known once it has answered
        if (!actors_.contains(conformance)) settle();
        if (over() || !actors_.contains(conformance)) return;
        message = {step.verb == link ? MessageKind::link : MessageKind::proxy_id, from, actors_[conformance]};
      }
      if (step.verb == link && step.to != nobody) {
        linked_.emplace(from, message.remote);
        if (ending_.contains(message.remote)) due_.push_back({Due::exit, message.remote, step_});
      }
      return send(std::move(message), step.form, step_);
    }
    default:
      return ask(step, {});
  }
}

// A step that tells an actor of the peer's something.
void Dialogue::ask(const Step& step, Bytes payload) {
  using enum Verb;
  Message message{MessageKind::send, id_of_judge(step.from)};
  if (!address(step, message)) return;
  const bool lives = step.to != nobody && !(message.remote != 0 && ending_.contains(message.remote));
  switch (step.verb) {
    case echo:
      payload = step.size == full_size ? full_payload(message) : fitting_payload(step, message);
      if (lives) due_.push_back({Due::echo, static_cast<std::uint64_t>(step_), step_});
      break;
    case mumble: {
      Step shorter = step;
      shorter.size = std::min(step.size, static_cast<std::uint32_t>(manner_.limit / 4));
      payload = useless_payload(shorter);
      break;
    }
    case spawn:
      payload = payload_of("spawn");
      due_.push_back({Due::spawned, message.local, step_});
      break;
    case exit:
      flush();
      settle();
      if (over()) return;
      payload = payload_of("exit", text_item(step.text));
      if (lives && std::any_of(linked_.begin(), linked_.end(), [&](auto& l) { return l.second == message.remote; }))
        due_.push_back({Due::exit, message.remote, step_});
      ending_.insert(message.remote);
      break;
    case link_me:
      payload = payload_of("link", number_item(id_of_asker));
      if (lives && asked_to_link_.emplace(step.to, message.local).second)
        due_.push_back({Due::link, message.local, step_});
      break;
    case who:
      payload = payload_of("who");
      if (lives) due_.push_back({Due::proxy, message.local, step_});
      break;
    case shut:
      flush();
      settle();
      if (over()) return;
      payload = payload_of("close");
      ending_due_ = true;
      break;
    default:
      return;
  }
  message.payload = std::move(payload);
  send(std::move(message), step.form, step_);
  if (step.verb == shut) {
    flush();
    settle();
  }
}

void Dialogue::end_of_judges_actor(const Step& step) {
  flush();
  settle();
  if (over()) return;
  const std::uint64_t id = id_of_judge(step.from);
  for (const auto& [actor, watched] : watches_)
    if (watched == id && !ending_.contains(actor)) due_.push_back({Due::exited, actor, step_});
  std::erase_if(asked_to_link_, [&](auto& pair) { return pair.second == id; });
  std::erase_if(linked_, [&](auto& link) { return link.first == id; });
  std::erase_if(watches_, [&](auto& watch) { return watch.second == id; });
  send({MessageKind::exit, id, 0, step.text}, step.form, step_);
}

void Dialogue::ask_whether_all_is_well() {
  settle();
  if (over()) return;
  due_.push_back({Due::echo, 0, 0});
  send({MessageKind::send_named, id_of_asker, 0, "conformance", echo_payload(0, 1, 1)}, {}, 0);
  flush();
  settle();
}

// The judge's end: of the peer's input, or of both streams.
void Dialogue::leave(bool both) {
  if (closed_) return;
  closed_ = true;
  process_.input.reset();
  if (both) process_.output.reset();
  process_.child_stderr.reset();  // a child that closes its output is about to end
  note(Seen::closed, both ? "both streams" : "the peer's input");
}

}  // namespace ffi_cts::peer
