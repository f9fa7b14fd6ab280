#include "reference/libraries/probe/probe.hpp"

#include "reference/runtime/entry.hpp"

#include <thread>

namespace ffi_cts::probe {
namespace {

using namespace runtime;
using std::chrono::milliseconds;

// Milliseconds as they came in; what a clock cannot count is for ever.
template <class Integer>
milliseconds ms(Integer count) {
  constexpr std::int64_t for_ever = 1'000'000'000'000;
  return milliseconds(std::cmp_greater(count, for_ever) ? for_ever : static_cast<std::int64_t>(count));
}

// --- what travels, as probe.cddl has it ---------------------------------------------------------------------------

struct Config {
  std::string name;
  std::optional<std::uint64_t> delay;
  std::optional<std::string> fail;
  static void fields(auto& self, auto&& field) {
    field("name", self.name);
    field("delayMs", self.delay);
    field("fail", self.fail);
  }
};
struct EchoRequest {
  std::string text;
  std::int64_t delay = 0;
  static void fields(auto& self, auto&& field) {
    field("text", self.text);
    field("delayMs", self.delay);
  }
};
struct EchoResponse {
  std::string echoed, name;
  static void fields(auto& self, auto&& field) {
    field("echoed", self.echoed);
    field("name", self.name);
  }
};
struct EmitRequest {
  std::string text;
  std::uint64_t count = 0;
  std::optional<std::string> event;
  static void fields(auto& self, auto&& field) {
    field("text", self.text);
    field("count", self.count);
    field("event", self.event);
  }
};
struct Numbered {  // a Tick, a Tock, a ProgressMessage
  std::string text;
  std::uint64_t index = 0;
  static void fields(auto& self, auto&& field) {
    field("text", self.text);
    field("index", self.index);
  }
};
struct Answer {
  std::string answer;
  static void fields(auto& self, auto&& field) { field("answer", self.answer); }
};

// --- the parameters of the procs ----------------------------------------------------------------------------------

struct CreateParams {
  Config config;
  static void fields(auto& self, auto&& field) { field("config", self.config); }
};
template <class Inner>
struct Req {
  Inner req;
  static void fields(auto& self, auto&& field) { field("req", self.req); }
};
struct Data {
  cbor::Bytes data;
  static void fields(auto& self, auto&& field) { field("data", self.data); }
};
struct Text {
  std::string text;
  static void fields(auto& self, auto&& field) { field("text", self.text); }
};
struct Key {
  std::string key;
  static void fields(auto& self, auto&& field) { field("key", self.key); }
};
struct Ms {
  std::uint64_t count = 0;
  static void fields(auto& self, auto&& field) { field("ms", self.count); }
};
struct ProgressParams {
  std::string text;
  std::uint64_t count = 0;
  static void fields(auto& self, auto&& field) {
    field("text", self.text);
    field("count", self.count);
  }
};

// --- the library --------------------------------------------------------------------------------------------------

class Probe {
 public:
  Probe(Context& context, std::string name) : context_(context), name_(std::move(name)) {}

  static Task<std::unique_ptr<Probe>> create(Context& context, CreateParams params) {
    Config& config = params.config;
    if (config.delay.value_or(0) > 0) co_await context.sleep(ms(*config.delay));
    if (config.fail) throw HandlerError(*config.fail);
    co_return std::make_unique<Probe>(context, std::move(config.name));
  }

  Task<EchoResponse> echo(Req<EchoRequest> params) {
    if (params.req.delay > 0) co_await context_.sleep(ms(params.req.delay));
    co_return EchoResponse{std::move(params.req.text), name_};
  }

  Task<Data> blob(Data params) { co_return params; }

  Task<void> fail(Text params) {
    throw HandlerError(params.text);
    co_return;
  }

  Task<void> empty(Nothing) { co_return; }

  Task<void> emit(Req<EmitRequest> params) {
    const std::string event = params.req.event.value_or("tick");
    if (event != "tick" && event != "tock") throw HandlerError("no such event: " + event);
    for (Numbered payload{std::move(params.req.text)}; payload.index < params.req.count; ++payload.index) context_.emit(event, payload);
    co_return;
  }

  Task<void> emit_fail(Text params) {
    context_.emit_with("tick", [&](cbor::Writer&) { throw HandlerError(params.text); });
    co_return;
  }

  Task<Answer> call_host(Key params) {
    const Payload answer = co_await context_.host_call("fetch", Payload::copy(params.key));
    co_return Answer{std::string(answer.text())};
  }

  Task<Answer> call_host_item(Key params) {
    const Payload answer = co_await context_.host_call("fetch_item", cbor::encode(params));
    co_return Answer{cbor::decode<std::string>(answer.bytes())};
  }

  Task<void> block(Ms params) {
    std::this_thread::sleep_for(ms(params.count));
    co_return;
  }

  Task<Text> progress(ProgressParams params, Progress progress) {
    for (std::uint64_t i = 0; i < params.count; ++i) progress(Numbered{params.text, i});
    co_return Text{std::move(params.text)};
  }

 private:
  Context& context_;
  const std::string name_;
};

}  // namespace

void* create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) noexcept {
  return runtime::create_cbor<&Probe::create>(req, len, callback, userData);
}
int destroy(void* ctx) noexcept { return runtime::destroy(ctx); }

std::uint64_t add_event_listener(void* ctx, const char* name, FFICallBack callback, void* userData) noexcept {
  return runtime::add_event_listener(ctx, name, callback, userData);
}
int remove_event_listener(void* ctx, std::uint64_t id) noexcept { return runtime::remove_event_listener(ctx, id); }
int register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* userData) noexcept {
  return runtime::register_host_fn(ctx, name, fn, userData);
}
int host_complete(void* ctx, std::uint64_t callId, int ret, const char* msg, std::size_t len) noexcept {
  return runtime::host_complete(ctx, callId, ret, msg, len);
}

#define PROBE_PROC(name)                                                                                        \
  int name##_cbor(void* ctx, FFICallBack callback, void* userData, const std::uint8_t* req, std::size_t len) noexcept { \
    return runtime::submit_cbor<&Probe::name>(ctx, callback, userData, req, len);                               \
  }
PROBE_PROC(echo)
PROBE_PROC(blob)
PROBE_PROC(fail)
PROBE_PROC(empty)
PROBE_PROC(emit)
PROBE_PROC(emit_fail)
PROBE_PROC(call_host)
PROBE_PROC(call_host_item)
PROBE_PROC(block)
PROBE_PROC(progress)

}  // namespace ffi_cts::probe
