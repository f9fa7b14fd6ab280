#include "reference/runtime/entry.hpp"

#include "reference/runtime/handles.hpp"

namespace ffi_cts::runtime {

void* open(Construct construct, Variant variant, FFICallBack callback, void* user_data) noexcept {
  std::string failure;
  try {
    auto context = std::make_unique<Context>(std::move(construct), variant);
    auto [handle, pin] = handles().add(std::move(context));
    try {
      pin->start(handle, callback, user_data);
      return handle;
    } catch (const std::exception& thrown) {
      handles().retire(pin);
      failure = thrown.what();
    }
  } catch (const std::exception& thrown) {
    failure = thrown.what();
  }
  refuse(callback, failure, user_data);
  return nullptr;
}

int submit(void* ctx, Handler handler, FFICallBack callback, void* user_data, Payload request) noexcept {
  {
    const Pin context = handles().find(ctx);
    if (!context) return refuse(callback, "no such context", user_data);
    try {
      auto message = std::make_unique<Message>();
      message->body.emplace<Request>(Request{handler, std::move(request), Reply(callback, user_data)});
      if (context->submit(std::move(message))) return RET_OK;
    } catch (const std::bad_alloc&) {
      return refuse(callback, "out of memory", user_data);
    }
  }
  return refuse(callback, "the context is closing", user_data);
}

int destroy(void* ctx) noexcept {
  const Pin context = handles().find(ctx);
  if (!context) return RET_ERR;
  const int ret = context->destroy();
  if (ret == RET_OK) handles().retire(context);
  return ret;
}

std::uint64_t add_event_listener(void* ctx, const char* name, FFICallBack callback, void* user_data) noexcept {
  const Pin context = handles().find(ctx);
  if (!context || context->closing()) return 0;
  try {
    return context->events().add(name, callback, user_data);
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

int remove_event_listener(void* ctx, std::uint64_t id) noexcept {
  const Pin context = handles().find(ctx);
  return context ? context->events().remove(id) : RET_ERR;
}

int register_host_fn(void* ctx, const char* name, FFIHostFn fn, void* user_data) noexcept {
  const Pin context = handles().find(ctx);
  if (!context || context->closing()) return RET_ERR;
  try {
    return context->host_calls().bind(name, fn, user_data);
  } catch (const std::bad_alloc&) {
    return RET_ERR;
  }
}

int host_complete(void* ctx, std::uint64_t call_id, int ret, const void* msg, std::size_t len) noexcept {
  const Pin context = handles().find(ctx);
  if (!context || (msg == nullptr && len > 0)) return RET_ERR;
  try {
    Payload answer = Payload::copy(msg, len);
    auto message = std::make_unique<Message>();
    message->body.emplace<Completion>(Completion{call_id, ret, std::move(answer)});
    // While closing nothing waits for it any more, and it is dropped.
    return context->submit(std::move(message)) || context->closing() ? RET_OK : RET_ERR;
  } catch (const std::bad_alloc&) {
    return RET_ERR;
  }
}

}  // namespace ffi_cts::runtime
