#include "harness/interface/interface.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

namespace ffi_cts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* my_timer = R"(
[library]
name   = "my_timer"
schema = "my_timer.cddl"

[constructor]
name   = "create"
params = [{ name = "config", type = "TimerConfig" }]

[[proc]]
name    = "echo"
params  = [{ name = "req", type = "EchoRequest" }]
returns = "EchoResponse"

[[event]]
name    = "on_echo_fired"
payload = "EchoEvent"

[[host]]
name    = "fetch_token"
params  = [{ name = "key", type = "tstr" }]
returns = "tstr"

[symbols]
echo   = { native = "", cbor = "my_timer_echo" }

[contract]
wildcard  = true
host_calls = true
native    = true
callbacks = "one thread"

[roles.create]
request = { config = { name = "$text" } }
[roles.echo]
proc    = "echo"
request = { req = { message = "$text", delayMs = 0 } }
reply   = { echoed = "$text" }
[roles.delay]
proc    = "echo"
request = { req = { message = "$text", delayMs = "$ms" } }
[roles.emit]
proc    = "echo"
event   = "on_echo_fired"
request = { req = { message = "$text", delayMs = 0 } }
payload = { message = "$text" }
)";

// A library with a constructor and one proc, and the given rest.
Interface small(const std::string& rest) {
  return parse_interface("[library]\nname = \"lib\"\n[constructor]\nname = \"create\"\n[[proc]]\nname = \"p\"\n" + rest, "lib.toml");
}

TEST(Interface, OfTheDesignIsReadWhole) {
  const Interface timer = parse_interface(my_timer, "some/where/my_timer.toml");
  EXPECT_EQ(timer.name, "my_timer");
  EXPECT_EQ(timer.file, "some/where/my_timer.toml");
  EXPECT_EQ(timer.schema_file, "some/where/my_timer.cddl");
  ASSERT_EQ(timer.constructor.params.size(), 1u);
  EXPECT_EQ(timer.constructor.params[0].name, "config");
  EXPECT_EQ(timer.constructor.params[0].type, "TimerConfig");
  ASSERT_NE(timer.proc("echo"), nullptr);
  EXPECT_EQ(timer.proc("echo")->returns, "EchoResponse");
  EXPECT_TRUE(timer.proc("echo")->context);
  EXPECT_EQ(timer.proc("ecko"), nullptr);
  ASSERT_NE(timer.host("fetch_token"), nullptr);
  EXPECT_EQ(timer.host("fetch_token")->params[0].type, "tstr");
  EXPECT_EQ(timer.host("fetch_token")->encoding, HostEncoding::cbor);
  ASSERT_EQ(timer.events.size(), 1u);
  EXPECT_EQ(timer.events[0].payload, "EchoEvent");
  EXPECT_TRUE(timer.has_events());
  EXPECT_EQ(timer.contract.callbacks, CallbackThreads::one);
  EXPECT_EQ(timer.contract.destroy_limit_ms, 1500);
  EXPECT_EQ(timer.contract.max_contexts, std::nullopt);
}

TEST(Interface, OfTheDesignListsItsSymbolsInTheOrderOfTheFile) {
  EXPECT_THAT(parse_interface(my_timer, "t.toml").symbols(),
              ElementsAre("my_timer_create", "my_timer_create_cbor", "my_timer_echo", "my_timer_destroy",
                          "my_timer_add_event_listener", "my_timer_remove_event_listener", "my_timer_register_host_fn",
                          "my_timer_host_complete"));
}

TEST(Interface, OfTheDesignHasItsRolesAsTemplatesInTheOrderWritten) {
  const Interface timer = parse_interface(my_timer, "t.toml");
  EXPECT_EQ(timer.roles.size(), 4u);
  EXPECT_EQ(timer.role(RoleName::create)->request, (Map{{"config", Map{{"name", "$text"}}}}));
  const Role& echo = *timer.role(RoleName::echo);
  EXPECT_EQ(echo.request, (Map{{"req", Map{{"message", "$text"}, {"delayMs", 0}}}}));
  EXPECT_EQ(echo.reply, Value(Map{{"echoed", "$text"}}));
  EXPECT_EQ(echo.error, std::nullopt);
  EXPECT_EQ(timer.role(RoleName::emit)->event, "on_echo_fired");
  EXPECT_EQ(timer.role(RoleName::emit)->payload, Value(Map{{"message", "$text"}}));
  EXPECT_EQ(timer.role(RoleName::block), nullptr);
}

