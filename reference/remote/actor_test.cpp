#include "reference/remote/actor.hpp"

#include <gmock/gmock.h>

namespace ffi_cts::remote {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Delivers on demand.
struct Nodes : ::testing::Test {
  bool woken = false;
  std::vector<std::string> complaints;
  Node node{[this] { woken = true; }, [this](std::string_view line) { complaints.emplace_back(line); }};

  void settle() {
    while (std::exchange(woken, false)) node.deliver();
  }
};

struct Listener : Actor {
  std::vector<std::string> heard;
  std::function<void(Listener&, std::string_view)> act = [](Listener&, std::string_view) {};

  void receive(Id from, Payload payload) override {
    const std::string text(payload.begin(), payload.end());
    heard.push_back(std::to_string(from) + " says " + text);
    act(*this, text);
  }
  void exited(Id who, std::string_view reason) override {
    heard.push_back(std::to_string(who) + " ends " + std::string(reason));
  }
  using Actor::exit;
  using Actor::link;
  void say(Id to, std::string_view text) {
    send(to, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
};

TEST_F(Nodes, AMessageIsReceivedLaterInTheOrderOfSending) {
  auto &a = node.spawn<Listener>(), &b = node.spawn<Listener>();
  a.say(b.id(), "one");
  b.say(b.id(), "two");
  a.say(b.id(), "three");
  EXPECT_THAT(b.heard, IsEmpty());
  settle();
  EXPECT_THAT(b.heard, ElementsAre("1 says one", "2 says two", "1 says three"));
}

TEST_F(Nodes, WhatIsSentToOneThatIsGoneIsDropped) {
  auto &a = node.spawn<Listener>(), &b = node.spawn<Listener>();
  const Id gone = b.id();
  node.exit(gone, "over");
  a.say(gone, "hello");
  a.say(999, "hello");
  settle();
  EXPECT_FALSE(node.alive(gone));
  EXPECT_EQ(node.size(), 1U);
}

TEST_F(Nodes, EachThatIsLinkedHearsTheReasonOnce) {
  auto &a = node.spawn<Listener>(), &b = node.spawn<Listener>(), &c = node.spawn<Listener>();
  a.link(c.id());
  a.link(c.id());
  b.link(c.id());
  c.say(a.id(), "last words");
  node.exit(c.id(), "over");
  node.exit(3, "again");
  settle();
  EXPECT_THAT(a.heard, ElementsAre("3 says last words", "3 ends over"));
  EXPECT_THAT(b.heard, ElementsAre("3 ends over"));
}

TEST_F(Nodes, ALinkToOneThatIsGoneIsAnsweredAtOnce) {
  auto& a = node.spawn<Listener>();
  a.link(999);
  settle();
  EXPECT_THAT(a.heard, ElementsAre("999 ends noproc"));
}

TEST_F(Nodes, AnActorThatEndsItselfReceivesNothingMore) {
  auto &a = node.spawn<Listener>(), &b = node.spawn<Listener>();
  b.act = [&](Listener& self, std::string_view) {
    self.exit("enough");
    EXPECT_EQ(self.heard.size(), 1U);  // the object lives on until this returns
  };
  a.link(b.id());
  a.say(b.id(), "one");
  a.say(b.id(), "two");
  settle();
  EXPECT_THAT(a.heard, ElementsAre("2 ends enough"));
}

TEST_F(Nodes, AnExitInTurnComesBehindWhatIsInTheMailboxes) {
  auto &a = node.spawn<Listener>(), &b = node.spawn<Listener>();
  a.say(b.id(), "one");
  b.act = [&](Listener& self, std::string_view) { self.say(a.id(), "two"); };
  a.link(b.id());
  node.exit_in_turn(b.id(), "over");
  EXPECT_TRUE(node.alive(b.id()));
  settle();
  EXPECT_THAT(a.heard, ElementsAre("2 says two", "2 ends over"));
}

TEST_F(Nodes, WhatIsThrownEndsTheActorAndIsItsReason) {
  auto &a = node.spawn<Listener>(), &b = node.spawn<Listener>();
  b.act = [](Listener&, std::string_view) { throw std::runtime_error("a mistake"); };
  a.link(b.id());
  a.say(b.id(), "one");
  settle();
  EXPECT_THAT(a.heard, ElementsAre("2 ends a mistake"));
  EXPECT_THAT(complaints, ElementsAre("actor 2 ends: a mistake"));
}

TEST_F(Nodes, ANameLeadsToOneThatLives) {
  auto &a = node.spawn<Listener>(), &b = node.spawn<Listener>();
  node.register_name("x", a.id());
  node.register_name("x", b.id());
  EXPECT_EQ(node.named("x"), b.id());
  EXPECT_FALSE(node.named("y"));
  node.exit(b.id(), "over");
  EXPECT_FALSE(node.named("x"));
}

TEST_F(Nodes, IdsAreNotUsedAgain) {
  const Id first = node.spawn<Listener>().id();
  node.exit(first, "over");
  settle();
  EXPECT_GT(node.spawn<Listener>().id(), first);
}

}  // namespace
}  // namespace ffi_cts::remote
