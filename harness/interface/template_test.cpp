#include "harness/interface/template.hpp"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>

namespace ffi_cts {
namespace {

using testing::Eq;
using testing::Optional;

Arguments arguments() {
  Arguments out;
  out.text = "hi";
  out.bytes = {1, 2};
  out.ms = 40;
  out.count = 3;
  out.answer = "token";
  out.ctor = Map{{"config", Map{{"name", "joe"}, {"size", 7}}}};
  return out;
}

TEST(Template, ThatIsExactlyAPlaceholderTakesItsType) {
  EXPECT_THAT(instantiate("$text", arguments()), Optional(Value("hi")));
  EXPECT_THAT(instantiate("$bytes", arguments()), Optional(Value(Bytes{1, 2})));
  EXPECT_THAT(instantiate("$ms", arguments()), Optional(Value(40)));
  EXPECT_THAT(instantiate("$count", arguments()), Optional(Value(3)));
  EXPECT_THAT(instantiate("$nil", arguments()), Optional(Value(Nil{})));
  EXPECT_THAT(instantiate("$answer", arguments()), Optional(Value("token")));
  EXPECT_THAT(instantiate("$ctor.config.name", arguments()), Optional(Value("joe")));
  EXPECT_THAT(instantiate("$ctor.config.size", arguments()), Optional(Value(7)));
  EXPECT_THAT(instantiate("$ctor.config", arguments()), Optional(*arguments().ctor.find("config")));
}

TEST(Template, InterpolatesInsideALongerString) {
  EXPECT_THAT(instantiate("<$text>", arguments()), Optional(Value("<hi>")));
  EXPECT_THAT(instantiate("$text$text", arguments()), Optional(Value("hihi")));
  EXPECT_THAT(instantiate("$count times in $ms ms", arguments()), Optional(Value("3 times in 40 ms")));
  EXPECT_THAT(instantiate("got $answer.", arguments()), Optional(Value("got token.")));
  EXPECT_THAT(instantiate("I am $ctor.config.name.", arguments()), Optional(Value("I am joe.")));
}

TEST(Template, WritesADollarAsTwo) {
  EXPECT_THAT(instantiate("$$text", arguments()), Optional(Value("$text")));
  EXPECT_THAT(instantiate("$$", arguments()), Optional(Value("$")));
  EXPECT_THAT(instantiate("5$$ for $text", arguments()), Optional(Value("5$ for hi")));
  EXPECT_THAT(instantiate_text("$$$text", arguments()), Optional(Eq("$hi")));
}

TEST(Template, DoesNotReplaceInWhatItInserted) {
  auto with_dollar = arguments();
  with_dollar.text = "$ms";
  EXPECT_THAT(instantiate("$text", with_dollar), Optional(Value("$ms")));
  EXPECT_THAT(instantiate("a $text", with_dollar), Optional(Value("a $ms")));
}

TEST(Template, IsFilledAtEveryDepthAndKeepsTheRest) {
  const Value tmpl = Map{{"req", Map{{"message", "$text"}, {"parts", List{"$ms", 1, true, "x"}}, {"$text", 1.5}}}};
  const Value filled = Map{{"req", Map{{"message", "hi"}, {"parts", List{40, 1, true, "x"}}, {"$text", 1.5}}}};
  EXPECT_THAT(instantiate(tmpl, arguments()), Optional(filled));
}

TEST(Template, IsNotKnownWithoutTheAnswerOrWithAnUnknownPath) {
  auto unanswered = arguments();
  unanswered.answer.reset();
  EXPECT_EQ(instantiate(Map{{"a", List{"$answer"}}}, unanswered), std::nullopt);
  EXPECT_EQ(instantiate("no $answer", unanswered), std::nullopt);
  EXPECT_EQ(instantiate("$ctor.config.nme", arguments()), std::nullopt);
  EXPECT_EQ(instantiate("$ctor.config.name.first", arguments()), std::nullopt);
  EXPECT_EQ(instantiate_text("$ctor.config", arguments()), std::nullopt);
}

TEST(Template, OfAnErrorIsAlwaysText) {
  EXPECT_THAT(instantiate_text("failed: $text", arguments()), Optional(Eq("failed: hi")));
  EXPECT_THAT(instantiate_text("$ms", arguments()), Optional(Eq("40")));
}

TEST(Template, WithAMistakeSaysIt) {
  const PlaceholderScope request{.ctor = true}, error{.answer = true, .ctor = true, .whole = false};
  EXPECT_EQ(placeholder_mistake("$text and $ms, $$1, $ctor.a", request), std::nullopt);
  EXPECT_EQ(placeholder_mistake("$bytes", request), std::nullopt);
  EXPECT_EQ(placeholder_mistake("$answer", error), std::nullopt);
  EXPECT_THAT(placeholder_mistake("$txt", request), Optional(Eq("unknown placeholder $txt; did you mean \"$text\"?")));
  EXPECT_THAT(placeholder_mistake("5 $", request), Optional(Eq("a dollar is written $$")));
  EXPECT_THAT(placeholder_mistake("a $bytes", request), Optional(Eq("$bytes cannot stand inside a text")));
  EXPECT_THAT(placeholder_mistake("$nil", error), Optional(Eq("$nil cannot stand inside a text")));
  EXPECT_THAT(placeholder_mistake("$ctor", request), Optional(Eq("$ctor needs a path, as in $ctor.config.name")));
  EXPECT_THAT(placeholder_mistake("$ctor.a", {}), Optional(Eq("$ctor is not known in what the constructor is given")));
  EXPECT_THAT(placeholder_mistake("$answer", request),
              Optional(Eq("$answer is known only in the reply and error of call_host")));
}

TEST(Pattern, LeavesKeysFreeThatItDoesNotName) {
  EXPECT_EQ(mismatch(Map{}, Map{{"a", 1}}), std::nullopt);
  EXPECT_EQ(mismatch(Map{{"b", Map{{"c", 1}}}}, Map{{"a", 1}, {"b", Map{{"d", 2}, {"c", 1}}}}), std::nullopt);
}

TEST(Pattern, SaysThePathOfTheFirstDifference) {
  EXPECT_THAT(mismatch(Map{{"echoed", "abc"}}, Map{{"echoed", "abd"}}),
              Optional(Eq(R"(echoed: expected "abc", seen "abd")")));
  EXPECT_THAT(mismatch(Map{{"a", Map{{"b", List{1, 2}}}}}, Map{{"a", Map{{"b", List{1, 3}}}}}),
              Optional(Eq("a.b[1]: expected 2, seen 3")));
  EXPECT_THAT(mismatch(Map{{"a", 1}}, Map{{"b", 1}}), Optional(Eq("a: expected 1, seen nothing")));
  EXPECT_THAT(mismatch(Map{{"a", Nil{}}}, Map{}), Optional(Eq("a: expected null, seen nothing")));
  EXPECT_THAT(mismatch(Map{{"a", List{1}}}, Map{{"a", List{}}}), Optional(Eq("a: expected a list of 1, seen one of 0")));
  EXPECT_THAT(mismatch(Map{{"a", 1}}, "x"), Optional(Eq(R"(expected {"a": 1}, seen "x")")));
  EXPECT_THAT(mismatch("x", Nil{}), Optional(Eq(R"(expected "x", seen null)")));
}

TEST(Pattern, ComparesNumbersByValueAndNothingElse) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(mismatch(1, 1.0), std::nullopt);
  EXPECT_EQ(mismatch(-1.0, -1), std::nullopt);
  EXPECT_EQ(mismatch(nan, nan), std::nullopt);
  EXPECT_EQ(mismatch(Map{{1, "x"}}, Map{{1.0, "x"}}), std::nullopt);
  EXPECT_NE(mismatch(1, true), std::nullopt);
  EXPECT_NE(mismatch(1, "1"), std::nullopt);
  EXPECT_NE(mismatch(0, Nil{}), std::nullopt);
  EXPECT_NE(mismatch("a", Bytes{'a'}), std::nullopt);
  EXPECT_NE(mismatch(std::numeric_limits<std::uint64_t>::max(), 18446744073709551616.0), std::nullopt);
}

TEST(Template, TellsWhetherItHoldsAPlaceholder) {
  const Value tmpl = Map{{Value("a"), List{Value(1), Map{{Value("$ms"), Value("x$count")}}}}, {Value("b"), Value("$$text")}};
  EXPECT_TRUE(holds(tmpl, "count"));
  EXPECT_FALSE(holds(tmpl, "text"));
  EXPECT_FALSE(holds(tmpl, "ms"));  // a key
}

}  // namespace
}  // namespace ffi_cts
