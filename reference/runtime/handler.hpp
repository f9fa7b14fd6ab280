// How the author of a library writes it, and the adapters that make the runtime's opaque handlers of that.
//
//   struct EchoParams {                       // one parameter: text
//     std::string text;
//     static void fields(auto& self, auto&& field) { field("text", self.text); }
//   };
//   class Echo {
//    public:
//     explicit Echo(Context& context);
//     static Task<std::unique_ptr<Echo>> create(Context& context, Nothing);
//     Task<std::string> echo(EchoParams params);    // or (EchoParams, Progress); Task<void>: no value
//   };
//   extern "C" int echo_echo_cbor(…) { return submit_cbor<&Echo::echo>(ctx, callback, userData, req, len); }
//
// Everything of an instance runs on its context's loop. Rules: REQ-6 to REQ-8, PAY-5, PAY-6, THR-9.
#pragma once

#include "reference/runtime/context.hpp"

namespace ffi_cts::runtime {

// The parameters of a proc that has none.
struct Nothing {
  static void fields(auto&, auto&&) {}
};

// Tells the submitter how far a request has come (RET_STALE_WARN). Valid until the handler ends.
class Progress {
 public:
  explicit Progress(Reply& reply) : reply_(&reply) {}
  template <class T>
  void operator()(const T& value) const {
    reply_->progress(cbor::encode(value));
  }

 private:
  Reply* reply_;
};

template <class T>
Task<Payload> encoded(Task<T> task) {
  if constexpr (std::is_void_v<T>) {
    co_await std::move(task);
    co_return cbor::encode(nullptr);
  } else {
    co_return cbor::encode(co_await std::move(task));
  }
}

template <auto method>
struct CborHandler;

template <class Library, class T, class Params, Task<T> (Library::*method)(Params)>
struct CborHandler<method> {
  static Task<Payload> handle(Context& context, Payload request, Reply&) {
    auto params = cbor::decode<Params>(request.bytes());
    request = Payload();  // a big request is not kept while its handler waits
    return encoded((context.instance<Library>().*method)(std::move(params)));
  }
};

template <class Library, class T, class Params, Task<T> (Library::*method)(Params, Progress)>
struct CborHandler<method> {
  static Task<Payload> handle(Context& context, Payload request, Reply& reply) {
    auto params = cbor::decode<Params>(request.bytes());
    request = Payload();
    return encoded((context.instance<Library>().*method)(std::move(params), Progress(reply)));
  }
};

template <class Library, class Params>
Construct constructor_of(Task<std::unique_ptr<Library>> (*create)(Context&, Params), std::span<const std::uint8_t> request) {
  return [create, params = cbor::decode<Params>(request)](Context& context) -> Task<std::shared_ptr<void>> {
    co_return std::shared_ptr<void>(co_await create(context, params));
  };
}

// Throws cbor::Error.
template <auto create>
Construct constructor(std::span<const std::uint8_t> request) {
  return constructor_of(create, request);
}

}  // namespace ffi_cts::runtime
