// A library of thirty procs whose types nobody has seen before. Each answers with its argument, if that is of its type, and fails
// otherwise; none plays a role. Contexts, loop and teardown are the probe's.
#include <utility>

#include "conformance/faulty/wrap.hpp"
#include "harness/schema/schema.hpp"

extern const char typed_schema[];  // made from typed.cddl by the build

namespace {

using ffi_cts::ByteView;
using ffi_cts::Bytes;
using ffi_cts::Value;

// What an argument of that name and type is answered with: its bytes, or why not.
std::pair<int, std::string> answer(std::string_view request, const char* name, const char* type) {
  static const ffi_cts::schema::Schema schema = ffi_cts::schema::Schema::parse(typed_schema, "typed.cddl");
  const auto decoded = ffi_cts::decode(ByteView(reinterpret_cast<const std::uint8_t*>(request.data()), request.size()));
  if (!decoded) return {RET_ERR, decoded.error->what};
  const Value* value = decoded.value->find(name);
  if (!value || decoded.value->map()->size() != 1) return {RET_ERR, std::string("one parameter is due: ") + name};
  if (auto why = mismatch_of(schema, *schema.find(type), *value)) return {RET_ERR, *why};
  const Bytes bytes = encode(*value);
  return {RET_OK, std::string(bytes.begin(), bytes.end())};
}

int submit(const faulty::Submission& submission, const char* type) {
  if (submission.hopeless()) return submission.forward();
  static constexpr std::uint8_t nothing = 0xa0;
  const faulty::Submission empty{submission.proc, submission.ctx, submission.callback, submission.userData, &nothing, 1};
  return empty.intercept([reply = answer(submission.request(), "value", type)](const faulty::Host& host, const faulty::Message& message) {
    if (message.code != RET_OK) return host(message);
    host(reply.first, reply.second);
  });
}

}  // namespace

extern "C" {

FFI_CTS_EXPORT void* typed_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  const faulty::Submission submission{nullptr, nullptr, callback, userData, req, len};
  const auto [code, why] = submission.hopeless() ? std::pair<int, std::string>(RET_OK, "") : answer(submission.request(), "config", "Config");
  if (code != RET_OK) return submission.refuse(why), nullptr;
  const std::string_view plain = "\xa1\x66" "config\xa1\x64" "name\x65" "typed";
  const bool null = !req && len > 0;
  return ffi_cts::probe::create_cbor(null ? nullptr : reinterpret_cast<const std::uint8_t*>(plain.data()), plain.size(), callback, userData);
}

FFI_CTS_EXPORT int typed_destroy(void* ctx) { return ffi_cts::probe::destroy(ctx); }

#define TYPED_PROC(name, type)                                                                                                          \
  FFI_CTS_EXPORT int typed_same_##name##_cbor(void* ctx, FFICallBack callback, void* userData, const std::uint8_t* req, std::size_t len) { \
    return submit({ffi_cts::probe::empty_cbor, ctx, callback, userData, req, len}, type);                                               \
  }
TYPED_PROC(config, "Config")
TYPED_PROC(limits, "Limits")
TYPED_PROC(name, "Name")
TYPED_PROC(colour, "Colour")
TYPED_PROC(position, "Position")
TYPED_PROC(line, "Line")
TYPED_PROC(shape, "Shape")
TYPED_PROC(drawing, "Drawing")
TYPED_PROC(blob, "Blob")
TYPED_PROC(key, "Key")
TYPED_PROC(keyring, "Keyring")
TYPED_PROC(level, "Level")
TYPED_PROC(setting, "Setting")
TYPED_PROC(settings, "Settings")
TYPED_PROC(ratio, "Ratio")
TYPED_PROC(ratios, "Ratios")
TYPED_PROC(pair, "Pair")
TYPED_PROC(pairs, "Pairs")
TYPED_PROC(maybe, "Maybe")
TYPED_PROC(maybes, "Maybes")
TYPED_PROC(debt, "Debt")
TYPED_PROC(ledger, "Ledger")
TYPED_PROC(tree, "Tree")
TYPED_PROC(chain, "Chain")
TYPED_PROC(either, "Either")
TYPED_PROC(eithers, "Eithers")
TYPED_PROC(stamped, "Stamped")
TYPED_PROC(visit, "Visit")
TYPED_PROC(visits, "Visits")
TYPED_PROC(anything, "Anything")

}
