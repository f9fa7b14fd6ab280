// The listeners of one context, and the dispatch of events to them on the loop.
// Rules: EVT-1 to EVT-16, EVT-19, EVT-20, PAY-13, THR-4.
#pragma once

#include "reference/runtime/callback.hpp"
#include "reference/runtime/payload.hpp"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace ffi_cts::runtime {

class Events {
 public:
  // NULL and "" are the wildcard. 0: refused (NULL callback). Throws std::bad_alloc.
  std::uint64_t add(const char* name, FFICallBack callback, void* user_data);

  // Outside callbacks: returns when the listener is not running and never will again. Inside any callback: at once, and
  // the event being dispatched still reaches it.
  int remove(std::uint64_t id) noexcept;

  // On the loop. To the listeners of the name in the order they were added, then to the wildcards in theirs.
  void dispatch(std::string_view name, const Payload& event);
  void dispatch_failure(std::string_view name, std::string_view text);

 private:
  struct Channel;
  struct Listener {
    std::uint64_t id;
    FFICallBack callback;
    void* user_data;
    Channel* channel;
    bool withdrawn = false;  // removed by a thread that frees userData next: not even the event in flight may reach it
  };
  using Listeners = std::map<std::uint64_t, std::shared_ptr<Listener>>;  // ids grow, so this is the order of adding
  struct Channel {
    std::map<std::string, Channel, std::less<>>::iterator self;
    Listeners listeners;
  };

  template <class Deliver>
  void to_each_listener(std::string_view name, Deliver deliver);
  void take_snapshot(std::string_view name);

  std::mutex mutex_;  // guards all of it; never held while a listener runs
  std::condition_variable stopped_running_;
  std::map<std::string, Channel, std::less<>> channels_;  // the wildcards are the channel ""
  std::unordered_map<std::uint64_t, std::shared_ptr<Listener>> by_id_;
  std::uint64_t running_ = 0;  // the listener that is being called
  unsigned waiting_ = 0;       // removes that wait for it

  std::vector<std::shared_ptr<Listener>> snapshot_;  // of the loop alone; kept for its memory
};

}  // namespace ffi_cts::runtime
