// ffi-cts-peer, the program: its conformance actor, both its roles, and what it says to wrong use.
#include <sys/wait.h>

#include "reference/remote/test_wire.hpp"

namespace ffi_cts::remote {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// "spawned 5", "exited done", or how long the bytes are.
std::string readable(Payload payload) {
  cbor::Reader reader(payload);
  auto items = reader.array();
  std::string line = items.more() ? reader.text() : "";
  if (!items.more()) return line;
  line += ' ';
  if (reader.shape() == cbor::Shape::text) return line + reader.text();
  if (reader.shape() == cbor::Shape::integer) return line + std::to_string(reader.unsigned_integer());
  return line + std::to_string(payload.size()) + " bytes";
}

struct Judge : Actor {
  std::vector<std::string> heard;
  std::vector<Id> from;
  Bytes last;
  void receive(Id who, Payload payload) override {
    from.push_back(who);
    last.assign(payload.begin(), payload.end());
    heard.push_back(readable(payload));
  }
  void exited(Id, std::string_view reason) override { heard.push_back("end: " + std::string(reason)); }
  using Actor::link;
};

struct Peer : ::testing::TestWithParam<Dialect>, TestLoop {
  std::string printed;
  bool closed = false;
  std::shared_ptr<Endpoint> peer;
  Judge& judge = loop.node().spawn<Judge>();

  void start(std::vector<std::string> arguments, Dialect dialect) {
    arguments.insert(arguments.begin(), FFI_CTS_PEER);
    Options options{.dialect = dialect};
    options.closed = [this] { closed = true; };
    options.diagnostics = [this](std::string_view bytes) { printed += bytes; };
    peer = loop.spawn(arguments, options);
  }
  static Bytes order(std::string_view word, const std::variant<std::monostate, std::string, Id>& more = {}) {
    cbor::Writer out;
    out.array(more.index() == 0 ? 1 : 2);
    out.text(word);
    if (const auto* text = std::get_if<std::string>(&more)) out.text(*text);
    if (const auto* id = std::get_if<Id>(&more)) out.unsigned_integer(*id);
    return {out.bytes().begin(), out.bytes().end()};
  }
  std::string answer() {
    until([&, before = judge.heard.size()] { return judge.heard.size() > before; });
    return judge.heard.back();
  }
  std::string ask(const Bytes& payload) {
    peer->send_named(judge.id(), "conformance", payload);
    return answer();
  }
  std::string ask(Id whom, const Bytes& payload) {
    loop.node().send(judge.id(), whom, payload);
    return answer();
  }
  // What it says when it cannot be used.
  std::pair<int, std::string> refused(const std::vector<std::string>& arguments) {
    start(arguments, Dialect::plain);
    until([&] { return closed; });
    return {WEXITSTATUS(*peer->child_status()), printed};
  }
};

INSTANTIATE_TEST_SUITE_P(Dialects, Peer, ::testing::Values(Dialect::plain, Dialect::tagged));

TEST_P(Peer, EchoesSpawnsLinksAndEnds) {
  const bool tagged = GetParam() == Dialect::tagged;
  start({"--dialect", tagged ? "tagged" : "plain"}, GetParam());
  const Bytes odd{0x82, 0x64, 'e', 'c', 'h', 'o', 0x9f, 0x18, 0x01, 0xff};  // nothing in its shortest form
  EXPECT_EQ(ask(odd), "echo 10 bytes");
  EXPECT_EQ(judge.last, odd);
  const std::string who = ask(order("who"));
  EXPECT_THAT(who, StartsWith("proxy "));
  EXPECT_EQ(ask(order("who")), who);

  const std::string spawned = ask(order("spawn"));
  ASSERT_THAT(spawned, StartsWith("spawned "));
  const Id actor = peer->proxy(std::stoull(spawned.substr(8)));
  EXPECT_EQ(ask(actor, order("echo", "x")), "echo x");
  EXPECT_EQ(judge.from.back(), actor);
  judge.link(actor);
  loop.node().send(judge.id(), actor, order("exit", "done"));
  EXPECT_EQ(answer(), "end: done");
  judge.link(peer->proxy(std::stoull(spawned.substr(8))));
  EXPECT_EQ(answer(), "end: noproc");
}

TEST_F(Peer, TellsOfTheEndOfWhomItLinkedTo) {
  start({}, Dialect::plain);
  auto& linked = loop.node().spawn<Judge>();
  const Id id = linked.id();
  peer->send_named(id, "conformance", order("link", judge.id()));
  peer->send_named(id, "conformance", order("echo", "x"));
  until([&] { return !linked.heard.empty(); });
  loop.node().exit(id, "bored");
  EXPECT_EQ(answer(), "exited bored");
  until([&] { return printed == "exited " + std::to_string(id) + " bored\n"; });
}

TEST_F(Peer, TellsOfTheEndOfTheTransportOnItsStderrAndEndsWell) {
  start({}, Dialect::plain);
  peer->send_named(judge.id(), "conformance", order("link", judge.id()));
  EXPECT_EQ(ask(order("echo", "x")), "echo x");
  peer->close();
  until([&] { return closed; });
  EXPECT_EQ(printed, "exited " + std::to_string(judge.id()) + " transport_closed\n");
  EXPECT_EQ(*peer->child_status(), 0);
}

// The child is a shell: it says ["close"] to the parent's conformance and waits for the end of its input.
TEST_F(Peer, AsParentStartsItsChildAndClosesItWhenTold) {
  const std::string close = R"(\132\0\0\0\040\204\152send_named\007\153conformance\201\145close)";
  const auto [code, said] = refused({"--", "/bin/sh", "-c", "printf '" + close + "'; cat >/dev/null; echo closed >&2"});
  EXPECT_EQ(code, 0);
  EXPECT_EQ(said, "closed\n");
}

TEST_F(Peer, RefusesWrongUseInOneLine) {
  const std::pair<std::vector<std::string>, const char*> wrong[] = {
      {{"--dialect", "klingon"}, "klingon"},    {{"--max-frame", "x"}, "--max-frame: 'x'"}, {{"--max-frame"}, "value"},
      {{"--max-frame", "63"}, "from 64"},       {{"--loud"}, "--loud: no such option"},     {{"--"}, "command"},
      {{"/nowhere/child"}, "/nowhere/child: "},
  };
  for (const auto& [arguments, why] : wrong) {
    closed = false;
    printed.clear();
    const auto [code, said] = refused(arguments);
    EXPECT_EQ(code, 2) << said;
    EXPECT_THAT(said, ::testing::AllOf(StartsWith("ffi-cts-peer: "), HasSubstr(why)));
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);
  }
}

}  // namespace
}  // namespace ffi_cts::remote
