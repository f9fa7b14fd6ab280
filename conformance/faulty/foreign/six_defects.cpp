// Foreign: six defects at once. One run must report all of their rules.
//   REQ-2   `empty` succeeds with code 7
//   REQ-18  a refused echo calls nobody back
//   PAY-7   the error text of `fail` arrives as a CBOR text
//   EVT-5   a listener of "tic" hears "tick"
//   EVT-9   remove in an event callback waits for ever
//   END-4   destroying NULL crashes
#define PROBE_NO_EMPTY
#define PROBE_NO_ECHO
#define PROBE_NO_FAIL
#include "conformance/faulty/cbor.hpp"
#include "conformance/faulty/listeners.hpp"

namespace {
faulty::Contexts<faulty::Registry> contexts;

int empty(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    host(message.code == RET_OK ? 7 : message.code, message.text());
  });
}

int echo(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) { host(message); },
                              [](const faulty::Host&, const faulty::Message&) {});
}

int fail(const faulty::Submission& submission) {
  return submission.intercept([](const faulty::Host& host, const faulty::Message& message) {
    if (message.code != RET_ERR) return host(message);
    host(RET_ERR, faulty::text_item(message.text()));
  });
}
}  // namespace

FAULTY_CREATE(contexts)
FAULTY_PROC(empty, empty)
FAULTY_PROC(echo, echo)
FAULTY_PROC(fail, fail)

FFI_CTS_EXPORT std::uint64_t probe_add_event_listener(void* ctx, const char* name, FFICallBack callback,
                                                      void* userData) {
  if (name && *name && std::string_view("tick").starts_with(name)) name = "tick";
  return faulty::add<faulty::Listener>(contexts, ctx, name, callback, userData);
}

FFI_CTS_EXPORT int probe_remove_event_listener(void* ctx, std::uint64_t id) {
  if (faulty::hearing && faulty::hearing->registry == contexts.of(ctx).get()) faulty::sleep_forever();
  return faulty::remove(contexts, ctx, id);
}

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  if (!ctx) faulty::crash();
  return contexts.destroy(ctx);
}
