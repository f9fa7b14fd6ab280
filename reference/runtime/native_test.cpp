// Native calls, through the probe: what goes in by value comes back as it was, and nothing is kept or leaked on the way.
#include "reference/runtime/test_host.hpp"

#include <memory>

namespace ffi_cts::testing {
namespace {

using Everything = ::probe_Everything;

class Native : public ::testing::Test {
 protected:
  template <class Submit>
  Heard ask(Submit submit) {
    Recorder reply;
    EXPECT_EQ(submit(Recorder::callback, &reply), RET_OK);
    return reply.wait();
  }
  Heard mirror(const Everything& value, std::function<void(const Everything&)> look) {
    NativeReply<Everything> reply(std::move(look));
    EXPECT_EQ(probe::mirror(context_.handle, reply.callback, &reply, value), RET_OK);
    return reply.wait();
  }
  std::string refusal(const Everything& value) {
    Recorder refused;
    EXPECT_EQ(probe::mirror(context_.handle, Recorder::callback, &refused, value), RET_ERR);
    EXPECT_EQ(refused.count(), 1U);
    EXPECT_EQ(refused.heard().front().thread, std::this_thread::get_id());
    return refused.heard().front().text;
  }
  // The simplest legal one but for the enum, which has no empty text.
  static Everything zeros() {
    Everything value{};
    value.mode = "fast";
    return value;
  }

  TestContext context_;
};

TEST_F(Native, AStructOfEverythingComesBackAsItWentAndIsCopiedBeforeTheCallReturns) {
  auto text = std::make_unique<std::string>("a text that is too long to lie inside of a string");
  auto texts = std::make_unique<std::vector<const char*>>(std::vector<const char*>{text->c_str(), "", "z"});
  auto items = std::make_unique<std::vector<::probe_Item>>();
  items->push_back({text->c_str(), 1, 0.5, 7, 1, {1, 2}});
  items->push_back({nullptr, 0, 0, 0, 0, {}});
  const std::uint8_t data[] = {0, 255, 0};
  const std::int64_t numbers[] = {INT64_MIN, -1, INT64_MAX};
  const std::uint64_t counts[] = {UINT64_MAX};
  const double ratios[] = {-0.5};
  const int flags[] = {0, -1, 2};
  const char* const modes[] = {"slow", "fast"};
  Everything value = zeros();
  value.text = text->c_str();
  value.data = data, value.data_len = 3;
  value.number = INT64_MIN, value.count = UINT64_MAX, value.ratio = 1e300, value.flag = -1;
  value.texts = texts->data(), value.texts_len = 3;
  value.numbers = numbers, value.numbers_len = 3;
  value.counts = counts, value.counts_len = 1;
  value.ratios = ratios, value.ratios_len = 1;
  value.flags = flags, value.flags_len = 3;
  value.modes = modes, value.modes_len = 2;
  value.items = items->data(), value.items_len = 2;
  value.place = {3, 4};
  value.maybeText_present = 1, value.maybeText = text->c_str();
  value.maybeData_present = 1, value.maybeData = data, value.maybeData_len = 3;
  value.maybeFlag_present = -1, value.maybeFlag = 5;
  value.maybePlace_present = 1, value.maybePlace = {5, 6};
  value.maybeTexts_present = 1, value.maybeTexts = texts->data(), value.maybeTexts_len = 2;
  value.maybeItems_present = 1, value.maybeItems = items->data(), value.maybeItems_len = 1;

  const std::string long_text = *text;
  NativeReply<Everything> reply([&](const Everything& back) {
    EXPECT_EQ(back.text, long_text);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(back.data), back.data_len), std::string("\0\xff\0", 3));
    EXPECT_EQ(back.number, INT64_MIN);
    EXPECT_EQ(back.count, UINT64_MAX);
    EXPECT_EQ(back.ratio, 1e300);
    EXPECT_EQ(back.flag, 1);  // true
    EXPECT_STREQ(back.mode, "fast");
    ASSERT_EQ(back.texts_len, 3U);
    EXPECT_EQ(back.texts[0], long_text);
    EXPECT_STREQ(back.texts[1], "");
    ASSERT_EQ(back.numbers_len, 3U);
    EXPECT_EQ(back.numbers[2], INT64_MAX);
    EXPECT_EQ(back.counts[0], UINT64_MAX);
    EXPECT_EQ(back.ratios[0], -0.5);
    ASSERT_EQ(back.flags_len, 3U);
    EXPECT_EQ(back.flags[0], 0);
    EXPECT_EQ(back.flags[1], 1);
    EXPECT_STREQ(back.modes[0], "slow");
    ASSERT_EQ(back.items_len, 2U);
    EXPECT_EQ(back.items[0].label, long_text);
    EXPECT_EQ(back.items[0].weight, 0.5);
    EXPECT_EQ(back.items[0].at.y, 2);
    EXPECT_STREQ(back.items[1].label, "");
    EXPECT_EQ(back.items[1].weight_present, 0);
    EXPECT_EQ(back.place.y, 4);
    EXPECT_EQ(back.maybeText, long_text);
    EXPECT_EQ(back.maybeData_len, 3U);
    EXPECT_EQ(back.maybeNumber_present, 0);
    EXPECT_EQ(back.maybeFlag_present, 1);
    EXPECT_EQ(back.maybeFlag, 1);
    EXPECT_EQ(back.maybePlace.x, 5);
    EXPECT_EQ(back.maybeTexts_len, 2U);
    ASSERT_EQ(back.maybeItems_len, 1U);
    EXPECT_EQ(back.maybeItems[0].label, long_text);
  });
  ASSERT_EQ(probe::mirror(context_.handle, reply.callback, &reply, value), RET_OK);
  text.reset(), texts.reset(), items.reset();  // ASan would see it
  EXPECT_EQ(reply.wait().ret, RET_OK);
}

