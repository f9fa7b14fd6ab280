#include "reference/remote/peer/conformance_actor.hpp"

#include <stdexcept>

#include "reference/cbor/cbor.hpp"

namespace ffi_cts::remote {

// ["echo", any]  ["spawn"]  ["exit", reason]  ["link", to]  ["who"]  ["close"]
void ConformanceActor::receive(Id from, Payload payload) {
  try {
    cbor::Reader reader(payload);
    auto items = reader.array();
    const auto word = items.more() ? reader.text() : "";
    const auto one_more = [&items] {
      if (!items.more()) throw cbor::Error("an item is missing");
    };
    if (word == "echo") {
      one_more();
      send(from, payload);
    } else if (word == "spawn") {
      answer(from, "spawned", node().spawn<ConformanceActor>(endpoint_.lock(), Role::spawned).id());
    } else if (word == "exit") {
      one_more();
      const std::string reason = reader.text();
      if (role_ == Role::spawned) exit(reason);
    } else if (word == "link") {
      one_more();
      link_to(from, reader.unsigned_integer());
    } else if (word == "who") {
      answer(from, "proxy", from);
    } else if (const auto endpoint = endpoint_.lock(); word == "close" && role_ == Role::of_parent && endpoint) {
      endpoint->close();
    } else {
      node().complain("conformance: ignored: " + word);
    }
  } catch (const cbor::Error& error) {
    node().complain(std::string("conformance: ignored: ") + error.what());
  } catch (const std::length_error& error) {  // the answer fits no frame
    node().complain(std::string("conformance: no answer: ") + error.what());
  }
}

void ConformanceActor::answer(Id to, std::string_view word, Id id) {
  cbor::Writer out;
  out.array(2);
  out.text(word);
  out.unsigned_integer(id);
  send(to, out.bytes());
}

void ConformanceActor::link_to(Id from, Id to) {
  const auto endpoint = endpoint_.lock();
  const auto remote = endpoint ? endpoint->remote_of(from) : std::nullopt;
  if (!remote) return;
  Linked& linked = linked_[from];
  linked.remote = *remote;
  linked.to.push_back(to);
  link(from);
}

void ConformanceActor::exited(Id who, std::string_view reason) {
  const auto row = linked_.extract(who);
  if (row.empty()) return;
  const Linked& linked = row.mapped();
  node().complain("exited " + std::to_string(linked.remote) + " " + std::string(reason));
  const auto endpoint = endpoint_.lock();
  if (!endpoint || !endpoint->open()) return;
  cbor::Writer out;
  out.array(2);
  out.text("exited");
  out.text(reason);
  try {
    for (const Id to : linked.to) send(endpoint->proxy(to), out.bytes());
  } catch (const std::length_error& error) {
    node().complain(std::string("conformance: no answer: ") + error.what());
  }
}

}  // namespace ffi_cts::remote
