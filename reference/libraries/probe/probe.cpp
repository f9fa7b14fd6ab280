#include "probe.hpp"

#include <thread>

namespace probe_library {
namespace {

using std::chrono::milliseconds;

// Milliseconds as they came in; what a clock cannot count is for ever.
template <class Integer>
milliseconds ms_of(Integer count) {
  constexpr std::int64_t for_ever = 1'000'000'000'000;
  return milliseconds(std::cmp_greater(count, for_ever) ? for_ever : static_cast<std::int64_t>(count));
}

}  // namespace

Task<std::unique_ptr<Probe>> Probe::create(Context& context, Config config) {
  if (config.delayMs.value_or(0) > 0) co_await context.sleep(ms_of(*config.delayMs));
  if (config.fail) throw HandlerError(*config.fail);
  co_return std::make_unique<Probe>(context, std::move(config.name));
}

Task<EchoResponse> Probe::echo(EchoRequest req) {
  if (req.delayMs > 0) co_await sleep(ms_of(req.delayMs));
  co_return EchoResponse{std::move(req.text), name_};
}

Task<BlobResponse> Probe::blob(cbor::Bytes data) { co_return BlobResponse{std::move(data)}; }

Task<void> Probe::fail(std::string text) {
  throw HandlerError(text);
  co_return;
}

Task<void> Probe::empty() { co_return; }

Task<void> Probe::emit(EmitRequest req) {
  const std::string event = req.event.value_or("tick");
  if (event != "tick" && event != "tock") throw HandlerError("no such event: " + event);
  for (Tick payload{std::move(req.text), 0}; payload.index < req.count; ++payload.index) {
    event == "tick" ? emit_tick(payload) : emit_tock({payload.text, payload.index});
  }
  co_return;
}

Task<void> Probe::emit_fail(std::string text) {
  context().emit_with("tick", [&](cbor::Writer&) { throw HandlerError(text); });
  co_return;
}

// The answer has a name of its own: gcc 12 destroys twice what is awaited inside of braces.
Task<Answer> Probe::call_host(std::string key) {
  std::string answer = co_await fetch(std::move(key));
  co_return Answer{std::move(answer)};
}

Task<Answer> Probe::call_host_item(std::string key) {
  std::string answer = co_await fetch_item(std::move(key));
  co_return Answer{std::move(answer)};
}

Task<void> Probe::block(std::uint64_t ms) {
  std::this_thread::sleep_for(ms_of(ms));
  co_return;
}

Task<ProgressResponse> Probe::progress(std::string text, std::uint64_t count, Progress progress) {
  for (std::uint64_t i = 0; i < count; ++i) progress(ProgressMessage{text, i});
  co_return ProgressResponse{std::move(text)};
}

Task<std::string> Probe::ask(std::string key) {
  std::string answer = co_await fetch(std::move(key));
  co_return answer;
}

Task<Everything> Probe::mirror(Everything value) { co_return value; }
Task<std::string> Probe::same_text(std::string text) { co_return text; }
Task<std::int64_t> Probe::same_int(std::int64_t number) { co_return number; }
Task<bool> Probe::same_bool(bool flag) { co_return flag; }
Task<double> Probe::same_float(double number) { co_return number; }

}  // namespace probe_library