TEST(Interface, NamesBothVariantsByRule) {
  const Interface lib = small("");
  EXPECT_THAT(lib.symbols(), ElementsAre("lib_create", "lib_create_cbor", "lib_p", "lib_p_cbor", "lib_destroy"));
  EXPECT_FALSE(lib.has_events());
}

TEST(Interface, WithoutNativeVariantsHasNoNativeSymbols) {
  EXPECT_THAT(small("[contract]\nnative = false").symbols(), ElementsAre("lib_create_cbor", "lib_p_cbor", "lib_destroy"));
}

TEST(Interface, KnowsTheNamesOfWhatItDenies) {
  EXPECT_THAT(small("[contract]\nnative = false").denied_symbols(),
              ElementsAre("lib_create", "lib_p", "lib_add_event_listener", "lib_register_host_fn"));
  EXPECT_THAT(small("[symbols]\np = { cbor = \"lib_p\", native = \"\" }\n[contract]\nnative = false").denied_symbols(), testing::Not(testing::Contains("lib_p")));
  EXPECT_THAT(small("[[event]]\nname = \"e\"\n[[host]]\nname = \"h\"\n").denied_symbols(), testing::IsEmpty());
}

TEST(Interface, ThatMakesNoHostCallsHasNoHostSymbols) {
  const std::string host = "[[host]]\nname = \"h\"\n";
  EXPECT_EQ(small(host).register_host_fn, "lib_register_host_fn");
  EXPECT_EQ(small(host).host_complete, "lib_host_complete");
  EXPECT_EQ(small(host + "[contract]\nhost_calls = false").register_host_fn, "");
  EXPECT_EQ(small(host + "[contract]\nhost_calls = false").host_complete, "");
}

TEST(Interface, MayNameItsDestructor) { EXPECT_EQ(small("[destructor]\nname = \"close\"").destroy, "lib_close"); }

TEST(Interface, MayHaveAProcWithoutAContext) { EXPECT_FALSE(small("context = false").proc("p")->context); }

TEST(Interface, MayGiveHostFunctionsRawBytes) {
  EXPECT_EQ(small("[[host]]\nname = \"h\"\nencoding = \"raw\"").host("h")->encoding, HostEncoding::raw);
  EXPECT_EQ(small("[[host]]\nname = \"h\"\nencoding = \"cbor\"").host("h")->encoding, HostEncoding::cbor);
}

TEST(Interface, MayDepartFromEverySymbol) {
  const Interface lib = small(R"([symbols]
create = { native = "" , cbor = "lib_new" }
p = { native = "P" }
destroy = "lib_free"
add_event_listener = "on"
remove_event_listener = "off"
register_host_fn = "reg"
host_complete = "done"
)");
  EXPECT_THAT(lib.symbols(), ElementsAre("lib_new", "P", "lib_p_cbor", "lib_free", "on", "off", "reg", "done"));
  EXPECT_TRUE(lib.has_events());
}

TEST(Interface, MayLackAnExport) {
  const Interface lib = small("[[event]]\nname = \"e\"\n[symbols]\nadd_event_listener = \"\"\nremove_event_listener = \"\"\n");
  EXPECT_FALSE(lib.has_events());
  EXPECT_EQ(lib.remove_event_listener, "");
}

TEST(Interface, SaysItsContract) {
  const Contract contract = small(R"([contract]
wildcard = false
callbacks = "replies and events on a thread each"
destroy_limit_ms = 3000
max_contexts = 32
)").contract;
  EXPECT_FALSE(contract.wildcard);
  EXPECT_EQ(contract.callbacks, CallbackThreads::replies_and_events);
  EXPECT_EQ(contract.destroy_limit_ms, 3000);
  EXPECT_EQ(contract.max_contexts, 32);
}

