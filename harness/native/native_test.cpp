// Native calls of functions that the compiler made, and what they deliver.
#include <gmock/gmock.h>

#include <cstring>
#include <string>
#include <vector>

#include "harness/native/call.hpp"
#include "harness/native/reading.hpp"

namespace ffi_cts::native {
namespace {

// The structs of `cddl`, as a header has them.
const char* const cddl = R"(
  Item = { name: tstr, ? level: float, on: bool }
  Config = { title: tstr, data: bstr, items: [* Item], tags: [* tstr], first: Item, note: tstr / nil, count: uint, low: int }
)";
struct Item {
  const char* name;
  int level_present;
  double level;
  int on;
};
struct Config {
  const char* title;
  const std::uint8_t* data;
  std::size_t data_len;
  const Item* items;
  std::size_t items_len;
  const char* const* tags;
  std::size_t tags_len;
  Item first;
  int note_present;
  const char* note;
  std::uint64_t count;
  std::int64_t low;
};

Interface interface_with(std::vector<std::pair<std::string, std::string>> params, const std::string& returns) {
  Interface out;
  out.schema = std::make_shared<schema::Schema>(schema::Schema::parse(cddl, "x.cddl"));
  Proc proc;
  proc.name = "call";
  proc.symbols.native = "lib_call";
  for (auto& [name, type] : params) proc.params.push_back({name, type, out.schema->parse_type(type, "x.toml", 1)});
  if (!returns.empty()) proc.returns_cddl = out.schema->parse_type(returns, "x.toml", 1);
  out.procs.push_back(std::move(proc));
  return out;
}

// What the function below was called with, said in words while the call lasts.
std::string seen;
void* seen_ctx;

int take(void* ctx, FFICallBack callback, void* user_data, Config config, const char* key, int on, const std::uint8_t* data, std::size_t data_len, double d) {
  seen_ctx = ctx;
  auto text = [](const char* t) { return t ? std::string(t) : std::string("NULL"); };
  auto item = [&](const Item& i) { return text(i.name) + "/" + (i.level_present ? std::to_string(i.level).substr(0, 3) : "-") + "/" + std::to_string(i.on); };
  seen = text(config.title) + " " + std::string(reinterpret_cast<const char*>(config.data), config.data_len);
  for (std::size_t i = 0; i < config.items_len; ++i) seen += " " + item(config.items[i]);
  for (std::size_t i = 0; i < config.tags_len; ++i) seen += " #" + text(config.tags[i]);
  seen += " " + item(config.first) + " " + (config.note_present ? text(config.note) : "no note (" + text(config.note) + ")");
  seen += " " + std::to_string(config.count) + " " + std::to_string(config.low) + " " + text(key) + " " + std::to_string(on) + " ";
  seen += std::string(reinterpret_cast<const char*>(data), data_len) + " " + std::to_string(d).substr(0, 4);
  callback(RET_OK, "", 0, user_data);
  return 7;
}

Map item(const char* name, bool on) { return {{"name", name}, {"on", on}}; }

std::string call_with(const Value& config, const Value& on, NativeForm form) {
  const Interface interface = interface_with({{"config", "Config"}, {"key", "tstr"}, {"on", "bool"}, {"data", "bstr"}, {"d", "float"}}, "");
  const View view(interface);
  EXPECT_TRUE(view.proc(0)) << view.why_not(0);
  Types types;
  const Call call(types, *view.proc(0), Call::Shape::proc);
  const Value values(Map{{"config", config}, {"key", "k"}, {"on", on}, {"data", Bytes{'x', 'y'}}, {"d", 2.25}});
  const Arguments arguments = arguments_of(*view.proc(0), values, form);
  Bytes block = arguments.block;
  settle(arguments, block.data(), block.data());
  bool called = false;
  auto callback = [](int, const char*, std::size_t, void* user_data) { *static_cast<bool*>(user_data) = true; };
  int ctx = 0;
  EXPECT_EQ(call.submit(reinterpret_cast<void*>(take), &ctx, callback, &called, arguments, block.data()), 7);
  EXPECT_TRUE(called);
  EXPECT_EQ(seen_ctx, &ctx);
  return seen;
}

const Value full(Map{{"title", "T"}, {"data", Bytes{'d', 'a', 't'}}, {"items", List{item("one", true), Map{{"name", "two"}, {"level", 1.5}, {"on", false}}}},
                     {"tags", List{"a", "b"}}, {"first", item("f", true)}, {"note", "n"}, {"count", std::uint64_t{1} << 63}, {"low", -5}});
const Value bare(Map{{"title", ""}, {"data", Bytes{}}, {"items", List{}}, {"tags", List{""}}, {"first", item("", true)}, {"note", Value{}}, {"count", 0}, {"low", 0}});

TEST(Native_calls, pass_every_kind_of_value) {
  EXPECT_EQ(call_with(full, true, NativeForm::plain), "T dat one/-/1 two/1.5/0 #a #b f/-/1 n 9223372036854775808 -5 k 1 xy 2.25");
  EXPECT_EQ(call_with(bare, false, NativeForm::plain), "  # /-/1 no note (NULL) 0 0 k 0 xy 2.25");
}

TEST(Native_calls, pass_the_same_in_other_forms) {
  EXPECT_EQ(call_with(bare, false, NativeForm::nulls), "NULL  #NULL NULL/-/1 no note (NULL) 0 0 k 0 xy 2.25");
  EXPECT_EQ(call_with(bare, true, NativeForm::bools), "  # /-/256 no note (NULL) 0 0 k 256 xy 2.25");
  EXPECT_EQ(call_with(bare, false, NativeForm::absents), "  # /-/1 no note (what an absent field happens to hold) 0 0 k 0 xy 2.25");
}

void* create(Config config, FFICallBack callback, void* user_data) {
  callback(static_cast<int>(config.count), config.title, std::strlen(config.title), user_data);
  return user_data;
}

TEST(Native_calls, construct_and_call_without_a_context) {
  const Interface interface = interface_with({{"config", "Config"}}, "");
  const View view(interface);
  Types types;
  const Call call(types, *view.proc(0), Call::Shape::constructor);
  const Arguments arguments = arguments_of(*view.proc(0), Value(Map{{"config", Value(Map{{"title", "hello"}, {"count", 9}})}}), NativeForm::plain);
  Bytes block = arguments.block;
  settle(arguments, block.data(), block.data());
  std::string heard;
  auto callback = [](int code, const char* msg, std::size_t len, void* user_data) {
    *static_cast<std::string*>(user_data) = std::to_string(code) + std::string(msg, len);
  };
  EXPECT_EQ(call.create(reinterpret_cast<void*>(create), arguments, block.data(), callback, &heard), &heard);
  EXPECT_EQ(heard, "9hello");
}

Read read(const char* type, const void* msg, std::size_t len) {
  static std::vector<std::unique_ptr<Interface>> interfaces;
  static std::vector<std::unique_ptr<View>> views;
  interfaces.push_back(std::make_unique<Interface>(interface_with({}, type)));
  views.push_back(std::make_unique<View>(*interfaces.back()));
  return read_reply(&*views.back()->proc(0)->returns, msg, len);
}

TEST(Native_replies, are_read_back_as_values) {
  const Item items[] = {{"one", 0, 9.0, 2}, {nullptr, 1, 2.5, 0}};
  const char* const tags[] = {"a"};
  const Config config{"T", reinterpret_cast<const std::uint8_t*>("xy"), 2, items, 2, tags, 1, {"f", 0, 0, 0}, 0, nullptr, 5, -6};
  const Read seen_config = read("Config", &config, sizeof config);
  EXPECT_EQ(seen_config.fault, "");
  EXPECT_EQ(to_text(seen_config.value, 1000),
            R"({"title": "T", "data": h'7879', "items": [{"name": "one", "on": true}, {"name": "", "level": 2.5, "on": false}], "tags": ["a"], )"
            R"("first": {"name": "f", "on": false}, "note": null, "count": 5, "low": -6})");
  const std::int64_t five = 5;
  const int truth = 4;
  EXPECT_EQ(read("int", &five, 8).value, Value(5));
  EXPECT_EQ(read("bool", &truth, sizeof truth).value, Value(true));
  EXPECT_EQ(read("tstr", "a\0b", 3).value, Value(std::string("a\0b", 3)));
  EXPECT_EQ(read("bstr", "", 0).value, Value(Bytes{}));
}

TEST(Native_replies, that_are_wrong_are_told) {
  const Item item{"one", 0, 0, 0};
  EXPECT_EQ(read("Item", &item, 8).fault, "len is 8, and sizeof(Item) is 32");
  EXPECT_EQ(read("int", &item, 4).fault, "len is 4, and sizeof(int64_t) is 8");
  EXPECT_EQ(read_reply(nullptr, "x", 1).fault, "len is 1 where no value is returned");
  EXPECT_FALSE(read("Item", &item, sizeof item).misaligned);
  char shifted[sizeof item + 1];
  std::memcpy(shifted + 1, &item, sizeof item);
  EXPECT_TRUE(read("Item", shifted + 1, sizeof item).misaligned);
#ifndef FFI_CTS_SANITIZER
  const Item wild{reinterpret_cast<const char*>(std::uintptr_t{0x10}), 0, 0, 0};
  EXPECT_EQ(read("Item", &wild, sizeof wild).fault, "name is no text: it cannot be read at 0x10");
  EXPECT_EQ(read("Item", reinterpret_cast<const void*>(std::uintptr_t{0x10}), sizeof wild).fault, "32 bytes at 0x10 cannot be read");
#endif
}

}  // namespace
}  // namespace ffi_cts::native
