// What is said of a broken interface file, word for word.
#include <gmock/gmock.h>

#include "harness/interface/interface.hpp"

namespace ffi_cts {
namespace {

std::string message_of(const std::string& text) {
  try {
    parse_interface(text, "f.toml");
  } catch (const InterfaceError& error) {
    return error.what();
  }
  return "no mistake";
}

// Six lines; what follows begins in line 7 and belongs to the proc until a table opens.
const std::string start = R"([library]
name = "lib"
[constructor]
name = "create"
[[proc]]
name = "echo"
)";

struct Mistake {
  const char* rest;  // line 7 and on
  const char* message;
};

TEST(InterfaceMistakes, AreSaidInOneLineWithFileLineAndKey) {
  const std::vector<Mistake> all = {
      {"", "no mistake"},
      // Tables and keys
      {"[contact]", "f.toml:7: contact: unknown key; did you mean \"contract\"?"},
      {"[zzz]",
       "f.toml:7: zzz: unknown key; known here: library, constructor, destructor, proc, event, host, symbols, contract, roles"},
      {"param = []", "f.toml:7: proc.echo.param: unknown key; did you mean \"params\"?"},
      {"[contract]\n\nnatve = true", "f.toml:9: contract.natve: unknown key; did you mean \"native\"?"},
      {"[destructor]\nnames = \"x\"", "f.toml:8: destructor.names: unknown key; did you mean \"name\"?"},
      {"[[event]]\nname = \"e\"\nreturns = \"any\"",
       "f.toml:9: event.e.returns: unknown key; known here: name, payload"},
      {"params = [{ name = \"a\", typ = \"int\" }]", "f.toml:7: proc.echo.params.a.typ: unknown key; did you mean \"type\"?"},
      // Types
      {"params = 3", "f.toml:7: proc.echo.params: expected an array of tables ([[proc.echo.params]]), found an integer"},
      {"params = [\"a\"]", "f.toml:7: proc.echo.params: expected a table, found a string"},
      {"returns = 3", "f.toml:7: proc.echo.returns: expected a string, found an integer"},
      {"context = \"no\"", "f.toml:7: proc.echo.context: expected true or false, found a string"},
      {"[contract]\ndestroy_limit_ms = 1.5", "f.toml:8: contract.destroy_limit_ms: expected an integer, found a float"},
      {"[event]\nname = \"e\"", "f.toml:7: event: expected an array of tables ([[event]]), found a table"},
      {"[[symbols]]", "f.toml:7: symbols: expected a table, found an array"},
      {"returns = 2024-01-01", "f.toml:7: proc.returns: dates and times have no use here"},
      // Missing and empty
      {"[[event]]\npayload = \"E\"", "f.toml:7: event.name: missing"},
      {"[[host]]\nname = \"\"", "f.toml:8: host.name: must not be empty"},
      {"params = [{ name = \"a\" }]", "f.toml:7: proc.echo.params.a.type: missing"},
      {"returns = \"\"", "f.toml:7: proc.echo.returns: must not be empty"},
      // Names
      {"[[proc]]\nname = \"get value\"", "f.toml:8: proc.get value.name: \"get value\" cannot be part of a C symbol"},
      {"[[proc]]\nname = \"echo\"", "f.toml:8: proc.echo.name: \"echo\" is declared twice"},
      {"[[proc]]\nname = \"create\"", "f.toml:8: proc.create.name: \"create\" is the constructor"},
      {"[[event]]\nname = \"e\"\n[[event]]\nname = \"e\"", "f.toml:10: event.e.name: \"e\" is declared twice"},
      {"[[host]]\nname = \"h\"\n[[host]]\nname = \"h\"", "f.toml:10: host.h.name: \"h\" is declared twice"},
      {"params = [\n  { name = \"a\", type = \"int\" },\n  { name = \"a\", type = \"int\" }]",
       "f.toml:9: proc.echo.params.a.name: \"a\" is declared twice"},
      // Contract and hosts
      {"[contract]\ndestroy_limit_ms = 0", "f.toml:8: contract.destroy_limit_ms: 0 is outside 1 to 600000"},
      {"[contract]\nmax_contexts = -1", "f.toml:8: contract.max_contexts: -1 is outside 1 to 1000000"},
      {"[contract]\ncallbacks = \"two\"",
       "f.toml:8: contract.callbacks: \"two\" is neither \"one thread\" nor \"replies and events on a thread each\""},
      {"[[host]]\nname = \"h\"\nencoding = \"json\"", "f.toml:9: host.h.encoding: \"json\" is neither \"cbor\" nor \"raw\""},
      {"[[host]]\nname = \"h\"\nencoding = \"raw\"\nparams = [{name=\"a\", type=\"int\"}, {name=\"b\", type=\"int\"}]",
       "f.toml:10: host.h.params: raw bytes carry one parameter at most"},
      // Symbols
      {"[symbols]\nehco = { cbor = \"x\" }",
       "f.toml:8: symbols.ehco: no proc and no fixed symbol has this name; did you mean \"echo\"?"},
      {"[symbols]\necho = \"x\"", "f.toml:8: symbols.echo: expected a table, found a string"},
      {"[symbols]\ndestroy = { cbor = \"x\" }", "f.toml:8: symbols.destroy: expected a string, found a table"},
      {"[symbols]\necho = { cbr = \"x\" }", "f.toml:8: symbols.echo.cbr: unknown key; did you mean \"cbor\"?"},
      {"[symbols]\necho = { cbor = \"a-b\" }", "f.toml:8: symbols.echo.cbor: \"a-b\" is not a C symbol"},
      {"[symbols]\necho = { native = \"\", cbor = \"\" }",
       "f.toml:7: symbols: proc echo has neither a native nor a CBOR symbol"},
      {"[symbols]\necho = { native = \"lib_create\" }",
       "f.toml:7: symbols: lib_create is the symbol of both constructor create and proc echo"},
      {"[symbols]\necho = { native = \"x\" }\n[contract]\nnative = false",
       "f.toml:8: symbols.echo.native: contract.native is false"},
      {"[symbols]\nhost_complete = \"x\"\n[contract]\nhost_calls = false",
       "f.toml:8: symbols.host_complete: contract.host_calls is false"},
  };
  for (const auto& [rest, message] : all) EXPECT_EQ(message_of(start + rest), message) << rest;
}

TEST(InterfaceMistakes, InRolesAreSaidLikewise) {
  const std::vector<Mistake> all = {
      {"[roles.ecko]", "f.toml:7: roles.ecko: unknown role; did you mean \"echo\"?"},
      {"[roles]\necho = 1", "f.toml:8: roles.echo: expected a table, found an integer"},
      {"[roles.echo]", "f.toml:7: roles.echo.proc: missing"},
      {"[roles.echo]\nproc = \"ecko\"", "f.toml:8: roles.echo.proc: no proc is called \"ecko\"; did you mean \"echo\"?"},
      {"[roles.echo]\nproc = \"echo\"\nrequst = {}", "f.toml:9: roles.echo.requst: unknown key; did you mean \"request\"?"},
      {"[roles.echo]\nproc = \"echo\"\nevent = \"e\"",
       "f.toml:9: roles.echo.event: unknown key; known here: proc, request, reply, error"},
      {"[roles.create]\nproc = \"echo\"", "f.toml:8: roles.create.proc: unknown key; known here: request"},
      {"[roles.create_fail]\nreply = 1", "f.toml:8: roles.create_fail.reply: unknown key; known here: request, error"},
      {"[roles.echo]\nproc = \"echo\"\nrequest = \"$text\"", "f.toml:9: roles.echo.request: expected a table, found a string"},
      {"[roles.echo]\nproc = \"echo\"\nrequest = { req = 1 }",
       "f.toml:9: roles.echo.request.req: echo has no such parameter; there is none"},
      {"params = [{ name = \"req\", type = \"int\" }]\n[roles.echo]\nproc = \"echo\"\nrequest = { rq = 1 }",
       "f.toml:10: roles.echo.request.rq: echo has no such parameter; did you mean \"req\"?"},
      {"params = [{ name = \"req\", type = \"int\" }]\n[roles.echo]\nproc = \"echo\"",
       "f.toml:8: roles.echo.request: missing: echo has parameters"},
      {"[roles.emit]\nproc = \"echo\"", "f.toml:7: roles.emit.event: missing"},
      {"[roles.emit]\nproc = \"echo\"\nevent = \"e\"", "f.toml:9: roles.emit.event: no event is called \"e\"; there is none"},
      {"[[event]]\nname = \"tick\"\n[roles.emit]\nproc = \"echo\"\nevent = \"tock\"",
       "f.toml:11: roles.emit.event: no event is called \"tock\"; did you mean \"tick\"?"},
      {"[roles.call_host]\nproc = \"echo\"\nhost = \"h\"", "f.toml:9: roles.call_host.host: no host is called \"h\"; there is none"},
      {"[roles.echo]\nproc = \"echo\"\nreply = { a = [\n1,\n\"$txet\"] }",
       "f.toml:11: roles.echo.reply.a: unknown placeholder $txet; did you mean \"$text\"?"},
      {"[roles.echo]\nproc = \"echo\"\nreply = \"$answer\"",
       "f.toml:9: roles.echo.reply: $answer is known only in the reply and error of call_host"},
      {"[roles.fail]\nproc = \"echo\"\nerror = \"$bytes\"", "f.toml:9: roles.fail.error: $bytes cannot stand inside a text"},
      {"[roles.fail]\nproc = \"echo\"\nerror = \"\"", "f.toml:9: roles.fail.error: must not be empty"},
      {"[roles.fail]\nproc = \"echo\"\nerror = 3", "f.toml:9: roles.fail.error: expected a string, found an integer"},
  };
  for (const auto& [rest, message] : all) EXPECT_EQ(message_of(start + rest), message) << rest;
}

TEST(InterfaceMistakes, OfTheLibraryAndConstructorAreSaidLikewise) {
  EXPECT_EQ(message_of(""), "f.toml:1: library: this table is missing");
  EXPECT_EQ(message_of("[library]\n"), "f.toml:1: library.name: missing");
  EXPECT_EQ(message_of("[library]\nname = 3\n"), "f.toml:2: library.name: expected a string, found an integer");
  EXPECT_EQ(message_of("[library]\nname = \"my-timer\"\n"),
            "f.toml:2: library.name: \"my-timer\" cannot be part of a C symbol");
  EXPECT_EQ(message_of("[library]\nname = \"lib\"\n"), "f.toml:1: constructor: this table is missing");
  EXPECT_EQ(message_of("[library]\nname = \"lib\"\nschema = \"\"\n"), "f.toml:3: library.schema: must not be empty");
  EXPECT_EQ(message_of("[library]\nname = \"lib\"\n[constructor]\n"), "f.toml:3: constructor.name: missing");
  EXPECT_EQ(message_of("library = 1\n"), "f.toml:1: library: expected a table, found an integer");
  EXPECT_EQ(message_of("[library]\nname = \"lib\"\n[constructor]\nname = \"c\"\n[roles.create]\nrequest = { a = \"$text\" }\n"),
            "f.toml:6: roles.create.request.a: c has no such parameter; there is none");
  EXPECT_EQ(message_of("[library]\nname = \"lib\"\n[constructor]\nname = \"c\"\nparams = [{ name = \"a\", type = \"any\" }]\n"
                       "[roles.create]\nrequest = { a = \"$ctor.a\" }\n"),
            "f.toml:7: roles.create.request.a: $ctor is not known in what the constructor is given");
}

TEST(InterfaceMistakes, ThatAreNoTomlAreSaidInOneLineToo) {
  for (const auto* text : {"[library\n", "\n\nname = \n", "a = 1\na = 2\n", "a = \"x\n", "a = \"\\q\"\n", "\xff\n"}) {
    const std::string message = message_of(text);
    EXPECT_THAT(message, testing::MatchesRegex("f\\.toml:[1-9][0-9]*: TOML: .+")) << text;
    EXPECT_EQ(message.find('\n'), std::string::npos);
  }
  EXPECT_THAT(message_of("\n\nname = \n"), testing::StartsWith("f.toml:3: TOML: "));
}

TEST(InterfaceMistakes, OfAFileCutAnywhereNeverCrash) {
  const std::string whole = start + "[[event]]\nname = \"e\"\n[roles.emit]\nproc = \"echo\"\nevent = \"e\"\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string message = message_of(whole.substr(0, size));
    if (message == "no mistake") continue;
    EXPECT_THAT(message, testing::MatchesRegex("f\\.toml:[1-9][0-9]*: [^:]+: .+"));
  }
}

}  // namespace
}  // namespace ffi_cts
