// CDDL as it is read, and items against it.
#include "harness/schema/schema.hpp"

#include <gmock/gmock.h>

namespace ffi_cts::schema {
namespace {

using testing::HasSubstr;

Schema read(const std::string& text) { return Schema::parse(text, "x.cddl"); }

std::string refused(const std::string& text) {
  try {
    read(text);
  } catch (const SchemaError& error) {
    return error.what();
  }
  return "it was read";
}

// As nim-ffi's generator writes it: types, the envelope of each request, and per proc the names of both.
const char* const timer = R"(; my_timer

TimerConfig = { name: tstr }
EchoRequest = { message: tstr, delayMs: int }
EchoResponse = { echoed: tstr, timerName: tstr }
ComplexRequest = { messages: [* EchoRequest], tags: [* tstr], note: tstr / nil, retries: int / nil }
ComplexResponse = { summary: tstr, itemCount: int, hasNote: bool }
EchoEvent = { message: tstr, echoCount: int }
JobSpec = { name: tstr, payload: [* tstr], priority: int }
RetryPolicy = { maxAttempts: int, backoffMs: int, retryOn: [* tstr] }
ScheduleConfig = { startAtMs: int, intervalMs: int, jitter: int / nil }
ScheduleResult = { jobId: tstr, willRunCount: int, firstRunAtMs: int, effectiveBackoffMs: int }

MyTimerCreateCtorReq = { config: TimerConfig }
MyTimerEchoReq = { req: EchoRequest }
MyTimerVersionReq = { }
MyTimerComplexReq = { req: ComplexRequest }
MyTimerScheduleReq = { job: JobSpec, retry: RetryPolicy, schedule: ScheduleConfig }

; my_timer_create (ctor)
my_timer_create-request = MyTimerCreateCtorReq

; my_timer_echo (ffi)
my_timer_echo-request = MyTimerEchoReq
my_timer_echo-response = EchoResponse

; my_timer_version (ffi)
my_timer_version-request = MyTimerVersionReq
my_timer_version-response = tstr

; my_timer_complex (ffi)
my_timer_complex-request = MyTimerComplexReq
my_timer_complex-response = ComplexResponse

; my_timer_schedule (ffi)
my_timer_schedule-request = MyTimerScheduleReq
my_timer_schedule-response = ScheduleResult

; my_timer_destroy (dtor)
)";

TEST(Cddl, reads_what_a_generator_emits) {
  const Schema schema = read(timer);
  ASSERT_EQ(schema.rules().size(), 24u);
  const Type& complex = *schema.find("ComplexRequest");
  ASSERT_EQ(complex.members.size(), 4u);
  EXPECT_EQ(complex.members[0].key, "messages");
  EXPECT_EQ(schema.resolve(*complex.members[0].type->element).members[1].key, "delayMs");
  ASSERT_TRUE(optional_of(schema, *complex.members[2].type));
  EXPECT_EQ(schema.resolve(*optional_of(schema, *complex.members[2].type)).kind, Kind::text);
  EXPECT_EQ(schema.resolve(*schema.find("my_timer_echo-request")).members[0].key, "req");
  EXPECT_EQ(schema.resolve(*schema.find("my_timer_version-response")).kind, Kind::text);
  EXPECT_EQ(schema.resolve(*schema.find("my_timer_schedule-request")).members[2].key, "schedule");
  EXPECT_TRUE(schema.find("MyTimerVersionReq")->members.empty());
}

TEST(Cddl, reads_groups_and_puts_what_is_in_them_where_they_stand) {
  const Schema schema = read(R"(
    Point = { point, ? label: tstr }
    point = ( x: int, y: int )
    Place = { ( name: tstr, (point), zone: "a" / "b" ) }
    Pair = [point]
    Names = [names]
    names = ( + tstr )
    Either = (tstr / nil)
  )");
  const Type& point = *schema.find("Point");
  ASSERT_EQ(point.members.size(), 3u);
  EXPECT_EQ(point.members[1].key, "y");
  EXPECT_TRUE(point.members[2].optional);
  ASSERT_EQ(schema.find("Place")->members.size(), 4u);
  EXPECT_EQ(schema.find("Place")->members[2].key, "y");
  EXPECT_EQ(schema.find("Pair")->options.size(), 2u);
  EXPECT_EQ(schema.find("Names")->fewest, 1u);
  EXPECT_EQ(schema.find("Either")->kind, Kind::choice);
  EXPECT_FALSE(schema.find("point"));
  EXPECT_EQ(schema.parse_type("{ point, z: int }", "x.toml", 7)->members.size(), 3u);
}

TEST(Cddl, reads_keys_literals_ranges_sizes_and_fixed_places) {
  const Schema schema = read(R"(
    A = { "quoted key": uint, ? maybe: bool, level: 0..10, less: 0...10, low: -5..-1 }
    Mode = "fast" / "slow"
    Key = bstr .size 32
    Name = tstr .size (1..8)
    Pair = [tstr, int]
    Some = [+ A]
    Number = 5 / -3 / 2.5 / true
    Nested = (tstr / nil) / bytes
  )");
  const Type& a = *schema.find("A");
  EXPECT_EQ(a.members[0].key, "quoted key");
  EXPECT_TRUE(a.members[1].optional);
  EXPECT_EQ(a.members[2].type->range, (Range{0, 10}));
  EXPECT_EQ(a.members[3].type->range, (Range{0, 9}));
  EXPECT_EQ(a.members[4].type->range, (Range{-5, -1}));
  EXPECT_TRUE(is_text_enum(schema, *schema.find("Mode")));
  EXPECT_EQ(schema.find("Key")->range, (Range{32, 32}));
  EXPECT_EQ(schema.find("Name")->range, (Range{1, 8}));
  EXPECT_EQ(schema.find("Pair")->options.size(), 2u);
  EXPECT_EQ(schema.find("Some")->fewest, 1u);
  EXPECT_EQ(schema.find("Number")->options[1]->literal, Value(-3));
  EXPECT_FALSE(optional_of(schema, *schema.find("Nested")));
}

struct Mistake {
  const char *text, *what;
};

TEST(Cddl, refuses_what_it_does_not_support_and_names_the_line_and_the_construct) {
  const Mistake mistakes[] = {
      {"a = tstr\nb = { * tstr => any }", "x.cddl:2: members by the type of their key (=>) are not supported"},
      {"a = #6.24(bstr)", "x.cddl:1: #6.24(bstr): tags are not supported"},
      {"a = { b: ~c }\nc = tstr", "x.cddl:1: ~c: groups as types are not supported"},
      {"a = list<tstr>", "x.cddl:1: generic types are not supported"},
      {"a = tstr .regexp \"x\"", "x.cddl:1: .regexp is not supported (only .size is)"},
      {"a = int .size 4", "x.cddl:1: .size is supported of tstr and bstr"},
      {"a = { x: int // y: int }", "x.cddl:1: choices between groups (//) are not supported"},
      {"a = ( x: int // y: int )", "x.cddl:1: choices between groups (//) are not supported"},
      {"a = { ? ( x: int, y: int ) }", "x.cddl:1: ? of a group is not supported"},
      {"a = [* b]\nb = ( int, tstr )", "x.cddl:1: * of a group is not supported"},
      {"a = ( x: int, y: int )\nb = a", "x.cddl:2: a is a group, no type"},
      {"a = ( x: int, y: c )", "x.cddl:1: c is no type"},
      {"a = ( x: int, b )\nb = ( y: int, a )", "x.cddl:1: a holds itself without an end"},
      {"a = { b, x: int }\nb = ( x: int, y: int )", "x.cddl:1: the key x is there already"},
      {"a //= ( x: int, y: int )", "x.cddl:1: //= (an extension of a) is not supported"},
      {"a = [* int, + tstr]", "x.cddl:1: a list has items of one type only"},
      {"text = int", "x.cddl:1: text is there already"},
      {"a /= int", "x.cddl:1: /= (an extension of a) is not supported"},
      {"a = [2*4 int]", "x.cddl:1: 2*4 in a list is not supported (* and + are)"},
      {"a = { + x: int }", "x.cddl:1: + of a member is not supported (only ? is)"},
      {"a = { int }", "x.cddl:1: a member of a map needs a key"},
      {"a = [* int, tstr]", "x.cddl:1: a list has either items of one type or fixed places"},
      {"a = 5..1", "x.cddl:1: the range is empty"},
      {"a = 99999999999999999999", "x.cddl:1: 99999999999999999999 is no whole number of 64 bits"},
      {"a = b", "x.cddl:1: b is no type"},
      {"a = tstr\n\na = int", "x.cddl:3: a is there already"},
      {"a = { x: int, x: int }", "x.cddl:1: the key x is there already"},
      {"a = b\nb = a", "x.cddl:2: a holds itself without an end"},
      {"a = { next: a }", "x.cddl:1: a holds itself without an end"},
  };
  for (const auto& [text, what] : mistakes) EXPECT_EQ(refused(text), what) << text;
}

TEST(Cddl, refuses_what_is_no_cddl_with_its_line) {
  for (const char* text : {"a = tstr\nb = { x: }", "a = tstr\n= int", "a = tstr\nb = [* tstr", "a = tstr\n5"})
    EXPECT_THAT(refused(text), HasSubstr("x.cddl:2: not understood from column ")) << text;
}

TEST(Cddl, lets_a_type_hold_itself_where_that_can_end) {
  EXPECT_EQ(refused("a = { ? next: a }"), "it was read");
  EXPECT_EQ(refused("a = { next: a / nil }"), "it was read");
  EXPECT_EQ(refused("tree = { children: [* tree] }"), "it was read");
  EXPECT_EQ(refused("a = [+ a]"), "x.cddl:1: a holds itself without an end");
}

// ---- Items ----------------------------------------------------------------------------------------------------------

std::string wrong(const std::string& type, const Value& value, bool open = false) {
  const Schema schema = read("T = " + type + "\nEcho = { message: tstr, ? delay: int }");
  return mismatch_of(schema, *schema.find("T"), value, open).value_or("");
}

TEST(Items, that_are_of_the_type_pass) {
  EXPECT_EQ(wrong("tstr", "x"), "");
  EXPECT_EQ(wrong("int", -5), "");
  EXPECT_EQ(wrong("uint / nil", Nil{}), "");
  EXPECT_EQ(wrong("float", 0.5), "");
  EXPECT_EQ(wrong("any", List{1, "x"}), "");
  EXPECT_EQ(wrong("[* Echo]", List{}), "");
  EXPECT_EQ(wrong("{ e: Echo }", Map{{"e", Map{{"message", "m"}}}}), "");
  EXPECT_EQ(wrong("Echo", Map{{"message", "m"}, {"more", 1}}, true), "");
  EXPECT_EQ(wrong("-5..5", -5), "");
  EXPECT_EQ(wrong("bstr .size 2", Bytes{1, 2}), "");
}

TEST(Items, that_are_not_of_the_type_are_told_with_the_path_of_the_first_mismatch) {
  EXPECT_EQ(wrong("tstr", 5), "the item: a text is due, not 5");
  EXPECT_EQ(wrong("uint", -5), "the item: a whole number from 0 on is due, not -5");
  EXPECT_EQ(wrong("int", 0.5), "the item: a whole number is due, not 0.5");
  EXPECT_EQ(wrong("-5..5", 6), "the item: a number from -5 to 5 is due, not 6");
  EXPECT_EQ(wrong("\"fast\" / \"slow\"", "other"), "the item: \"fast\" or \"slow\" is due, not \"other\"");
  EXPECT_EQ(wrong("tstr .size (1..2)", ""), "the item: a text of 1 to 2 bytes is due, not \"\"");
  EXPECT_EQ(wrong("[* Echo]", List{Map{{"message", "m"}}, Map{{"message", 1}}}), "[1].message: a text is due, not 1");
  EXPECT_EQ(wrong("{ e: [+ Echo] }", Map{{"e", List{}}}), "e: the list is empty");
  EXPECT_EQ(wrong("{ e: Echo / nil }", Map{{"e", Map{}}}), "e.message is missing");
  EXPECT_EQ(wrong("Echo", Map{{"message", "m"}, {"more", 1}}), "more is no key of it");
  EXPECT_EQ(wrong("Echo", Map{{"message", "m"}, {"message", "n"}}), "message is there twice");
  EXPECT_EQ(wrong("[tstr, int]", List{"x"}), "the item: 2 items are due, not 1");
}

}  // namespace
}  // namespace ffi_cts::schema
