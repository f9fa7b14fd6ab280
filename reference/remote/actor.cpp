#include "reference/remote/actor.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace ffi_cts::remote {
namespace {

constexpr std::size_t mail_worth_keeping = 1u << 20;  // bytes of memory, for the next time

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Flow Actor::send(Id to, Payload payload) {
  return node_->send(id_, to, payload);
}
void Actor::link(Id to) {
  node_->link(id_, to);
}
void Actor::exit(std::string_view reason) {
  node_->exit(id_, reason);
}

Flow Actor::accept(Id from, Payload payload) {
  node_->push(Node::Kind::message, from, id_, payload);
  return Flow::go_on;
}

Id Node::spawn(std::unique_ptr<Actor> actor) {
  if (free_.empty()) {
    rows_.emplace_back();
    free_.push_back(static_cast<std::uint32_t>(rows_.size() - 1));
  }
  const std::uint32_t place = free_.back();
  free_.pop_back();
  Row& row = rows_[place];
  actor->node_ = this;
  actor->id_ = Id{row.used} << 32 | (place + 1);
  row.actor = std::move(actor);
  return row.actor->id_;
}

Actor* Node::find(Id id) const noexcept {
  const std::size_t place = (id & 0xffff'ffff) - 1;
  if (place >= rows_.size()) return nullptr;
  const Row& row = rows_[place];
  return row.used == id >> 32 ? row.actor.get() : nullptr;
}

Node::Row& Node::row_of(const Actor& actor) {
  return rows_[(actor.id_ & 0xffff'ffff) - 1];
}

void Node::register_name(std::string name, Id id) {
  names_.insert_or_assign(std::move(name), id);
}

std::optional<Id> Node::named(std::string_view name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? std::nullopt : std::optional(found->second);
}

Flow Node::send(Id from, Id to, Payload payload) {
  Actor* const actor = find(to);
  return actor == nullptr ? Flow::go_on : actor->accept(from, payload);
}

// What an actor throws is its end, and nobody else's.
template <class Act>
void Node::let(const Actor& actor, Act act) {
  receiving_ = true;
  try {
    act();
  } catch (const std::exception& thrown) {
    complain_("actor " + std::to_string(actor.id()) + " ends: " + thrown.what());
    exit(actor.id(), thrown.what());
  }
  receiving_ = false;
}

void Node::receive(Id from, Actor& to, Payload payload) {
  if (receiving_ || !mail_.empty()) {
    to.accept(from, payload);
  } else {
    let(to, [&] { to.receive(from, payload); });
  }
}

void Node::link(Id who, Id to) {
  Actor* const actor = find(to);
  if (actor == nullptr) return push(Kind::exited, to, who, bytes_of("noproc"));
  std::vector<Id>& linked = row_of(*actor).linked;
  if (std::ranges::find(linked, who) != linked.end()) return;
  linked.push_back(who);
  actor->linked_by(who);
}

void Node::exit(Id who, std::string_view reason) {
  Actor* const actor = find(who);
  if (actor == nullptr) return;
  Row& row = row_of(*actor);
  ended_.push_back(std::move(row.actor));
  const std::vector<Id> linked = std::exchange(row.linked, {});
  ++row.used;
  free_.push_back(static_cast<std::uint32_t>(&row - rows_.data()));
  std::erase_if(names_, [who](const auto& name) { return name.second == who; });
  for (const Id other : linked) push(Kind::exited, who, other, bytes_of(reason));
  actor->ended();
  wake();
}

void Node::exit_in_turn(Id who, std::string_view reason) {
  push(Kind::exit, who, who, bytes_of(reason));
}

void Node::resume(Id who) {
  push(Kind::resume, 0, who, {});
}

void Node::wake() {
  if (woken_) return;
  woken_ = true;
  wake_();
}

void Node::push(Kind kind, Id from, Id to, std::span<const std::uint8_t> bytes) {
  wake();
  const Head head{kind, from, to, bytes.size()};
  const auto* raw = reinterpret_cast<const std::uint8_t*>(&head);
  mail_.insert(mail_.end(), raw, raw + sizeof head);
  mail_.insert(mail_.end(), bytes.begin(), bytes.end());
}

void Node::deliver() {
  woken_ = false;
  std::swap(mail_, under_delivery_);
  for (std::size_t at = 0; at < under_delivery_.size();) {
    Head head;
    std::memcpy(&head, under_delivery_.data() + at, sizeof head);
    at += sizeof head;
    hand_over(head, std::span(under_delivery_).subspan(at, head.size));
    at += head.size;
  }
  under_delivery_.clear();
  if (under_delivery_.capacity() > mail_worth_keeping) under_delivery_.shrink_to_fit();
  ended_.clear();
}

void Node::hand_over(const Head& head, std::span<const std::uint8_t> bytes) {
  Actor* const actor = find(head.to);
  if (actor == nullptr) return;
  const std::string_view reason(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  switch (head.kind) {
    case Kind::message:
      return let(*actor, [&] { actor->receive(head.from, bytes); });
    case Kind::exited:
      return let(*actor, [&] { actor->exited(head.from, reason); });
    case Kind::exit:
      return exit(head.to, reason);
    case Kind::resume:
      return let(*actor, [&] { actor->resume(); });
  }
}

}  // namespace ffi_cts::remote
