// The link between parent and worker: an endpoint of reference/remote over a socket. In the worker the driver is an actor of that
// name. The parent speaks first, to the name; what the driver says goes to the proxy of who spoke last. A payload is a list with a
// word first. The death of either process reaches the other as the end of its endpoint.
#pragma once

#include <memory>
#include <optional>

#include "harness/value/value.hpp"

namespace ffi_cts {

enum class LinkEnd { parent, driver };

// Used on one thread, which is not interrupted: things happen inside of these functions only.
class WorkerLink {
 public:
  // Owns the descriptors: a socket, and perhaps another number for it. Throws std::runtime_error when the system has no more of them.
  WorkerLink(LinkEnd end, int in, int out);
  ~WorkerLink();
  WorkerLink(const WorkerLink&) = delete;
  WorkerLink& operator=(const WorkerLink&) = delete;

  // Writes as much as the socket takes; the rest goes with later calls of any of these functions. False: the link is lost.
  bool send(const List& payload);
  // Takes what has arrived, without waiting. False: the link is lost; what came before that can still be had from next().
  bool look();
  // Waits for something to arrive. False: the link is lost.
  bool wait();
  // The next message.
  std::optional<List> next();

  int descriptor() const noexcept { return in_; }  // readable when look() will find something

 private:
  struct State;
  int in_;
  std::unique_ptr<State> state_;
};

}  // namespace ffi_cts
