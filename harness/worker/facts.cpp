#include "harness/worker/facts.hpp"

#include <algorithm>

namespace ffi_cts {
namespace {

template <typename F>
void each_of(const Value& map, std::string_view key, F&& f) {
  const Value* items = map.find(key);
  if (!items || !items->list()) return;
  for (const Value& item : *items->list()) f(item);
}

std::string text_of(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  return value && value->text() ? *value->text() : std::string();
}
std::uint64_t number_of(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  return value ? value->uint().value_or(0) : 0;
}
bool flag_of(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  const bool* flag = value ? std::get_if<bool>(&value->data) : nullptr;
  return flag && *flag;
}

Value to_value(const OtherThread& thread) {
  Map out;
  out.emplace_back("id", thread.id);
  out.emplace_back("name", thread.name);
  out.emplace_back("blocked", thread.blocked);
  return out;
}
OtherThread thread_from(const Value& value) {
  return {static_cast<int>(number_of(value, "id")), text_of(value, "name"), number_of(value, "blocked")};
}

Value to_value(const Descriptor& descriptor) {
  Map out;
  out.emplace_back("number", descriptor.number);
  out.emplace_back("target", descriptor.target);
  out.emplace_back("close_on_exec", descriptor.close_on_exec);
  return out;
}

template <typename T>
Value to_list(const std::vector<T>& items) {
  List out;
  for (const T& item : items) out.push_back(to_value(item));
  return out;
}

Value to_value(const Surroundings& surroundings) {
  Map settings, out;
  for (const auto& [key, value] : surroundings.settings) settings.emplace_back(key, value);
  out.emplace_back("settings", std::move(settings));
  out.emplace_back("descriptors", to_list(surroundings.descriptors));
  out.emplace_back("threads", to_list(surroundings.threads));
  return out;
}

Surroundings surroundings_from(const Value& value) {
  Surroundings out;
  if (const Value* settings = value.find("settings"); settings && settings->map())
    for (const auto& [key, setting] : *settings->map())
      if (key.text() && setting.text()) out.settings[*key.text()] = *setting.text();
  each_of(value, "descriptors", [&](const Value& d) {
    out.descriptors.push_back({static_cast<int>(number_of(d, "number")), text_of(d, "target"), flag_of(d, "close_on_exec")});
  });
  each_of(value, "threads", [&](const Value& thread) { out.threads.push_back(thread_from(thread)); });
  return out;
}

}  // namespace

Value to_value(const Loading& loading) {
  Map out;
  List missing;
  for (const std::string& symbol : loading.missing) missing.emplace_back(symbol);
  out.emplace_back("missing", std::move(missing));
  out.emplace_back("before", to_value(loading.before));
  out.emplace_back("loaded", to_value(loading.loaded));
  if (loading.creating) out.emplace_back("creating", to_value(*loading.creating));
  if (loading.created) out.emplace_back("created", to_value(*loading.created));
  if (loading.used) out.emplace_back("used", to_value(*loading.used));
  if (loading.resident) {
    out.emplace_back("resident before", loading.resident->before);
    out.emplace_back("resident at most", loading.resident->most);
  }
  if (!loading.unloading) return out;
  Map unloading;
  unloading.emplace_back("closed", loading.unloading->closed);
  unloading.emplace_back("mapped", loading.unloading->mapped);
  unloading.emplace_back("left", to_list(loading.unloading->left));
  out.emplace_back("unloading", std::move(unloading));
  return out;
}

Loading loading_from(const Value& value) {
  Loading out;
  each_of(value, "missing", [&](const Value& symbol) {
    if (symbol.text()) out.missing.push_back(*symbol.text());
  });
  if (const Value* before = value.find("before")) out.before = surroundings_from(*before);
  if (const Value* loaded = value.find("loaded")) out.loaded = surroundings_from(*loaded);
  if (const Value* creating = value.find("creating")) out.creating = surroundings_from(*creating);
  if (const Value* created = value.find("created")) out.created = surroundings_from(*created);
  if (const Value* used = value.find("used")) out.used = surroundings_from(*used);
  if (value.find("resident before")) out.resident = {number_of(value, "resident before"), number_of(value, "resident at most")};
  if (const Value* unloading = value.find("unloading")) {
    Unloading& seen = out.unloading.emplace();
    seen.closed = flag_of(*unloading, "closed");
    seen.mapped = flag_of(*unloading, "mapped");
    each_of(*unloading, "left", [&](const Value& thread) { seen.left.push_back(thread_from(thread)); });
  }
  return out;
}

}  // namespace ffi_cts
