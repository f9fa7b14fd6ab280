// Chapter 3: delivered bytes and what they hold; and the list of all its judges.
#include "conformance/rules/payloads.hpp"

#include <algorithm>

namespace ffi_cts::rules {

namespace rule = spec::rule;

// PAY-3: delivered bytes stay readable and unchanged until the callback returns.
Verdict delivered_bytes_stay(const Trace& trace) {
  bool exercised = false;
  for (const Callback& callback : trace.callbacks) {
    if (callback.left == never || callback.size == 0) continue;
    exercised = true;
    if (callback.changed)
      return breach("bytes that stay as they are until the callback returns", "they changed",
                    {callback.entered, callback.left});
  }
  return exercised_if(exercised);
}

// PAY-4: the message pointer is never NULL, even at length 0.
Verdict pointer_is_never_null(const Trace& trace) {
  for (const Callback& callback : trace.callbacks)
    if (callback.pointer == 0)
      return breach("a message pointer that is not NULL", "NULL, length " + std::to_string(callback.size),
                    {callback.entered});
  return exercised_if(!trace.callbacks.empty());
}

namespace {

std::string bytes_seen(const Callback& callback) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out = std::to_string(callback.size) + " bytes:";
  for (const auto byte : callback.payload.subspan(0, std::min<std::size_t>(callback.payload.size(), 16)))
    out += {' ', digits[byte >> 4], digits[byte & 15]};
  return out;
}

}  // namespace

// PAY-5: a CBOR reply is exactly one well-formed item, and fits its type. (That of another request is REQ-16's, that of the role
// `empty` PAY-6's.)
Verdict reply_is_one_item(const Trace& trace) {
  Tally tally;
  for (const Request& request : trace.requests) {
    for (const Callback* callback : request.callbacks) {
      if (callback->code != ret_ok || callback->native || request.expects_no_value) continue;
      if (!callback->whole) {
        tally.open("the reply of " + request.name + " was not kept whole");
        continue;
      }
      tally.exercised();
      if (!callback->value) return breach("one well-formed CBOR item", bytes_seen(*callback), {callback->entered});
      if (callback->schema_mismatch && !is_anothers(trace, request, *callback->value))
        return breach("a reply of the type that the schema gives it", *callback->schema_mismatch, {request.call->entered, callback->entered});
    }
  }
  return tally.verdict();
}

// PAY-6: CBOR "no value" is the single byte f6.
Verdict no_value_is_null(const Trace& trace) {
  bool exercised = false;
  for (const Request& request : trace.requests) {
    const Callback* reply = request.expects_no_value && request.accepted() ? request.reply() : nullptr;
    if (!reply || reply->code != ret_ok || reply->native) continue;
    if (reply->size == 1 && !reply->whole) continue;  // which byte it was is not known
    exercised = true;
    if (!(reply->size == 1 && !reply->payload.empty() && reply->payload[0] == 0xf6))
      return breach("the single byte f6", bytes_seen(*reply), {reply->entered});
  }
  return exercised_if(exercised);
}

namespace {

// Could the bytes of this error be the host's own? A host function's answer may come back as the error's text.
bool host_supplied(const Trace& trace, const Callback& callback) {
  if (callback.constructed) return false;
  const auto role = callback.request->role;
  return role == RoleName::call_host || (!role && !trace.host_calls.empty());
}

// Nothing but its handler can have made this RET_ERR's text.
const std::optional<std::string>* exact_text(const Callback& callback) {
  if (callback.refusal) return nullptr;
  if (const Context* context = callback.constructed)
    return destroy_begun_before(*context, callback.entered) ? nullptr : &context->expected_error;
  const Request& request = *callback.request;
  return well_formed(request) && request.accepted() && undisturbed(request) ? &request.expected_error : nullptr;
}

}  // namespace

// PAY-7: error text is non-empty UTF-8; for `fail`, and a constructor that fails, exactly the text that was asked for.
Verdict error_is_plain_text(const Trace& trace) {
  bool exercised = false;
  for (const Callback& callback : trace.callbacks) {
    if (callback.code != ret_err || !(callback.request || callback.constructed)) continue;
    if (host_supplied(trace, callback)) continue;
    exercised = true;
    if (callback.size == 0) return breach("a non-empty text with RET_ERR", "an empty one", {callback.entered});
    if (callback.whole && !is_utf8(callback.text()))
      return breach("UTF-8 text with RET_ERR", bytes_seen(callback), {callback.entered});
    const auto* text = exact_text(callback);
    if (text && *text && !(*text)->empty() && !text_is(callback, **text))
      return breach("exactly the text \"" + (*text)->substr(0, 60) + "\"", bytes_seen(callback), {callback.entered});
  }
  return exercised_if(exercised);
}

std::span<const Judge> payloads() {
  static const std::vector<Judge> judges = {
      {rule::PAY_1, lawfully_borrowed<requests_are_borrowed>},
      {rule::PAY_2, lawfully_borrowed<requests_are_only_read>},
      {rule::PAY_3, lawfully<delivered_bytes_stay>},
      {rule::PAY_4, lawfully<pointer_is_never_null>},
      {rule::PAY_5, lawfully<reply_is_one_item>, {rule::PAY_3}, {rule::PAY_6}},
      {rule::PAY_6, lawfully<no_value_is_null>, {rule::REQ_16}},
      {rule::PAY_7, lawfully<error_is_plain_text>, {rule::REQ_7, rule::REQ_16}, {rule::REQ_7}},
      {rule::PAY_8, lawfully<sizes_round_trip>, {rule::REQ_14, rule::REQ_19, rule::END_14, rule::PAY_3, rule::PAY_10}, {rule::PAY_5}},
      {rule::PAY_9, lawfully<memory_stays_bounded>, {}, {rule::END_12}},
      {rule::PAY_10, lawfully<requests_outlive_their_thread>, {rule::REQ_14, rule::REQ_19, rule::END_14}, {rule::PAY_5}},
      {rule::PAY_11, lawfully<null_with_length_is_refused>},
      {rule::PAY_12, lawfully<hostile_gets_one_answer>, {rule::END_2}, {rule::HST_8}},
      {rule::PAY_13, lawfully_borrowed<names_are_compared_bytewise>, {rule::EVT_5}},
  };
  return judges;
}

}  // namespace ffi_cts::rules
