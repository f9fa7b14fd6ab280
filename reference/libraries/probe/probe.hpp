// The probe: a library that plays every role of an interface file, so that the suite can exercise every rule.
// Its ABI is made of plain functions of a static library (probe_core). libprobe.so exports them as probe_<name>;
// a faulty library exports its own wrapper around one or two of them and forwards the rest (probe_exports.hpp).
#pragma once

#include "probe_library.hpp"

#include <memory>

namespace probe_library {

class Probe : public ProbeBase {
 public:
  Probe(Context& context, std::string name) : ProbeBase(context), name_(std::move(name)) {}

  // Waits delayMs, then fails with the text `fail` if there is one.
  static Task<std::unique_ptr<Probe>> create(Context& context, Config config);

  Task<EchoResponse> echo(EchoRequest req);       // after delayMs
  Task<BlobResponse> blob(cbor::Bytes data);      // the bytes, as they are
  Task<void> fail(std::string text);              // RET_ERR with exactly that text
  Task<void> empty();
  Task<void> emit(EmitRequest req);               // after `count` events (tick, or tock)
  Task<void> emit_fail(std::string text);         // after a tick whose making failed with that text
  Task<Answer> call_host(std::string key);        // host function fetch, bytes as they are
  Task<Answer> call_host_item(std::string key);   // host function fetch_item, {key} as CBOR, answered by one CBOR text
  Task<void> block(std::uint64_t ms);             // sleeps on the loop thread itself
  Task<ProgressResponse> progress(std::string text, std::uint64_t count, Progress progress);  // `count` messages {text, index}

  // What native calls can carry: everything that a struct can hold, and each reply that is none. All give back what they got.
  Task<Everything> mirror(Everything value);
  Task<std::string> same_text(std::string text);
  Task<std::int64_t> same_int(std::int64_t number);
  Task<bool> same_bool(bool flag);
  Task<double> same_float(double number);
  Task<std::string> ask(std::string key);         // host function fetch; its answer as it is

 private:
  const std::string name_;
};

}  // namespace probe_library
