// How the author of a library writes it, and the adapters that make the runtime's opaque handlers of that.
//
//   class Echo {
//    public:
//     explicit Echo(Context& context);
//     static Task<std::unique_ptr<Echo>> create(Context& context, Config config);
//     Task<Response> echo(Request req);    // also (…, Progress progress); Task<void>: no value
//   };
//
// Between this and the C symbols stands one structure per proc, the Call (bindgen writes it):
//
//   struct EchoCall {
//     using Library = Echo;
//     Request req;                                                       // a parameter
//     static void fields(auto& self, auto&& field) { field("req", self.req); }
//     static void arguments(auto& self, auto&& argument, const auto& req) { argument("req", self.req, req); }
//     auto run(Echo& library, Progress progress) { return call(&Echo::echo, library, progress, std::move(req)); }
//   };
//
// Everything of an instance runs on its context's loop. Rules: REQ-6 to REQ-8, PAY-5, PAY-6, NAT-4, THR-9.
#pragma once

#include "reference/runtime/context.hpp"
#include "reference/runtime/native.hpp"

namespace ffi_cts::runtime {

// One answer for both variants: the same value, as one CBOR item or as C has it.
template <class T>
Payload delivered(Variant variant, T value) {
  if constexpr (has_native_form<T>) {
    if (variant == Variant::native) return native_payload(std::move(value));
  }
  return cbor::encode(value);  // also a progress message that C cannot have
}

// Tells the submitter how far a request has come (RET_STALE_WARN). Valid until the handler ends.
class Progress {
 public:
  Progress(Reply& reply, Variant variant) : reply_(&reply), variant_(variant) {}
  template <class T>
  void operator()(T value) const {
    reply_->progress(delivered(variant_, std::move(value)));
  }

 private:
  Reply* reply_;
  Variant variant_;
};

// Calls a method with the parameters, and with the progress if it takes that.
template <class Owner, class Library, class T, class... Params, class... Values>
Task<T> call(Task<T> (Owner::*method)(Params...), Library& library, Progress progress, Values&&... values) {
  static_assert((!std::is_reference_v<Params> && ...), "a coroutine takes its parameters by value: it outlives what they refer to");
  if constexpr (sizeof...(Params) == sizeof...(Values)) {
    return (library.*method)(std::forward<Values>(values)...);
  } else {
    return (library.*method)(std::forward<Values>(values)..., progress);
  }
}

template <class T>
Task<Payload> answered(Variant variant, Task<T> task) {
  if constexpr (std::is_void_v<T>) {
    co_await std::move(task);
    co_return variant == Variant::cbor ? Payload(cbor::encode(nullptr)) : Payload();
  } else {
    co_return delivered(variant, co_await std::move(task));
  }
}

// The request is CBOR, or a Call that was made of the C arguments before they were given back.
template <class Call, Variant variant>
Task<Payload> handle(Context& context, Payload request, Reply& reply) {
  Call call = [&] {
    if constexpr (variant == Variant::native) return std::move(request.as<Call>());
    else return cbor::decode<Call>(request.bytes());
  }();
  request = Payload();  // a big request is not kept while its handler waits
  return answered(variant, call.run(context.instance<typename Call::Library>(), Progress(reply, variant)));
}

template <class Call>
Construct construct_with(Call call) {
  return [call = std::move(call)](Context& context) mutable -> Task<std::shared_ptr<void>> {
    co_return std::shared_ptr<void>(co_await call.run(context));
  };
}

}  // namespace ffi_cts::runtime
