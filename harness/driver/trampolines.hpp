// A function address and a userData of its own for each request and listener: what comes back tells exactly whose it is.
// Function addresses are libffi closures, used again by later programs; userData is an address in a reserved range that is
// never used again and never readable, so that a library which looks behind it faults.
#pragma once

#include <ffi.h>
#include <ffi_cts/abi.h>

#include <atomic>
#include <cstdint>
#include <vector>

#include "harness/driver/objects.hpp"
#include "harness/program/program.hpp"
#include "harness/trace/record.hpp"

namespace ffi_cts {

// What a function address stands for during one program.
struct Trampoline {
  Relaxed<Entry> entry{};
  Relaxed<int> context{}, object{};
  Relaxed<const Step*> step{};
  Relaxed<std::uint64_t> user_data{};
  Relaxed<int> runs{};  // how often its behaviour has run
};

class Trampolines {
 public:
  // What the library's call of any of these functions comes to. Null: a function that no object of this program has, or
  // userData of an earlier program.
  struct Receiver {
    virtual void callback(Trampoline* trampoline, int code, const char* msg, std::size_t len, void* user_data) = 0;
    virtual void host_function(Trampoline* trampoline, std::uint64_t call_id, const char* req, std::size_t len, void* user_data) = 0;

   protected:
    ~Receiver() = default;
  };

  explicit Trampolines(Receiver& receiver);
  ~Trampolines();
  Trampolines(const Trampolines&) = delete;
  Trampolines& operator=(const Trampolines&) = delete;

  // From here on, functions handed out before are strays' (Entry::stray).
  void begin_program();

  struct Handed {
    Trampoline* trampoline;
    void* function;  // an FFICallBack, or an FFIHostFn where asked for
    void* user_data;
    int number;
    bool shared;     // another object of this program has the same function
  };
  Handed hand_out(Entry entry, const Step* step, int context, int object);
  // The same function again, for another object: its userData is new.
  Handed hand_out_again(int number, Entry entry, const Step* step, int context, int object);

 private:
  struct Closure;
  static void enter_callback(ffi_cif*, void*, void** args, void* self);
  static void enter_host_function(ffi_cif*, void*, void** args, void* self);
  Closure* make(bool host_function);
  Trampoline* find(Closure& closure, void* user_data);
  std::uint64_t serial_of(const void* user_data) const;

  // Made before the library is loaded. Objects beyond them share the last function and are told apart by userData.
  static constexpr int callback_closures = 1024, host_closures = 128;
  static constexpr std::uint32_t most_objects = 1u << 18;

  Receiver& receiver_;
  ffi_cif callback_cif_, host_cif_;
  ffi_type* callback_types_[4];
  ffi_type* host_types_[4];
  std::vector<Closure*> callbacks_, host_functions_;
  Relaxed<int> next_callback_, next_host_function_;
  Table<Trampoline, most_objects> objects_;   // by serial - first_serial_
  char* range_;
  std::uint64_t first_serial_ = 0;
  Relaxed<std::uint64_t> next_serial_;
};

}  // namespace ffi_cts
