// END-9: the listeners of the context destroyed last are still in the table when the next one is created, and hear it.
#include "conformance/faulty/listeners.hpp"

namespace {
faulty::Contexts<faulty::Registry> contexts;

struct Left {
  std::array<char, 64> name{};
  faulty::Host host;
};
std::mutex mutex;
std::array<Left, 16> table;
std::size_t left = 0;
}  // namespace

FAULTY_ADD(contexts, faulty::Listener)
FAULTY_REMOVE(contexts)

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  void* ctx = contexts.create(req, len, callback, userData);
  const std::lock_guard lock(mutex);
  for (std::size_t i = 0; ctx && i < left; ++i) {
    faulty::probe::add_event_listener(ctx, table[i].name.data(), table[i].host.callback, table[i].host.userData);
  }
  if (ctx) left = 0;
  return ctx;
}

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const auto state = contexts.of(ctx);
  const int result = contexts.destroy(ctx);
  if (result != RET_OK || !state) return result;
  const std::lock_guard lock(mutex);
  left = 0;
  for (const auto& listener : state->live) {
    if (left == table.size() || listener->name.size() >= sizeof(Left::name)) continue;
    Left entry{{}, listener->host};
    listener->name.copy(entry.name.data(), listener->name.size());
    table[left++] = entry;
  }
  return result;
}
