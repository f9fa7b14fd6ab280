// The rules of chapter 10 that show on the wire, each with a peer by hand.
#include "reference/remote/test_wire.hpp"

namespace ffi_cts::remote {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const Bytes hello = text_item("hello");

Bytes bytes(Payload payload) {
  return {payload.begin(), payload.end()};
}

TEST(Endpoint, AMessageByNameComesFromAProxyAndTheAnswerGoesBackThroughIt) {
  Connected c;
  auto& echo = c.scribe("echo");
  echo.act = [&](Id from, Payload payload) { echo.send(from, payload); };
  c.hand.write(SendNamed{7, "echo", hello});
  const Message message = c.heard();
  const auto& answer = std::get<Send>(message);
  EXPECT_EQ(answer.from, echo.id());
  EXPECT_EQ(answer.to, 7U);
  EXPECT_EQ(bytes(answer.payload), hello);
}

TEST(Endpoint, AMessageByIdIsDeliveredAndOneForNobodyIsDropped) {
  Connected c;
  auto& scribe = c.scribe();
  c.hand.write(Send{7, 999, hello});
  c.hand.write(SendNamed{7, "nobody", hello});
  c.hand.write(Send{7, scribe.id(), hello});
  c.until([&] { return !scribe.heard.empty(); });
  EXPECT_TRUE(c.endpoint->open());
  EXPECT_THAT(c.complaints, ElementsAre("no actor is named 'nobody'"));
}

TEST(Endpoint, ARemoteActorHasOneProxyUntilItEndsAndThenAnother) {
  Connected c;
  auto& scribe = c.scribe("scribe");
  for (const Id from : {7U, 8U, 7U}) c.hand.write(SendNamed{from, "scribe", hello});
  c.hand.write(Exit{7, "done"});
  c.hand.write(SendNamed{7, "scribe", hello});
  c.until([&] { return scribe.heard.size() == 4; });
  EXPECT_EQ(scribe.heard[0], scribe.heard[2]);
  EXPECT_NE(scribe.heard[0], scribe.heard[1]);
  EXPECT_NE(scribe.heard[0], scribe.heard[3]);
  EXPECT_EQ(c.endpoint->proxies(), 2U);
}

TEST(Endpoint, ALinkLeavesForThePeerAndARemoteExitReachesAllThatAreLinkedOnceWithItsReason) {
  Connected c;
  auto &a = c.scribe(), &b = c.scribe();
  const Id proxy = c.endpoint->proxy(7);
  a.link(proxy);
  b.link(proxy);
  const Message first = c.heard(), second = c.heard();
  EXPECT_EQ(std::get<Link>(first).from, a.id());
  EXPECT_EQ(std::get<Link>(second).to, 7U);
  c.hand.write(Exit{7, "bored"});
  c.hand.write(Exit{7, "bored again"});
  c.hand.write(Send{8, a.id(), hello});
  c.until([&] { return a.heard.size() == 2; });
  EXPECT_THAT(b.heard, ElementsAre(std::to_string(proxy) + " ends bored"));
  EXPECT_THAT(a.heard, ::testing::Contains(b.heard[0]));
  EXPECT_EQ(c.endpoint->remote_of(proxy), std::nullopt);
}

TEST(Endpoint, TheEndOfALinkedLocalActorLeavesOnceBehindItsLastWords) {
  Connected c;
  auto& scribe = c.scribe();
  const Id id = scribe.id();
  scribe.act = [&](Id from, Payload payload) {
    scribe.send(from, payload);
    scribe.exit("over");
  };
  c.hand.write(Link{7, id});
  c.hand.write(Link{8, id});
  c.hand.write(Send{7, id, hello});
  const Message words = c.heard(), exit = c.heard();
  EXPECT_EQ(std::get<Send>(words).to, 7U);
  EXPECT_EQ(std::get<Exit>(exit).who, id);
  EXPECT_EQ(std::get<Exit>(exit).reason, "over");
  c.hand.write(Link{7, id});
  const Message gone = c.heard();
  EXPECT_EQ(std::get<Exit>(gone).reason, "noproc");
}

TEST(Endpoint, TheIdOfAProxyIsNobodysOnTheWire) {
  Connected c;
  auto& scribe = c.scribe("scribe");
  c.hand.write(SendNamed{7, "scribe", hello});
  c.until([&] { return c.endpoint->proxies() == 1; });
  const Id proxy = c.endpoint->proxy(7);
  c.hand.write(Send{8, proxy, hello});
  c.hand.write(Link{8, proxy});
  const Message answer = c.heard();
  EXPECT_EQ(std::get<Exit>(answer).who, proxy);
  EXPECT_EQ(std::get<Exit>(answer).reason, "noproc");
  EXPECT_THAT(scribe.heard, SizeIs(1));
}

TEST(Endpoint, OneCanSpeakToItAsToAnActorInTheSeedsForm) {
  Connected c;
  auto& scribe = c.scribe();
  for (const bool by_name : {false, true}) {
    cbor::Writer out;
    out.array(4);
    out.text("send");
    out.unsigned_integer(scribe.id());
    by_name ? out.text("bob") : out.unsigned_integer(7);
    out.item(hello);
    scribe.send(c.endpoint->id(), out.bytes());
  }
  scribe.send(c.endpoint->id(), hello);
  const Message by_id = c.heard(), by_name = c.heard();
  EXPECT_EQ(std::get<Send>(by_id).to, 7U);
  EXPECT_EQ(std::get<SendNamed>(by_name).name, "bob");
  EXPECT_THAT(c.complaints, ElementsAre("a message to an endpoint: a list is due"));
}

TEST(Endpoint, AMessageToItThatIsTooLongIsComplainedOfAndTheEndpointGoesOn) {
  Connected c(Options{.frame_limit = 64});
  auto& scribe = c.scribe();
  for (const std::size_t size : {100U, 1U}) {
    cbor::Writer out;
    out.array(4);
    out.text("send");
    out.unsigned_integer(scribe.id());
    out.unsigned_integer(7);
    out.text(std::string(size, 'x'));
    scribe.send(c.endpoint->id(), out.bytes());
  }
  const Message message = c.heard();
  EXPECT_EQ(bytes(std::get<Send>(message).payload), text_item("x"));
  EXPECT_THAT(c.complaints, ElementsAre(HasSubstr("over the limit of 64")));
  EXPECT_TRUE(c.loop.node().alive(c.endpoint->id()));
}

// What arrived is borrowed from where the next read would go.
TEST(Endpoint, APayloadStaysAsItIsWhileItsActorClosesTheEndpoint) {
  Connected c;
  auto& scribe = c.scribe("scribe");
  const Bytes first = text_item(std::string(20'000, 'a')), second = text_item(std::string(20'000, 'b'));
  Bytes seen;
  scribe.act = [&](Id, Payload payload) {
    c.endpoint->close();
    seen = bytes(payload);
  };
  Bytes both = frame_of(SendNamed{7, "scribe", first});
  const Bytes more = frame_of(SendNamed{7, "scribe", second});
  both.insert(both.end(), more.begin(), more.end());
  c.hand.write(both);
  c.until([&] { return !seen.empty(); });
  EXPECT_EQ(seen, first);
}

TEST(Endpoint, MessagesKeepTheirOrder) {
  Connected c;
  auto& echo = c.scribe("echo");
  echo.act = [&](Id from, Payload payload) { echo.send(from, payload); };
  constexpr int count = 200;
  for (int i = 0; i < count; ++i) c.hand.write(SendNamed{7, "echo", text_item(std::to_string(i))});
  for (int i = 0; i < count; ++i) {
    const Message message = c.heard();
    EXPECT_EQ(bytes(std::get<Send>(message).payload), text_item(std::to_string(i)));
  }
}

TEST(Endpoint, WhatIsNoMessageEndsTheConnectionAndSaysWhy) {
  const std::pair<Bytes, const char*> hostile[] = {
      {{0x5f}, "begins with 5f"},
      {{0x5a, 0xff, 0xff, 0xff, 0xff}, "over the limit"},
      {{0x42, 0x01, 0x01}, "a list is due"},
      {{0x40}, "ends too early"},
      {{0x43, 0x81, 0x61, 'x'}, "unknown message 'x'"},
  };
  for (const auto& [stream, why] : hostile) {
    Connected c;
    auto& scribe = c.scribe();
    scribe.link(c.endpoint->proxy(7));
    c.heard();  // the link
    c.hand.write(stream);
    const Message message = c.heard();
    ASSERT_TRUE(std::holds_alternative<TransportError>(message));
    EXPECT_THAT(std::get<TransportError>(message).reason, HasSubstr(why));
    EXPECT_TRUE(std::holds_alternative<MessageError>(c.heard())) << "and nothing after it";
    c.until([&] { return c.closed && !scribe.heard.empty(); });
    EXPECT_THAT(scribe.heard, ElementsAre(HasSubstr("ends transport_closed")));
  }
}

TEST(Endpoint, AReasonNeverMakesAFrameOverTheLimit) {
  Connected c(Options{.frame_limit = 64});
  auto& scribe = c.scribe();
  c.hand.write(Link{7, scribe.id()});
  c.until([&] { return c.endpoint->proxies() == 1; });
  scribe.exit(std::string(500, 'x'));
  const Message message = c.heard();
  EXPECT_LE(encode(message).size(), 64U);
  auto& other = c.scribe();
  EXPECT_THROW(other.say(c.endpoint->proxy(7), std::string(64, 'x')), std::length_error);
}

TEST(Endpoint, ATransportErrorOfThePeersEndsItWithoutAnother) {
  Connected c;
  auto& scribe = c.scribe();
  scribe.link(c.endpoint->id());
  c.hand.write(TransportError{"tired"});
  EXPECT_TRUE(std::holds_alternative<MessageError>(c.heard()));
  c.until([&] { return c.closed && !scribe.heard.empty(); });
  EXPECT_THAT(c.complaints, ElementsAre("the peer ends the connection: tired"));
  EXPECT_THAT(scribe.heard, ElementsAre(std::to_string(c.endpoint->id()) + " ends transport_closed"));
}

TEST(Endpoint, WhatIsQueuedWhenItIsClosedIsWrittenStill) {
  Connected c;
  auto& scribe = c.scribe();
  scribe.say(c.endpoint->proxy(7), "last");
  c.endpoint->close();
  EXPECT_EQ(c.endpoint->proxy(7), 0U);
  EXPECT_TRUE(std::holds_alternative<Send>(c.heard()));
  EXPECT_TRUE(std::holds_alternative<MessageError>(c.heard()));
  c.until([&] { return c.closed; });
}

// WIRE-2, RMT-8: wherever the stream is cut, whoever is linked hears of it once.
TEST(Endpoint, AStreamThatIsCutAtAnyByteEndsEveryProxyOnce) {
  Bytes stream;
  for (const Message& message : {Message(SendNamed{7, "scribe", hello}), Message(SendNamed{8, "scribe", hello}),
                                 Message(ProxyId{1, 2}), Message(SendNamed{7, "scribe", hello})}) {
    const Bytes frame = frame_of(message);
    stream.insert(stream.end(), frame.begin(), frame.end());
  }
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Connected c;
    auto& scribe = c.scribe("scribe");
    std::vector<std::string> ends;
    for (const Id remote : {7U, 8U, 9U}) {
      const Id proxy = c.endpoint->proxy(remote);
      scribe.link(proxy);
      ends.push_back(std::to_string(proxy) + " ends transport_closed");
    }
    c.hand.write(Bytes(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(cut)));
    c.hand.hang_up();
    c.until([&] {
      std::erase_if(scribe.heard, [](const std::string& line) { return line.find("says") != std::string::npos; });
      return c.closed && scribe.heard.size() >= ends.size();
    });
    EXPECT_THAT(scribe.heard, ::testing::UnorderedElementsAreArray(ends)) << cut;
    EXPECT_EQ(c.loop.node().size(), 1U);
  }
}

}  // namespace
}  // namespace ffi_cts::remote
