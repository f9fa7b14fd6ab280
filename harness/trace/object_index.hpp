// The objects of a trace: which one a record is about. Made as the index goes through the records.
#pragma once

#include <functional>
#include <map>
#include <unordered_map>

#include "harness/trace/trace.hpp"

namespace ffi_cts {

class ObjectIndex {
 public:
  // Both outlive it.
  ObjectIndex(Trace& trace, const Interface& interface) : trace_(trace), interface_(interface) {}

  // By the instance number of a record; null: none.
  Context* context(int instance) const;

  // A call that entered: what it makes, or what it is about.
  void make(Call& call, const Record& r, const Step* step);
  // The listener's add has returned its id.
  void note_id(Listener& listener);
  // A callback that entered: whose function it is. `refused(call)`: is that submission refused in the end?
  void attach(Callback& callback, const Record& r, const std::function<bool(const Call&)>& refused);

 private:
  std::string name_of(const Step* step, const char* prefix);
  void make_context(Call& call, const Record& r, const Step* step);
  void make_request(Call& call, const Record& r, const Step* step);
  void make_listener(Call& call, const Record& r, const Step* step);
  void make_host_function(Call& call, const Record& r, const Step* step);
  void attach_host_call(Callback& callback, HostFunction& fn);

  Trace& trace_;
  const Interface& interface_;
  std::map<std::pair<char, int>, int> occurrences_;
  std::vector<Context*> contexts_;
  std::vector<Request*> requests_;
  std::vector<Listener*> listeners_;
  std::vector<HostFunction*> host_functions_;
  // Ids are one context's own (that they are the process's own is a SHOULD).
  std::map<std::pair<const Context*, std::uint64_t>, Listener*> listener_ids_;
  std::map<std::pair<const Context*, std::uint64_t>, HostCall*> host_call_ids_;
  std::unordered_map<const Context*, std::uint64_t> context_user_data_;
};

}  // namespace ffi_cts
