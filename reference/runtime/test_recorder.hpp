// What tests of libraries need of a host: it records callbacks, waits for conditions (never for time), and writes requests.
#pragma once

#include "reference/cbor/codec.hpp"

#include <ffi_cts/abi.h>

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace ffi_cts::testing {

constexpr std::chrono::seconds backstop{60};

// A door that threads wait at until it is opened.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, backstop, [this] { return open_; })) throw std::runtime_error("the gate stayed closed");
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

struct Heard {
  int ret;
  std::string text;
  std::thread::id thread;
};

// What came back for one userData. `then` runs inside the callback.
class Recorder {
 public:
  explicit Recorder(std::function<void(const Heard&)> then = {}) : then_(std::move(then)) {}

  static void callback(int ret, const char* msg, std::size_t len, void* user_data) {
    ASSERT_NE(msg, nullptr);
    static_cast<Recorder*>(user_data)->hear({ret, std::string(msg, len), std::this_thread::get_id()});
  }

  std::vector<Heard> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, backstop, [&] { return heard_.size() >= count; })) {
      throw std::runtime_error("too few callbacks: " + std::to_string(heard_.size()));
    }
    return heard_;
  }
  Heard wait() { return wait_for(1).front(); }
  std::vector<Heard> heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  std::size_t count() { return heard().size(); }

 private:
  void hear(Heard what) {
    if (then_) then_(what);
    const std::lock_guard lock(mutex_);
    heard_.push_back(std::move(what));
    changed_.notify_all();
  }

  std::function<void(const Heard&)> then_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Heard> heard_;
};

// The reply of a native call, looked at inside the callback: it lives no longer.
template <class T>
class NativeReply {
 public:
  explicit NativeReply(std::function<void(const T&)> look) : look_(std::move(look)) {}

  static void callback(int ret, const char* msg, std::size_t len, void* user_data) {
    auto* const self = static_cast<NativeReply*>(user_data);
    ASSERT_NE(msg, nullptr);
    if (ret == RET_OK) {
      EXPECT_EQ(len, sizeof(T));
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(msg) % alignof(T), 0U);
      self->look_(*reinterpret_cast<const T*>(msg));
    }
    Recorder::callback(ret, ret == RET_OK ? "" : msg, ret == RET_OK ? 0 : len, &self->recorder_);
  }
  Heard wait() { return recorder_.wait(); }

 private:
  std::function<void(const T&)> look_;
  Recorder recorder_;
};

struct Value;
using Fields = std::vector<std::pair<std::string, Value>>;
struct Items {
  std::vector<Value> all;
};
struct Value {
  std::variant<std::int64_t, std::string, bool, double, std::nullptr_t, cbor::Bytes, Fields, Items> it;
  Value(const char* text) : it(std::string(text)) {}
  Value(std::string text) : it(std::move(text)) {}
  Value(int number) : it(std::int64_t{number}) {}
  Value(bool flag) : it(flag) {}
  Value(double number) : it(number) {}
  Value(std::nullptr_t) : it(nullptr) {}
  Value(cbor::Bytes bytes) : it(std::move(bytes)) {}
  Value(Fields fields) : it(std::move(fields)) {}
  Value(Items items) : it(std::move(items)) {}
};

inline void write(cbor::Writer& writer, const Value& value);
struct WriteValue {
  cbor::Writer& writer;
  void operator()(const auto& plain) const { cbor::write(writer, plain); }
  void operator()(const Fields& fields) const {
    writer.map(fields.size());
    for (const auto& [key, inner] : fields) {
      writer.text(key);
      write(writer, inner);
    }
  }
  void operator()(const Items& items) const {
    writer.array(items.all.size());
    for (const Value& item : items.all) write(writer, item);
  }
};
inline void write(cbor::Writer& writer, const Value& value) { std::visit(WriteValue{writer}, value.it); }

inline std::string cbor_of(const Value& value) {
  cbor::Writer writer;
  write(writer, value);
  const auto written = writer.take();
  return {reinterpret_cast<const char*>(written.memory.get()), written.size};
}
inline std::string map(std::initializer_list<Fields::value_type> fields) { return cbor_of(Value(Fields(fields))); }

inline const std::uint8_t* bytes(const std::string& text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

}  // namespace ffi_cts::testing
