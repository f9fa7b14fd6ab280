// Actors: things with an id, a name perhaps, and a mailbox, that speak only by messages and learn of each other's end
// by an exit with its reason. All of a Node's run on one thread, one after the other, each to the end of its receive().
// Rules: RMT-2, RMT-3, RMT-5, RMT-6, RMT-9.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reference/remote/message.hpp"

namespace ffi_cts::remote {

class Node;

// What a send says of the way to the receiver. `wait`: the message was taken, and the sender should send no more on its
// own account until its resume() is called; answers to what it receives may go on.
enum class Flow : std::uint8_t { go_on, wait };

class Actor {
 public:
  Actor() = default;
  Actor(const Actor&) = delete;
  Actor& operator=(const Actor&) = delete;
  virtual ~Actor() = default;

  // A message. It is borrowed until this returns. What is thrown out of here ends the actor, with what() as its reason.
  virtual void receive(Id from, Payload payload) = 0;
  // An actor that this one is linked to has ended. Once for each.
  virtual void exited(Id /*who*/, std::string_view /*reason*/) {}
  // A send said `wait`; now there is room again.
  virtual void resume() {}

  Id id() const noexcept { return id_; }
  Node& node() const noexcept { return *node_; }

 protected:
  Flow send(Id to, Payload payload);
  void link(Id to);                    // exited() will be called, at once (from the loop) if `to` is gone
  void exit(std::string_view reason);  // nothing more is received; the object lives until its receive() returned

 private:
  friend class Node;
  friend class Proxy;
  explicit Actor(const void* owner) : owner_(owner) {}
  // Takes a message into the mailbox. A proxy passes it on instead.
  virtual Flow accept(Id from, Payload payload);
  // Somebody wants to hear of this actor's end.
  virtual void linked_by(Id /*who*/) {}
  // It has ended and is no more in the node.
  virtual void ended() {}

  Node* node_ = nullptr;
  Id id_ = 0;
  const void* const owner_ = nullptr;  // a proxy's endpoint
};

// The actors of one thread. An id is a place in their table (the lower half) and how often it was used before, so that
// ids are small as long as few actors end, and none is used again.
class Node {
 public:
  // `wake` is called when there is something to deliver; deliver() is due then, soon, on the same thread and from
  // outside of any actor. `complain` gets one line about what went wrong and nobody else hears of.
  using Wake = std::function<void()>;
  using Complain = std::function<void(std::string_view line)>;
  Node(Wake wake, Complain complain) : wake_(std::move(wake)), complain_(std::move(complain)) {}
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  Id spawn(std::unique_ptr<Actor> actor);
  template <class A, class... Arguments>
  A& spawn(Arguments&&... arguments) {
    auto actor = std::make_unique<A>(std::forward<Arguments>(arguments)...);
    A& made = *actor;
    spawn(std::move(actor));
    return made;
  }
  Actor* find(Id id) const noexcept;  // nullptr: it is gone
  bool alive(Id id) const noexcept { return find(id) != nullptr; }
  std::size_t size() const noexcept { return rows_.size() - free_.size(); }

  // A name leads to one actor: the last that was registered under it and lives.
  void register_name(std::string name, Id id);
  std::optional<Id> named(std::string_view name) const;

  // To one that is gone: dropped.
  Flow send(Id from, Id to, Payload payload);
  // The same for what comes from outside of all actors: received at once, where no mail waits that it would overtake.
  void receive(Id from, Actor& to, Payload payload);
  void link(Id who, Id to);
  void exit(Id who, std::string_view reason);
  // The same, but behind what is in the mailboxes now: what the actor said before is heard first.
  void exit_in_turn(Id who, std::string_view reason);
  void resume(Id who);

  // What was in the mailboxes when it began. What comes meanwhile wakes again.
  void deliver();
  void complain(std::string_view line) const { complain_(line); }

 private:
  friend class Actor;
  struct Row {
    std::unique_ptr<Actor> actor;
    std::vector<Id> linked;  // who hears of its end
    std::uint32_t used = 0;  // how often the place was, before
  };
  enum class Kind : std::uint8_t { message, exited, exit, resume };
  struct Head {
    Kind kind;
    Id from, to;
    std::size_t size;
  };

  Row& row_of(const Actor& actor);
  void wake();
  void push(Kind kind, Id from, Id to, std::span<const std::uint8_t> bytes);
  void hand_over(const Head& head, std::span<const std::uint8_t> bytes);
  template <class Act>
  void let(const Actor& actor, Act act);

  const Wake wake_;
  const Complain complain_;
  std::vector<Row> rows_;
  std::vector<std::uint32_t> free_;  // places
  std::map<std::string, Id, std::less<>> names_;
  // The mailboxes of all actors, in one: heads, each with its bytes behind it. Order is kept without looking, and a
  // message costs no allocation.
  std::vector<std::uint8_t> mail_, under_delivery_;
  std::vector<std::unique_ptr<Actor>> ended_;  // until nothing of them can be on the stack
  bool woken_ = false;                         // deliver() will come
  bool receiving_ = false;                     // an actor is
};

}  // namespace ffi_cts::remote
