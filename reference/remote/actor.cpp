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
  actor->node_ = this;
  actor->id_ = ++last_;
  actors_.emplace(last_, Row{std::move(actor), {}});
  return last_;
}

void Node::register_name(std::string name, Id id) {
  names_.insert_or_assign(std::move(name), id);
}

std::optional<Id> Node::named(std::string_view name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? std::nullopt : std::optional(found->second);
}

const Actor* Node::find(Id id) const {
  const auto found = actors_.find(id);
  return found == actors_.end() ? nullptr : found->second.actor.get();
}

Flow Node::send(Id from, Id to, Payload payload) {
  const auto found = actors_.find(to);
  return found == actors_.end() ? Flow::go_on : found->second.actor->accept(from, payload);
}

void Node::link(Id who, Id to) {
  const auto found = actors_.find(to);
  if (found == actors_.end()) return push(Kind::exited, to, who, bytes_of("noproc"));
  std::vector<Id>& linked = found->second.linked;
  if (std::ranges::find(linked, who) != linked.end()) return;
  linked.push_back(who);
  found->second.actor->linked_by(who);
}

void Node::exit(Id who, std::string_view reason) {
  const auto found = actors_.find(who);
  if (found == actors_.end()) return;
  Row row = std::move(found->second);
  actors_.erase(found);
  std::erase_if(names_, [who](const auto& name) { return name.second == who; });
  for (const Id linked : row.linked) push(Kind::exited, who, linked, bytes_of(reason));
  row.actor->ended();
  ended_.push_back(std::move(row.actor));
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
  const auto found = actors_.find(head.to);
  if (found == actors_.end()) return;
  Actor& actor = *found->second.actor;
  const std::string_view reason(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  try {
    switch (head.kind) {
      case Kind::message:
        return actor.receive(head.from, bytes);
      case Kind::exited:
        return actor.exited(head.from, reason);
      case Kind::exit:
        return exit(head.to, reason);
      case Kind::resume:
        return actor.resume();
    }
  } catch (const std::exception& thrown) {
    complain_("actor " + std::to_string(head.to) + " ends: " + thrown.what());
    exit(head.to, thrown.what());
  }
}

}  // namespace ffi_cts::remote
