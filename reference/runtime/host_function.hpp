// A function of the host as a typed function of the library: what it is called with, what it answers.
// Rules: HST-7, HST-14.
#pragma once

#include "reference/runtime/context.hpp"

#include <concepts>

namespace ffi_cts::runtime {

template <class Answer>
Task<Answer> answer_of(std::string name, Task<Payload> call) {
  const Payload answer = co_await std::move(call);
  if constexpr (!std::is_void_v<Answer>) {
    try {
      co_return cbor::decode<Answer>(answer.bytes());
    } catch (const cbor::Error& error) {
      throw HandlerError("the answer of " + cbor::in(name, error.what(), ": "));
    }
  }
}

inline void write_fields(cbor::Writer&) {}
template <class T, class... Rest>
void write_fields(cbor::Writer& writer, const char* key, const T& value, const Rest&... rest) {
  writer.text(key);
  cbor::write(writer, value);
  write_fields(writer, rest...);
}

// Encoding "cbor": one map of key, value, key, value …; the answer is one item.
template <class Answer, class... Fields>
Task<Answer> call_host_cbor(Context& context, const char* name, const Fields&... fields) {
  cbor::Writer request;
  request.map(sizeof...(Fields) / 2);
  write_fields(request, fields...);
  return answer_of<Answer>(name, context.host_call(name, request.take()));
}

template <class Answer>
Task<Answer> raw_answer_of(Task<Payload> call) {
  const Payload answer = co_await std::move(call);
  if constexpr (!std::is_void_v<Answer>) co_return Answer(answer.text().begin(), answer.text().end());
}

// Encoding "raw": the bytes of the parameter as they are, those of the answer likewise.
template <class Answer>
Task<Answer> call_host_raw(Context& context, const char* name) {
  return raw_answer_of<Answer>(context.host_call(name, Payload()));
}
template <class Answer, class Bytes>
Task<Answer> call_host_raw(Context& context, const char* name, const Bytes& parameter) {
  return raw_answer_of<Answer>(context.host_call(name, Payload::copy(parameter.data(), parameter.size())));
}

}  // namespace ffi_cts::runtime