TEST(Interface, TakesNoRequestAsTheEmptyMapWhereThereAreNoParameters) {
  EXPECT_EQ(small("[roles.empty]\nproc = \"p\"").role(RoleName::empty)->request, Value(Map{}));
}

TEST(Interface, KeepsEveryKindOfValueOfATemplate) {
  const Value request = small("params = [{ name = \"a\", type = \"any\" }]\n[roles.echo]\nproc = \"p\"\n"
                              "request = { a = [1, -2, 2.5, true, \"x\", { b = [] }] }")
                            .role(RoleName::echo)
                            ->request;
  EXPECT_EQ(request, (Map{{"a", List{1, -2, 2.5, true, "x", Map{{"b", List{}}}}}}));
}

TEST(Interface, KnowsTheRoleOfTheHostAndTheTextsOfErrors) {
  const Interface lib = small(R"([[host]]
name = "h"
[roles.create_fail]
error = "no"
[roles.fail]
proc = "p"
error = "failed: $text"
[roles.call_host]
proc = "p"
host = "h"
payload = { key = "$text" }
reply = "$answer"
error = "host said $answer"
)");
  EXPECT_EQ(lib.role(RoleName::create_fail)->error, "no");
  EXPECT_EQ(lib.role(RoleName::fail)->error, "failed: $text");
  EXPECT_EQ(lib.role(RoleName::call_host)->host, "h");
  EXPECT_EQ(lib.role(RoleName::call_host)->reply, Value("$answer"));
  EXPECT_EQ(lib.role(RoleName::call_host)->payload, Value(Map{{"key", "$text"}}));
}

TEST(Interface, NamesEveryRole) {
  for (int i = 0; i < role_count; ++i) {
    const auto role = static_cast<RoleName>(i);
    EXPECT_EQ(role_named(to_string(role)), role);
  }
  EXPECT_EQ(role_named("ecko"), std::nullopt);
}

TEST(InterfaceFile, NeedsItsSchemaBesideIt) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "ffi_cts_interface_test";
  std::filesystem::create_directories(folder);
  const auto file = (folder / "my_timer.toml").string(), schema = (folder / "my_timer.cddl").string();
  std::ofstream(file) << my_timer;
  std::filesystem::remove(schema);
  try {
    load_interface(file);
    ADD_FAILURE() << "loaded without its schema";
  } catch (const InterfaceError& error) {
    EXPECT_EQ(error.what(), file + ":4: library.schema: there is no file " + schema);
  }
  const auto message = [&]() -> std::string {
    try {
      load_interface(file);
    } catch (const InterfaceError& error) {
      return error.what();
    }
    return "it was loaded";
  };
  std::ofstream(schema) << "TimerConfig = { name: tstr }\nEchoRequest = <\n";
  EXPECT_EQ(message(), schema + ":2: not understood from column 15 on");
  std::ofstream(schema) << "TimerConfig = { name: tstr }\n";
  EXPECT_EQ(message(), file + ":12: proc.echo.params.req.type: EchoRequest is no type");
  std::ofstream(schema) << "TimerConfig = { name: tstr } EchoRequest = {} EchoResponse = {} EchoEvent = {}";
  const Interface timer = load_interface(file);
  EXPECT_EQ(timer.schema_file, schema);
  EXPECT_EQ(timer.constructor.params[0].cddl->name, "TimerConfig");
  EXPECT_EQ(timer.hosts[0].returns_cddl->name, "tstr");
  std::filesystem::remove_all(folder);
}

TEST(InterfaceFile, ThatCannotBeReadIsSaid) {
  const auto message = [](const std::string& file) -> std::string {
    try {
      return load_interface(file).name;
    } catch (const InterfaceError& error) {
      return error.what();
    }
  };
  EXPECT_EQ(message("/nowhere/x.toml"), "/nowhere/x.toml: cannot be read: No such file or directory");
  EXPECT_EQ(message("/"), "/: cannot be read: it is a directory");
}

}  // namespace
}  // namespace ffi_cts
