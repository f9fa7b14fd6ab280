#include "reference/bindgen/c_conventions.hpp"

#include <fmt/format.h>

#include "reference/bindgen/text.hpp"

namespace ffi_cts::bindgen {
namespace {

std::vector<std::string> calls(const Interface& interface) {
  const std::string create = interface.constructor.symbols.native.empty() ? interface.constructor.symbols.cbor : interface.constructor.symbols.native;
  return {
      fmt::format("{} returns the handle of a new context at once, or NULL: refused, and nothing is owned. Every other call takes the "
                  "handle; it is not an address to look at. The host owns it until {} returned RET_OK.",
                  create, interface.destroy),
      "A call that takes a callback submits a request, and never waits for it. It is accepted (RET_OK; of the constructor: a handle) "
      "or refused before it returns. Accepted: its callback is called exactly once with RET_OK and the reply, or with RET_ERR and an "
      "error text (plain UTF-8, never empty, in both variants), at the latest before the context is destroyed. RET_STALE_WARN may "
      "come before that any number of times; it is progress and ends nothing.",
      "Refused: the call returns another code than RET_OK (of the constructor: NULL), and no callback comes later. It may have been "
      "called with RET_ERR already, inside the call, on the calling thread: hold no lock there that the callback takes. Without a "
      "callback the code is RET_MISSING_CALLBACK.",
      "After a constructor's RET_ERR the handle is still owned, and destroying it is all that is left to do. Requests may be "
      "submitted before the constructor called back; they wait for it.",
      fmt::format("Callbacks run on {}, one at a time, and hold up what comes behind them: return soon, throw nothing. Every call may be "
                  "made from every thread, and inside a callback.",
                  interface.contract.callbacks == CallbackThreads::one ? "the context's own thread"
                                                                       : "threads of the context, one for replies and one for events"),
      "What the host passes is borrowed until the call returns: free it then, structs and what they point at alike. What the library "
      "shows to a callback is valid until the callback returns: copy what is needed, free nothing.",
      "Lengths count bytes (of lists: elements). A message is never NULL and need not end with NUL. userData comes back as it was given."};
}

std::string natively() {
  return "Native structs: a text is a const char * that ends with NUL, NULL is the empty text; a list is a pointer to its first "
         "element and <member>_len; bytes alike; an optional member counts only where <member>_present is not 0; a bool is true "
         "where it is not 0. A struct filled with zeros is a legal one.";
}

}  // namespace

std::string conventions(const Model& model) {
  const Interface& interface = model.interface;
  std::vector<std::string> all = calls(interface);
  if (!model.view.structs().empty()) all.push_back(natively());
  all.push_back(
      "A CBOR request is one map from parameter name to value, without parameters the byte a0. A CBOR reply is one item; no value is "
      "the byte f6.");
  all.push_back(fmt::format(
      "{} refuses new work and answers all that is under way with RET_ERR. After its RET_OK nothing of this context calls back, and the "
      "handle must not be used. RET_ERR: a callback or handler blocked for longer than {} ms, or the call was made inside a callback "
      "of this context; try again later.",
      interface.destroy, interface.contract.destroy_limit_ms));
  if (interface.has_events())
    all.push_back(fmt::format(
        "{} returns the listener's id, or 0: refused.{} An event comes to each of its listeners with RET_OK, or with RET_ERR and an "
        "error text when it could not be made.{}",
        interface.add_event_listener, interface.contract.wildcard ? " The name \"\" (or NULL) hears every event." : "",
        interface.remove_event_listener.empty()
            ? ""
            : fmt::format(" {} returns 0 when it is removed; outside of callbacks its userData may then be freed. Inside a callback it "
                          "returns at once, and the event under way still arrives.", interface.remove_event_listener)));
  if (!interface.register_host_fn.empty())
    all.push_back(fmt::format(
        "A host function is called on the context's thread and returns promptly; {} answers the call, once, then or later, on any "
        "thread, with RET_OK and the result or with RET_ERR and an error text. fn NULL unregisters the name, and returns 1.",
        interface.host_complete.empty() ? "the completion" : interface.host_complete));

  std::string out = fmt::format("/* {}.h: the C interface of lib{}. Made by ffi-cts bindgen; do not edit.\n *\n * Conventions:\n", interface.name, interface.name);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string number = fmt::format(" * {:<4} ", fmt::format("({})", i + 1));
    out += " *\n" + number + wrapped(all[i], "", " *      ", number.size()) + "\n";
  }
  return out + " */\n";
}

}  // namespace ffi_cts::bindgen
