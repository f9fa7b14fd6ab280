// The native form of types, beside what the compiler makes of the same structs.
#include "harness/interface/native.hpp"

#include <gmock/gmock.h>

#include <cstddef>
#include <cstdint>

namespace ffi_cts::native {
namespace {

// An interface whose proc `call` takes one parameter `it` of type T, and returns `returns` if that is not empty.
Interface with(const std::string& cddl, const std::string& returns = "") {
  Interface out;
  out.schema = std::make_shared<schema::Schema>(schema::Schema::parse(cddl, "x.cddl"));
  Proc proc;
  proc.name = "call";
  proc.symbols = {"lib_call", "lib_call_cbor"};
  proc.params.push_back({"it", "T", out.schema->parse_type("T", "x.toml", 1)});
  if (!returns.empty()) proc.returns_cddl = out.schema->parse_type(returns, "x.toml", 1);
  out.procs.push_back(std::move(proc));
  out.constructor.symbols = {"lib_create", "lib_create_cbor"};
  return out;
}

std::string why_not(const std::string& cddl, const std::string& returns = "") {
  const Interface interface = with(cddl, returns);
  const View view(interface);
  return view.proc(0) ? "it is native" : view.why_not(0);
}

struct Inner {
  int flag_present;
  int flag;
  double level;
};
struct Outer {
  const char* name;
  const std::uint8_t* data;
  std::size_t data_len;
  int on;
  Inner inner;
  const Inner* items;
  std::size_t items_len;
  int note_present;
  const char* note;
  int count_present;
  std::int64_t count;
  std::uint64_t last;
};

TEST(Native, structs_lie_as_the_compiler_lays_them) {
  const Interface interface = with(R"(
    T = { name: tstr, data: bstr, on: bool, inner: Inner, items: [* Inner], note: tstr / nil, ? count: 0..9, last: uint }
    Inner = { ? flag: bool, level: float }
  )");
  const View view(interface);
  ASSERT_TRUE(view.proc(0)) << view.why_not(0);
  ASSERT_EQ(view.structs().size(), 2u);
  const Struct& inner = *view.structs()[0];
  const Struct& outer = *view.structs()[1];
  EXPECT_EQ(inner.name, "Inner");
  EXPECT_EQ(inner.size, sizeof(Inner));
  EXPECT_EQ(inner.fields[0].at, offsetof(Inner, flag));
  EXPECT_EQ(inner.fields[1].at, offsetof(Inner, level));
  EXPECT_EQ(outer.size, sizeof(Outer));
  EXPECT_EQ(outer.align, alignof(Outer));
  EXPECT_EQ(outer.fields[1].length_at, offsetof(Outer, data_len));
  EXPECT_EQ(outer.fields[3].at, offsetof(Outer, inner));
  EXPECT_EQ(outer.fields[4].length_at, offsetof(Outer, items_len));
  EXPECT_EQ(outer.fields[5].present_at, offsetof(Outer, note_present));
  EXPECT_EQ(outer.fields[5].at, offsetof(Outer, note));
  EXPECT_TRUE(outer.fields[5].nil);
  EXPECT_FALSE(outer.fields[6].nil);
  EXPECT_EQ(outer.fields[6].at, offsetof(Outer, count));
  EXPECT_EQ(outer.fields[7].at, offsetof(Outer, last));
}

TEST(Native, what_C_cannot_say_exists_in_CBOR_only) {
  EXPECT_EQ(why_not("T = [* tstr]"), "in CBOR only: parameter it: a list as a parameter");
  EXPECT_EQ(why_not("T = tstr / nil"), "in CBOR only: parameter it: an optional parameter");
  EXPECT_EQ(why_not("T = any"), "in CBOR only: parameter it: anything");
  EXPECT_EQ(why_not("T = tstr / int"), "in CBOR only: parameter it: a text or a whole number");
  EXPECT_EQ(why_not("T = { a: [* [* tstr]] }"), "in CBOR only: parameter it: a list of a list");
  EXPECT_EQ(why_not("T = { a: [* tstr], a_len: int }"), "in CBOR only: parameter it: a_len: another member has this name in C");
  EXPECT_EQ(why_not("T = {}"), "in CBOR only: parameter it: a map without members");
  EXPECT_EQ(why_not("T = { ? next: T }"), "in CBOR only: parameter it: T, which holds itself");
  EXPECT_EQ(why_not("T = tstr", "[* tstr]"), "in CBOR only: its reply: a list as a reply");
}

TEST(Native, a_struct_may_hold_a_list_of_itself_and_maps_without_a_name_get_one) {
  const Interface interface = with("T = { children: [* T], \"the place\": { x: int, register: \"on\" / \"off\" } }", "tstr");
  const View view(interface);
  ASSERT_TRUE(view.proc(0)) << view.why_not(0);
  const Struct& t = *view.proc(0)->params[0].type.structure;
  EXPECT_EQ(t.fields[0].type.structure, &t);
  EXPECT_EQ(t.fields[1].name, "the_place");
  EXPECT_EQ(t.fields[1].type.structure->name, "T_the_place");
  EXPECT_EQ(t.fields[1].type.structure->fields[1].name, "register_");
  EXPECT_EQ(t.fields[1].type.structure->fields[1].type.kind, Kind::text);
  EXPECT_EQ(view.proc(0)->returns->kind, Kind::text);
}

TEST(Native, names_are_such_as_C_can_have_beside_the_functions) {
  const Interface interface = with("T = { errno: int, co_await: int, size_t: int, inner: lib_call }\nlib_call = { a: int }");
  const View view(interface);
  ASSERT_TRUE(view.proc(0)) << view.why_not(0);
  const Struct& t = *view.proc(0)->params[0].type.structure;
  EXPECT_EQ(t.fields[0].name, "errno_");
  EXPECT_EQ(t.fields[1].name, "co_await_");
  EXPECT_EQ(t.fields[2].name, "size_t_");
  EXPECT_EQ(t.fields[3].type.structure->name, "lib_call_2");
}

TEST(Native, parameters_as_fields_may_be_lists_and_optional) {
  const Interface interface = with("T = [* Item]\nItem = { a: int }");
  View view(interface);
  const auto type = [&](const char* text) { return interface.schema->parse_type(text, "x.toml", 1); };
  const auto fields = view.fields_of({{"items", "T", type("T")}, {"note", "tstr / nil", type("tstr / nil")}}, "call");
  ASSERT_TRUE(fields);
  EXPECT_EQ((*fields)[0].type.kind, Kind::list);
  EXPECT_EQ((*fields)[0].type.structure->name, "Item");
  EXPECT_TRUE((*fields)[1].optional);
  EXPECT_FALSE(view.fields_of({{"what", "any", type("any")}}, "call"));
  EXPECT_FALSE(view.fields_of({{"a", "bstr", type("bstr")}, {"a_len", "int", type("int")}}, "call"));
}

}  // namespace
}  // namespace ffi_cts::native
