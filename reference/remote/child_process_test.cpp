// Children: their start, what they print, their end, and what is left of them, which is nothing.
#include <sys/wait.h>

#include <filesystem>

#include "reference/remote/test_wire.hpp"

namespace ffi_cts::remote {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

std::size_t count(const char* folder) {
  const std::filesystem::directory_iterator entries(folder);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

const std::vector<std::string> peer = {FFI_CTS_PEER};
constexpr std::chrono::milliseconds soon(1);

Bytes list(std::initializer_list<std::string_view> texts) {
  cbor::Writer out;
  out.array(texts.size());
  for (const std::string_view text : texts) out.text(text);
  return {out.bytes().begin(), out.bytes().end()};
}

struct Children : ::testing::Test, TestLoop {
  std::string printed;
  int closed = 0;

  std::shared_ptr<Endpoint> start(const std::vector<std::string>& command, Options options = {}) {
    options.closed = [this] { ++closed; };
    options.diagnostics = [this](std::string_view bytes) { printed += bytes; };
    return loop.spawn(command, std::move(options));
  }
  void close(const std::shared_ptr<Endpoint>& endpoint) {
    endpoint->close();
    until([&, before = closed] { return closed > before; });
  }
};

TEST_F(Children, OneThatCannotBeStartedIsNamed) {
  try {
    start({"/nowhere/child"});
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "/nowhere/child: No such file or directory");
  }
  EXPECT_THROW(start({}), std::runtime_error);
}

TEST_F(Children, OneThatHeedsTheEndOfItsInputEndsByItself) {
  const auto child = start(peer);
  close(child);
  ASSERT_TRUE(child->child_status());
  EXPECT_EQ(*child->child_status(), 0);
  EXPECT_EQ(child->child_pid(), -1);
}

TEST_F(Children, OneThatDoesNotIsTerminatedAndOneThatDoesNotHeedThatIsKilled) {
  const auto deaf = start({"/bin/sh", "-c", "exec sleep 1000"}, {.patience = soon});
  close(deaf);
  EXPECT_EQ(WTERMSIG(*deaf->child_status()), SIGTERM);
  const auto stubborn =
      start({"/bin/sh", "-c", "trap '' TERM; echo ready >&2; while :; do sleep 0.01; done"}, {.patience = soon});
  until([&] { return printed.find("ready") != std::string::npos; });
  close(stubborn);
  EXPECT_EQ(WTERMSIG(*stubborn->child_status()), SIGKILL);
}

// SIGTERM may come only after the end of its input, which waits for what is queued.
TEST_F(Children, OneThatReadsNothingHasItsPatienceAfterTheEndOfItsInput) {
  constexpr std::chrono::milliseconds patience(40);
  const auto child = start({"/bin/sh", "-c", "exec sleep 1000"}, {.patience = patience});
  auto& scribe = loop.node().spawn<Scribe>();
  const Id proxy = child->proxy(7);
  const std::string text(30'000, 'x');
  until([&] { return scribe.say(proxy, text) == Flow::wait; });
  const auto begin = std::chrono::steady_clock::now();
  close(child);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 2 * patience);
  EXPECT_EQ(WTERMSIG(*child->child_status()), SIGTERM);
}

TEST_F(Children, WhatItPrintsIsPassedOnAndIsNoFrame) {
  const auto child = start({"/bin/sh", "-c", "printf 'one\\n' >&2; exec 0<&- 1>&-; printf two >&2"});
  until([&] { return closed == 1; });
  EXPECT_EQ(printed, "one\ntwo");
  EXPECT_EQ(*child->child_status(), 0);
}

TEST_F(Children, ItsLastWordsAreHeardBeforeItsEnd) {
  auto& scribe = loop.node().spawn<Scribe>();
  loop.node().register_name("scribe", scribe.id());
  // A frame with ["send_named", 7, "scribe", "x"], and the end.
  start({"/bin/sh", "-c", "printf '\\132\\0\\0\\0\\026\\204\\152send_named\\007\\146scribe\\141x'"});
  until([&] { return closed == 1; });
  EXPECT_THAT(scribe.heard, SizeIs(1));
  EXPECT_THAT(complaints, SizeIs(0));
}

// Asks for one echo after the other; on the first answer all of `linked` link to whoever answers.
struct Asker : Actor {
  std::vector<Scribe*> linked;
  int answers = 0;
  void ask(Id whom) { send(whom, list({"echo", "again"})); }
  void receive(Id from, Payload) override {
    if (answers++ == 0)
      for (Scribe* const scribe : linked) scribe->link(from);
    ask(from);
  }
};

// RMT-8: the child is killed after each number of answers; all that are linked hear of it, once.
TEST_F(Children, WhereverItIsKilledEveryLinkedActorHearsOfItOnce) {
  constexpr int most = 40, actors = 4;
  for (int answers = 0; answers <= most; ++answers) {
    const auto child = start(peer);
    auto& of_endpoint = loop.node().spawn<Scribe>();
    of_endpoint.link(child->id());
    auto& asker = loop.node().spawn<Asker>();
    for (int i = 0; i < actors; ++i) asker.linked.push_back(&loop.node().spawn<Scribe>());
    child->send_named(asker.id(), "conformance", list({"echo", "first"}));
    until([&] { return asker.answers >= answers; });
    kill(child->child_pid(), SIGKILL);
    until([&, before = closed] { return closed > before; });
    std::vector<Scribe*> due{&of_endpoint};
    if (asker.answers > 0) due.insert(due.end(), asker.linked.begin(), asker.linked.end());
    until([&] { return std::ranges::none_of(due, [](const Scribe* scribe) { return scribe->heard.empty(); }); });
    EXPECT_EQ(WTERMSIG(*child->child_status()), SIGKILL);
    EXPECT_EQ(loop.node().size(), 2U + actors) << "no proxy is left";
    for (const Scribe* const scribe : due)
      EXPECT_THAT(scribe->heard, ::testing::ElementsAre(HasSubstr("ends transport_closed")));
    for (Scribe* const scribe : asker.linked) loop.node().exit(scribe->id(), "enough");
    loop.node().exit(of_endpoint.id(), "enough");
    loop.node().exit(asker.id(), "enough");
  }
}

TEST_F(Children, AThousandLeaveNoZombieDescriptorOrThread) {
  close(start({"/bin/cat"}));  // what the loop needs for itself
  const std::size_t descriptors = count("/proc/self/fd"), threads = count("/proc/self/task");
  constexpr int all = 1'000, at_once = 50;
  for (int started = 0; started < all; started += at_once) {
    const int before = closed;
    std::vector<std::shared_ptr<Endpoint>> children;
    for (int i = 0; i < at_once; ++i) children.push_back(start({"/bin/cat"}));
    for (const auto& child : children) child->close();
    until([&] { return closed == before + at_once; });
  }
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
  EXPECT_EQ(count("/proc/self/fd"), descriptors);
  EXPECT_EQ(count("/proc/self/task"), threads);
  until([&] { return loop.node().size() == 0; });
}

TEST_F(Children, ALoopThatEndsTakesThemWithIt) {
  {
    Loop inner;
    inner.spawn({"/bin/sh", "-c", "trap '' TERM; exec sleep 1000"});
    inner.spawn(peer);
  }
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

}  // namespace
}  // namespace ffi_cts::remote
