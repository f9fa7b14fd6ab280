// my_timer as a host meets that was compiled for it: each fact of the library in the field, on both variants.
#include "my_timer.h"

#include "reference/runtime/test_recorder.hpp"

namespace ffi_cts::testing {
namespace {

using Proc = int (*)(void*, FFICallBack, void*, const std::uint8_t*, std::size_t);

class MyTimer : public ::testing::Test {
 protected:
  MyTimer() {
    handle_ = my_timer_create({.name = "Ada"}, Recorder::callback, &constructed_);
    EXPECT_NE(handle_, nullptr);
    EXPECT_EQ(constructed_.wait().ret, RET_OK);
  }
  ~MyTimer() override { EXPECT_EQ(my_timer_destroy(handle_), RET_OK); }

  Heard ask(Proc proc, const std::string& request) {
    Recorder reply;
    EXPECT_EQ(proc(handle_, Recorder::callback, &reply, bytes(request), request.size()), RET_OK);
    return reply.wait();
  }
  static Value job(std::string name) { return Fields{{"name", std::move(name)}, {"payload", Items{{"a", "b"}}}, {"priority", 3}}; }
  static Value retry(int attempts) { return Fields{{"maxAttempts", attempts}, {"backoffMs", 250}, {"retryOn", Items{{"timeout"}}}}; }
  static Value schedule(int interval, Value jitter) { return Fields{{"startAtMs", 1000}, {"intervalMs", interval}, {"jitter", std::move(jitter)}}; }
  static std::string result(int runs, int first) {
    return map({{"jobId", "Ada:job"}, {"willRunCount", runs}, {"firstRunAtMs", first}, {"effectiveBackoffMs", 250}});
  }

