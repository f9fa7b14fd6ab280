// RMT-12: what a peer does not read does not pile up.
#include "reference/remote/test_wire.hpp"

namespace ffi_cts::remote {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t queue = 1u << 18;
const std::string kilobyte(1'000, 'x');

TEST(BackPressure, ASenderIsToldToWaitAndToGoOnWhenThereIsRoom) {
  Connected c(Options{.queue = queue});
  auto& scribe = c.scribe();
  const Id proxy = c.endpoint->proxy(7);
  std::size_t sent = 0;
  c.until([&] {
    ++sent;
    return scribe.say(proxy, kilobyte) == Flow::wait;
  });
  EXPECT_GT(sent * 1'000, queue / 8);
  EXPECT_LT(sent * 1'000, 4 * queue);  // what the socket holds, too
  EXPECT_EQ(scribe.resumed, 0);
  std::size_t received = 0;
  c.until([&] {
    while (c.hand.next()) ++received;
    return received == sent && scribe.resumed > 0;
  });
  EXPECT_EQ(scribe.resumed, 1);
  EXPECT_TRUE(c.endpoint->open());
}

TEST(BackPressure, WhatIsNotReadStopsTheReadingOfWhatWouldBeAnswered) {
  Connected c(Options{.queue = queue});
  auto& echo = c.scribe("echo");
  echo.act = [&](Id from, Payload payload) { echo.send(from, payload); };
  const Bytes frame = frame_of(SendNamed{7, "echo", text_item(kilobyte)});
  // The hand writes and does not read, until it is no longer read itself: the endpoint's turns bring no more room.
  std::size_t written = 0, stuck = 0;
  Bytes rest;
  c.until([&] {
    if (rest.empty()) rest = frame;
    const ssize_t size = send(c.hand.fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    stuck = size > 0 ? 0 : stuck + 1;
    if (size > 0) {
      rest.erase(rest.begin(), rest.begin() + size);
      written += rest.empty() ? 1U : 0U;
    }
    c.loop.context().poll();
    return stuck > 100;
  });
  EXPECT_TRUE(c.endpoint->open());
  EXPECT_LT(written * frame.size(), 8 * queue);
  // And when it reads, everything comes.
  std::size_t received = 0;
  c.until([&] {
    while (c.hand.next()) ++received;
    return received == written;
  });
}

// Exits answer links to what is no actor, and no sender is there who could be told to wait.
TEST(BackPressure, ExitsThatAreNotReadStopTheReadingOfLinksToo) {
  Connected c(Options{.queue = queue});
  const Id proxy = c.endpoint->proxy(7);
  Bytes links;
  constexpr std::size_t at_once = 1'000, most = 2'000;
  for (std::size_t i = 0; i < at_once; ++i) {
    const Bytes frame = frame_of(Link{7, proxy});
    links.insert(links.end(), frame.begin(), frame.end());
  }
  std::size_t written = 0, stuck = 0, rounds = 0;
  Bytes rest;
  c.until([&] {
    if (rest.empty()) rest = links;
    const ssize_t size = send(c.hand.fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    stuck = size > 0 ? 0 : stuck + 1;
    if (size > 0) {
      rest.erase(rest.begin(), rest.begin() + size);
      written += rest.empty() ? at_once : 0U;
    }
    c.loop.context().poll();
    return stuck > 100 || ++rounds > most;
  });
  EXPECT_GT(stuck, 100U) << written << " links were taken";
  EXPECT_TRUE(c.endpoint->open());
  std::size_t received = 0;
  c.until([&] {
    while (c.hand.next()) ++received;
    return received >= written;
  });
}

TEST(BackPressure, ASenderThatDoesNotListenEndsTheConnection) {
  Connected c(Options{.queue = queue});
  auto& scribe = c.scribe();
  const Id proxy = c.endpoint->proxy(7);
  scribe.link(proxy);
  for (std::size_t i = 0; i < 2 * queue / 1'000 && c.endpoint->open(); ++i) scribe.say(proxy, kilobyte);
  EXPECT_FALSE(c.endpoint->open());
  c.until([&] { return !scribe.heard.empty(); });
  EXPECT_THAT(scribe.heard.at(0), HasSubstr("ends transport_closed"));
  Message last = MessageError{};
  c.until([&] {
    while (auto message = c.hand.next()) last = *message;
    return c.hand.ended;
  });
  ASSERT_TRUE(std::holds_alternative<TransportError>(last));
  EXPECT_THAT(std::get<TransportError>(last).reason, HasSubstr("does not read"));
}

TEST(BackPressure, APeerThatNeverReadsHoldsAClosedEndpointUpForItsPatienceOnly) {
  Connected c(Options{.queue = queue, .patience = std::chrono::milliseconds(1)});
  auto& scribe = c.scribe();
  const Id proxy = c.endpoint->proxy(7);
  c.until([&] { return scribe.say(proxy, kilobyte) == Flow::wait; });
  c.endpoint->close();
  c.until([&] { return c.closed; });
}

}  // namespace
}  // namespace ffi_cts::remote
