#include "my_timer.hpp"

namespace my_timer_library {

using namespace std::chrono_literals;

Task<std::unique_ptr<MyTimer>> MyTimer::create(Context& context, TimerConfig config) {
  co_await context.sleep(1ms);
  co_return std::make_unique<MyTimer>(context, std::move(config.name));
}

Task<EchoResponse> MyTimer::echo(EchoRequest req) {
  constexpr std::int64_t for_ever = 1'000'000'000'000;  // what a clock cannot count
  co_await sleep(std::chrono::milliseconds(std::min(req.delayMs, for_ever)));
  emit_on_echo_fired({req.message, 1});
  co_return EchoResponse{std::move(req.message), name_};
}

Task<std::string> MyTimer::version() { co_return "nim-timer v0.1.0"; }

Task<ComplexResponse> MyTimer::complex(ComplexRequest req) {
  const auto count = static_cast<std::int64_t>(req.messages.size());
  std::string summary = "received " + std::to_string(count) + " messages, note=" + req.note.value_or("<none>") +
                        ", retries=" + std::to_string(req.retries.value_or(0));
  co_return ComplexResponse{std::move(summary), count, req.note.has_value()};
}

Task<ScheduleResult> MyTimer::schedule(JobSpec job, RetryPolicy retry, ScheduleConfig schedule) {
  co_await sleep(1ms);
  if (job.name.empty()) throw HandlerError("job name must not be empty");
  if (retry.maxAttempts <= 0) throw HandlerError("retry.maxAttempts must be positive");
  const std::int64_t runs = schedule.intervalMs > 0 ? std::max<std::int64_t>(1, 60000 / schedule.intervalMs) : 1;
  std::int64_t first = 0;
  if (__builtin_add_overflow(schedule.startAtMs, schedule.jitter.value_or(0), &first)) throw HandlerError("schedule.startAtMs is out of range");
  co_return ScheduleResult{name_ + ":" + job.name, runs, first, retry.backoffMs};
}

}  // namespace my_timer_library
