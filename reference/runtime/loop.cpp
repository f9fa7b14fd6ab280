// The loop: takes messages off the inbox in batches and starts a coroutine for each request.
// Rules: REQ-1, REQ-7, REQ-10, REQ-12, REQ-14, REQ-15, REQ-17, REQ-21, THR-2, THR-3, THR-9, HST-19.
#include "reference/runtime/context.hpp"

#include <asio/basic_waitable_timer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>

namespace ffi_cts::runtime {
namespace {

using namespace std::chrono_literals;

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

// What was thrown, as the text of an error. Only in a catch block; an empty text is made up for by Reply and Events.
std::string thrown_text() {
  try {
    throw;
  } catch (const HandlerError& thrown) {
    return thrown.text();
  } catch (const std::exception& thrown) {
    return thrown.what();
  } catch (...) {
    return "";
  }
}

Task<void> answer(Context& context, Request request) {
  Payload value;
  std::optional<std::string> failure;
  try {
    value = co_await request.handler(context, std::move(request.payload), request.reply);
  } catch (...) {
    failure = thrown_text();
  }
  // Outside of the try block: what the host does in its callback is not the handler's failure.
  failure ? request.reply.error(*failure) : request.reply.ok(value);
}

}  // namespace

Context::Context(Construct construct, Variant variant) : construct_(std::move(construct)), variant_(variant) {}

bool Context::submit(std::unique_ptr<Message> message) noexcept {
  try {
    if (inbox_.push(message, [this] { asio::post(io_, [this] { drain(); }); })) return true;
  } catch (const std::bad_alloc&) {
    // Refused, then.
  }
  if (auto* request = std::get_if<Request>(&message->body)) request->reply.forget();
  return false;
}

void Context::run(Reply constructed) noexcept {
  const auto work = asio::make_work_guard(io_);
  try {
    asio::co_spawn(io_, construct(std::move(constructed)), asio::detached);
  } catch (...) {
    close();  // out of memory; the Reply has said RET_ERR
  }
  while (!io_.stopped()) {
    try {
      io_.run();
    } catch (...) {
      // Out of memory again; whoever it hit was told by its Reply.
    }
  }
  end_everything();
}

Task<void> Context::construct(Reply constructed) {
  std::optional<std::string> failure;
  try {
    instance_ = co_await construct_(*this);
  } catch (...) {
    failure = thrown_text();
  }
  if (failure) {
    close();  // before the host hears of it, so that nothing it then submits is accepted (REQ-15)
    constructed.error(*failure);
    early_.clear();
    co_return;
  }
  constructed_ = true;
  const std::string handle = std::to_string(reinterpret_cast<std::uintptr_t>(handle_));
  constructed.ok(variant_ == Variant::cbor ? cbor::encode(handle) : Payload::copy(handle));
  // First what waited: the inbox is not drained before this returns (REQ-10).
  MessageQueue waited = std::move(early_);
  while (!stopping_ && !waited.empty()) take(std::get<Request>(std::move(waited.pop()->body)));
}

void Context::drain() noexcept {
  batch_.append(inbox_.take());
  while (!stopping_ && !batch_.empty()) {
    const std::unique_ptr<Message> message = batch_.pop();
    try {
      std::visit([this](auto& body) { take(std::move(body)); }, message->body);
    } catch (...) {
      // Out of memory; the request's Reply has said RET_ERR.
    }
  }
}

void Context::take(Request request) {
  if (constructed_) {
    run_handler(std::move(request));
  } else if (!closing_) {
    auto message = std::make_unique<Message>();
    message->body.emplace<Request>(std::move(request));
    early_.push(std::move(message));
  }  // else the constructor failed: the Reply ends it
}

void Context::take(Completion completion) { host_calls_.resolve(std::move(completion)); }

void Context::run_handler(Request request) { asio::co_spawn(io_, answer(*this, std::move(request)), asio::detached); }

Task<Payload> Context::host_call(std::string name, Payload request) {
  throw_if_stopping();
  return host_calls_.call(std::move(name), std::move(request));
}

Task<void> Context::sleep(std::chrono::milliseconds duration) {
  throw_if_stopping();
  Timer timer(io_);
  timer.expires_after(std::clamp<std::chrono::milliseconds>(duration, 0ms, std::chrono::years(10)));
  co_await timer.async_wait(asio::use_awaitable_t<Executor>());
}

void Context::emit_with(std::string_view name, const std::function<void(cbor::Writer&)>& write_payload) {
  throw_if_stopping();  // a long burst does not hold up destroy (END-16)
  cbor::Writer event;
  std::optional<std::string> failure;
  try {
    event.map(2);
    event.text("eventType");
    event.text(name);
    event.text("payload");
    write_payload(event);
  } catch (...) {
    failure = thrown_text();
  }
  failure ? events_.dispatch_failure(name, *failure) : events_.dispatch(name, event.take());
}

void Context::throw_if_stopping() const {
  if (stopping_) throw HandlerError("the context is closing");
}

}  // namespace ffi_cts::runtime