TEST_F(Native, AStructOfZerosIsEmpty) {
  const Heard heard = mirror(zeros(), [](const Everything& back) {
    EXPECT_STREQ(back.text, "");
    EXPECT_EQ(back.data_len, 0U);
    EXPECT_EQ(back.items_len, 0U);
    EXPECT_EQ(back.maybeText_present, 0);
    EXPECT_EQ(back.maybeItems_present, 0);
  });
  EXPECT_EQ(heard.ret, RET_OK) << heard.text;
}

TEST_F(Native, WhatNoValueCanBeMadeOfIsRefusedInlineAndTheContextWorksOn) {
  Everything value = zeros();
  value.items_len = 1;
  EXPECT_EQ(refusal(value), "'value': 'items': NULL with a length");
  value = zeros();
  value.data_len = 1;
  EXPECT_EQ(refusal(value), "'value': 'data': NULL with a length");
  value = zeros();
  value.mode = "medium";
  EXPECT_EQ(refusal(value), "'value': 'mode': 'medium' is none of the choices");
  value = zeros();
  const char* const modes[] = {"fast", nullptr};
  value.modes = modes, value.modes_len = 2;
  EXPECT_EQ(refusal(value), "'value': 'modes': '' is none of the choices");
  value = zeros();
  value.text = "\xc0\x80";
  EXPECT_EQ(refusal(value), "'value': 'text': the text is not UTF-8");
  EXPECT_EQ(mirror(zeros(), [](const Everything&) {}).ret, RET_OK);
}

TEST_F(Native, RepliesThatAreNoStructsAreTextsBytesAndScalars) {
  const auto handle = context_.handle;
  EXPECT_EQ(ask([&](auto... to) { return probe::same_text(handle, to..., "täxt"); }).text, "täxt");
  EXPECT_EQ(ask([&](auto... to) { return probe::same_text(handle, to..., nullptr); }).text, "");
  EXPECT_EQ(ask([&](auto... to) { return probe::empty(handle, to...); }).text, "");
  NativeReply<std::int64_t> number([](const std::int64_t& value) { EXPECT_EQ(value, INT64_MIN); });
  EXPECT_EQ(probe::same_int(handle, number.callback, &number, INT64_MIN), RET_OK);
  NativeReply<int> flag([](const int& value) { EXPECT_EQ(value, 1); });
  EXPECT_EQ(probe::same_bool(handle, flag.callback, &flag, -7), RET_OK);
  NativeReply<double> real([](const double& value) { EXPECT_EQ(value, 0.1); });
  EXPECT_EQ(probe::same_float(handle, real.callback, &real, 0.1), RET_OK);
  EXPECT_EQ(number.wait().ret, RET_OK);
  EXPECT_EQ(flag.wait().ret, RET_OK);
  EXPECT_EQ(real.wait().ret, RET_OK);
}

TEST_F(Native, ErrorsAndRefusalsAreThoseOfTheCborVariant) {
  EXPECT_EQ(ask([&](auto... to) { return probe::fail(context_.handle, to..., "went wrong"); }).text, "went wrong");
  Recorder refused;
  EXPECT_EQ(probe::same_int(nullptr, Recorder::callback, &refused, 1), RET_ERR);
  EXPECT_EQ(refused.wait().text, "no such context");
  EXPECT_EQ(probe::same_int(context_.handle, nullptr, nullptr, 1), RET_MISSING_CALLBACK);
}

TEST_F(Native, TheConstructorRepliesDecimalDigitsAndRefusesWhatItCannotTake) {
  Recorder constructed, refused;
  ::probe_Config config{};
  void* const other = probe::create(config, Recorder::callback, &constructed);
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(constructed.wait().text, std::to_string(reinterpret_cast<std::uintptr_t>(other)));
  EXPECT_EQ(probe::destroy(other), RET_OK);
  config.name = "\xff";
  EXPECT_EQ(probe::create(config, Recorder::callback, &refused), nullptr);
  EXPECT_EQ(refused.heard().front().text, "'config': 'name': the text is not UTF-8");
  EXPECT_EQ(probe::create(config, nullptr, nullptr), nullptr);
}

TEST_F(Native, ACancelledRequestGivesItsArgumentsBackOnce) {  // as LeakSanitizer and ASan see it
  TestContext other;
  Recorder reply;
  EXPECT_EQ(probe::echo(other.handle, Recorder::callback, &reply, {"a text that is too long to lie inside of a string", 60'000}), RET_OK);
  EXPECT_EQ(other.destroy(), RET_OK);
  EXPECT_EQ(reply.wait().ret, RET_ERR);
}

}  // namespace
}  // namespace ffi_cts::testing