  Recorder constructed_;
  void* handle_ = nullptr;
};

TEST_F(MyTimer, TheConstructorRepliesTheHandleInDecimalDigits) {
  const std::string digits = std::to_string(reinterpret_cast<std::uintptr_t>(handle_));
  EXPECT_EQ(constructed_.wait().text, digits);
  Recorder constructed;
  const std::string request = map({{"config", Fields{{"name", "Bob"}}}});
  void* const other = my_timer_create_cbor(bytes(request), request.size(), Recorder::callback, &constructed);
  EXPECT_EQ(constructed.wait().text, cbor_of(std::to_string(reinterpret_cast<std::uintptr_t>(other))));
  EXPECT_EQ(my_timer_destroy(other), RET_OK);
}

TEST_F(MyTimer, EchoTellsTheListenersAndThenReplies) {
  std::vector<std::string> order;  // of the loop alone, until the reply is there
  Recorder event([&](const Heard& heard) { order.push_back(heard.text); });
  EXPECT_NE(my_timer_add_event_listener(handle_, "on_echo_fired", Recorder::callback, &event), 0U);
  const std::string fired = map({{"eventType", "on_echo_fired"}, {"payload", Fields{{"message", "hi"}, {"echoCount", 1}}}});

  Recorder reply([&](const Heard& heard) { order.push_back(heard.text); });
  const std::string request = map({{"req", Fields{{"message", "hi"}, {"delayMs", 2}}}});
  EXPECT_EQ(my_timer_echo_cbor(handle_, Recorder::callback, &reply, bytes(request), request.size()), RET_OK);
  EXPECT_EQ(reply.wait().ret, RET_OK);
  EXPECT_EQ(order, (std::vector{fired, map({{"echoed", "hi"}, {"timerName", "Ada"}})}));

  NativeReply<EchoResponse> native([&](const EchoResponse& response) {
    EXPECT_STREQ(response.echoed, "hi");
    EXPECT_STREQ(response.timerName, "Ada");
    EXPECT_EQ(event.count(), 2U);
  });
  EXPECT_EQ(my_timer_echo(handle_, native.callback, &native, {.message = "hi", .delayMs = 0}), RET_OK);
  EXPECT_EQ(native.wait().ret, RET_OK);
  EXPECT_EQ(event.wait_for(2)[1].text, fired);
}

TEST_F(MyTimer, VersionIsTheTextThatHostsCompare) {
  EXPECT_EQ(ask(my_timer_version_cbor, map({})).text, cbor_of("nim-timer v0.1.0"));
  Recorder native;
  EXPECT_EQ(my_timer_version(handle_, Recorder::callback, &native), RET_OK);
  EXPECT_EQ(native.wait().text, "nim-timer v0.1.0");
}

TEST_F(MyTimer, ComplexCountsWhatItReceived) {
  const Value message = Fields{{"message", "m"}, {"delayMs", -1}};
  const auto request = [](Items messages, Value note, Value retries) {
    return map({{"req", Fields{{"messages", std::move(messages)}, {"tags", Items{{"t"}}}, {"note", std::move(note)}, {"retries", std::move(retries)}}}});
  };
  const auto response = [](std::string summary, int count, bool note) {
    return map({{"summary", std::move(summary)}, {"itemCount", count}, {"hasNote", note}});
  };
  EXPECT_EQ(ask(my_timer_complex_cbor, request({{message, message}}, "urgent", 3)).text, response("received 2 messages, note=urgent, retries=3", 2, true));
  EXPECT_EQ(ask(my_timer_complex_cbor, request({}, nullptr, nullptr)).text, response("received 0 messages, note=<none>, retries=0", 0, false));
}

TEST_F(MyTimer, ComplexTakesAStructWithListsAndOptionals) {
  const EchoRequest messages[] = {{"a", 1}, {nullptr, 2}};
  const char* const tags[] = {"x", "y", "z"};
  ComplexRequest full = {messages, 2, tags, 3, 1, "urgent", -1, 3};
  NativeReply<ComplexResponse> reply([](const ComplexResponse& response) {
    EXPECT_STREQ(response.summary, "received 2 messages, note=urgent, retries=3");
    EXPECT_EQ(response.itemCount, 2);
    EXPECT_EQ(response.hasNote, 1);
  });
  EXPECT_EQ(my_timer_complex(handle_, reply.callback, &reply, full), RET_OK);
  EXPECT_EQ(reply.wait().ret, RET_OK);

  NativeReply<ComplexResponse> zeros([](const ComplexResponse& response) {
    EXPECT_STREQ(response.summary, "received 0 messages, note=<none>, retries=0");
    EXPECT_EQ(response.hasNote, 0);
  });
  EXPECT_EQ(my_timer_complex(handle_, zeros.callback, &zeros, ComplexRequest{}), RET_OK);
  EXPECT_EQ(zeros.wait().ret, RET_OK);

  full.messages = nullptr;
  Recorder refused;
  EXPECT_NE(my_timer_complex(handle_, Recorder::callback, &refused, full), RET_OK);
  EXPECT_EQ(refused.wait().text, "'req': 'messages': NULL with a length");
}

TEST_F(MyTimer, ScheduleWorksOutWhenAndHowOften) {
  const auto request = [](Value job, Value retry, Value schedule) { return map({{"job", job}, {"retry", retry}, {"schedule", schedule}}); };
  EXPECT_EQ(ask(my_timer_schedule_cbor, request(job("job"), retry(2), schedule(7000, 50))).text, result(8, 1050));
  EXPECT_EQ(ask(my_timer_schedule_cbor, request(job("job"), retry(2), schedule(90000, nullptr))).text, result(1, 1000));
  EXPECT_EQ(ask(my_timer_schedule_cbor, request(job("job"), retry(2), schedule(0, nullptr))).text, result(1, 1000));
  EXPECT_EQ(ask(my_timer_schedule_cbor, request(job("job"), retry(2), schedule(-5, -1))).text, result(1, 999));
  EXPECT_EQ(ask(my_timer_schedule_cbor, request(job(""), retry(2), schedule(0, nullptr))).text, "job name must not be empty");
  EXPECT_EQ(ask(my_timer_schedule_cbor, request(job("job"), retry(0), schedule(0, nullptr))).text, "retry.maxAttempts must be positive");
}

TEST_F(MyTimer, ScheduleTakesThreeStructs) {
  const char* const words[] = {"a", "b"};
  const JobSpec job = {"job", words, 2, 3};
  const ScheduleConfig schedule = {1000, 7000, 1, 50};
  NativeReply<ScheduleResult> reply([](const ScheduleResult& result) {
    EXPECT_STREQ(result.jobId, "Ada:job");
    EXPECT_EQ(result.willRunCount, 8);
    EXPECT_EQ(result.firstRunAtMs, 1050);
    EXPECT_EQ(result.effectiveBackoffMs, 250);
  });
  EXPECT_EQ(my_timer_schedule(handle_, reply.callback, &reply, job, {2, 250, words, 1}, schedule), RET_OK);
  EXPECT_EQ(reply.wait().ret, RET_OK);

  Recorder refused;
  EXPECT_EQ(my_timer_schedule(handle_, Recorder::callback, &refused, JobSpec{}, {2, 250, nullptr, 0}, schedule), RET_OK);
  EXPECT_EQ(refused.wait().text, "job name must not be empty");
}

TEST_F(MyTimer, TheExportsThatItHasNoUseForAreThere) {
  EXPECT_EQ(my_timer_register_host_fn(handle_, "f", nullptr, nullptr), RET_ERR);
  EXPECT_EQ(my_timer_host_complete(handle_, 1, RET_OK, "", 0), RET_OK);
}

}  // namespace
}  // namespace ffi_cts::testing
