#include "reference/remote/proxy.hpp"

#include <stdexcept>

#include "reference/cbor/cbor.hpp"

namespace ffi_cts::remote {

void Face::receive(Id, Payload payload) {
  const auto complain = [this](const std::exception& error) {
    node().complain(std::string("a message to an endpoint: ") + error.what());
  };
  try {
    cbor::Reader reader(payload);
    auto items = reader.array();
    const auto due = [](bool there) {
      if (!there) throw cbor::Error("[\"send\", from, to, payload] is due");
    };
    due(items.more() && reader.text() == "send" && items.more());
    const Id from = reader.unsigned_integer();
    due(items.more());
    const bool by_name = reader.shape() == cbor::Shape::text;
    const std::string name = by_name ? reader.text() : "";
    const Id to = by_name ? 0 : reader.unsigned_integer();
    due(items.more());
    const Payload inner = reader.opaque();
    due(!items.more());
    by_name ? endpoint_.send_named(from, name, inner) : endpoint_.send(from, to, inner);
  } catch (const cbor::Error& error) {
    complain(error);
  } catch (const std::length_error& error) {  // of one message, not of all that are linked to this endpoint
    complain(error);
  }
}

}  // namespace ffi_cts::remote
