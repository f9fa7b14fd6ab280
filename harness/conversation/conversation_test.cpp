#include "harness/conversation/conversation.hpp"

#include <gtest/gtest.h>

namespace ffi_cts::peer {
namespace {

TEST(Conversation, ItsTextIsReadBack) {
  const std::string text =
      "j1 spawn a1\n"
      "j2 echo a1 item(12,3) bytewise cut(4) head(t2) +\n"
      "j6 echo conformance item(full,3)\n"
      "j3 mumble nobody item(0,0)\n"
      "j1 exit a1 \"a \\\"b\\\" \\\\ #c\"\n"
      "j2 link_me conformance\n"
      "j2 link a1\n"
      "j2 end \"normal\"\n"
      "j1 who conformance\n"
      "j1 proxy_id nobody\n"
      "j1 hail \"\"\n"
      "j1 flood 100\n"
      "noise \"x\"\n"
      "stubborn\n"
      "wait\n"
      "bad \"send with a part more\"\n";
  EXPECT_EQ(to_text(parse_conversation(text)), text);
  EXPECT_EQ(to_text(normalize(parse_conversation(text))), text);
}

TEST(Conversation, NormalizingLeavesOutWhatCannotBe) {
  const Conversation c = normalize(
      parse_conversation("j1 echo a1 item(1,1)\nj1 spawn a2\nj1 spawn a2\nbad \"nonsense\"\nj1 exit conformance \"x\"\n"
                         "j1 who nobody\nj1 echo a2 item(1,1) +\nclose\nwait\n"));
  EXPECT_EQ(to_text(c), "j1 spawn a2\nj1 echo a2 item(1,1) +\nclose\n");
}

TEST(Conversation, AMistakeIsToldWithItsLine) {
  const auto mistake = [](std::string_view text) {
    try {
      parse_conversation(text);
    } catch (const ConversationError& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  EXPECT_EQ(mistake("\n# all is well\nwait\n"), "none");
  EXPECT_EQ(mistake("wait\njump\n"), "line 2: \"jump\" is no step");
  EXPECT_EQ(mistake("j9 wait"), "line 1: the judge has no actor j9");
  EXPECT_EQ(mistake("echo a1 item(1,1)"), "line 1: echo needs an actor before it");
  EXPECT_EQ(mistake("j1 wait"), "line 1: wait has no actor before it");
  EXPECT_EQ(mistake("j1 echo b1 item(1,1)"), "line 1: \"b1\" is no actor of the peer's");
  EXPECT_EQ(mistake("j1 echo a1 item(1)"), "line 1: \"item(1)\" is not item(size,seed)");
  EXPECT_EQ(mistake("j1 end normal"), "line 1: normal is not in quotation marks");
  EXPECT_EQ(mistake("j1 end \"normal"), "line 1: a quotation does not end");
  EXPECT_EQ(mistake("wait cut(x)"), "line 1: \"x\" is no number");
  EXPECT_EQ(mistake("wait loudly"), "line 1: \"loudly\" is not understood");
}

}  // namespace
}  // namespace ffi_cts::peer
