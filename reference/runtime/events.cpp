#include "reference/runtime/events.hpp"

#include <atomic>

namespace ffi_cts::runtime {
namespace {

// One counter for the process, so that a stale id hits nobody else's listener (EVT-2).
constinit std::atomic<std::uint64_t> last_listener_id{0};

}  // namespace

std::uint64_t Events::add(const char* name, FFICallBack callback, void* user_data) {
  if (callback == nullptr) return 0;
  auto listener = std::make_shared<Listener>(Listener{0, callback, user_data, nullptr});
  const std::lock_guard lock(mutex_);
  const auto [channel, is_new] = channels_.try_emplace(name != nullptr ? name : "");
  channel->second.self = channel;
  listener->channel = &channel->second;
  listener->id = last_listener_id.fetch_add(1, std::memory_order_relaxed) + 1;  // under the lock: order of ids and map agree
  by_id_.emplace(listener->id, listener);
  channel->second.listeners.emplace_hint(channel->second.listeners.end(), listener->id, listener);
  return listener->id;
}

int Events::remove(std::uint64_t id) noexcept {
  std::unique_lock lock(mutex_);
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return RET_ERR;
  const std::shared_ptr<Listener> listener = found->second;
  by_id_.erase(found);
  listener->channel->listeners.erase(id);
  if (listener->channel->listeners.empty()) channels_.erase(listener->channel->self);
  if (inside_callback()) return RET_OK;  // the snapshot in flight keeps it for its one last event
  listener->withdrawn = true;
  ++waiting_;
  stopped_running_.wait(lock, [&] { return running_ != id; });
  --waiting_;
  return RET_OK;
}

void Events::dispatch(std::string_view name, const Payload& event) {
  to_each_listener(name, [&](const Listener& to) { call_back(to.callback, RET_OK, event.data(), event.size(), to.user_data); });
}

void Events::dispatch_failure(std::string_view name, std::string_view text) {
  to_each_listener(name, [&](const Listener& to) { call_back_error(to.callback, text, to.user_data); });
}

template <class Deliver>
void Events::to_each_listener(std::string_view name, Deliver deliver) {
  std::unique_lock lock(mutex_);
  take_snapshot(name);
  for (const auto& listener : snapshot_) {
    if (listener->withdrawn) continue;
    running_ = listener->id;
    lock.unlock();
    deliver(*listener);
    lock.lock();
    running_ = 0;
    if (waiting_ > 0) stopped_running_.notify_all();
  }
  snapshot_.clear();
}

void Events::take_snapshot(std::string_view name) {
  snapshot_.clear();
  const auto take_all = [this](std::string_view channel_name) {
    const auto channel = channels_.find(channel_name);
    if (channel == channels_.end()) return;
    for (const auto& [id, listener] : channel->second.listeners) snapshot_.push_back(listener);
  };
  if (!name.empty()) take_all(name);
  take_all("");
}

}  // namespace ffi_cts::runtime
