#include "harness/driver/trampolines.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <stdexcept>

namespace ffi_cts {
namespace {

constexpr std::uint64_t spacing = 16;
constexpr std::uint64_t range_bytes = std::uint64_t{1} << 36;  // 4 G userData values; only address space, no memory

}  // namespace

struct Trampolines::Closure {
  Trampolines* owner;
  void* function;
  std::atomic<Trampoline*> current{nullptr};  // the object that was handed this function last in this program
  std::atomic<bool> shared{false};            // several objects of this program have it: userData tells which
};

Trampolines::Trampolines(Receiver& receiver) : receiver_(receiver) {
  ffi_type* size = sizeof(std::size_t) == 8 ? &ffi_type_uint64 : &ffi_type_uint32;
  callback_types_[0] = &ffi_type_sint;
  host_types_[0] = &ffi_type_uint64;
  callback_types_[1] = callback_types_[3] = host_types_[1] = host_types_[3] = &ffi_type_pointer;
  callback_types_[2] = host_types_[2] = size;
  if (ffi_prep_cif(&callback_cif_, FFI_DEFAULT_ABI, 4, &ffi_type_void, callback_types_) != FFI_OK ||
      ffi_prep_cif(&host_cif_, FFI_DEFAULT_ABI, 4, &ffi_type_void, host_types_) != FFI_OK)
    throw std::runtime_error("libffi cannot describe the callbacks of the ABI");
  void* range = mmap(nullptr, range_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (range == MAP_FAILED) throw std::bad_alloc();
  range_ = static_cast<char*>(range);
  for (int i = 0; i < callback_closures; ++i) callbacks_.push_back(make(false));
  for (int i = 0; i < host_closures; ++i) host_functions_.push_back(make(true));
}

// Closures are never freed: a library may still hold one. They end with the worker.
Trampolines::~Trampolines() { munmap(range_, range_bytes); }

Trampolines::Closure* Trampolines::make(bool host_function) {
  auto* made = new Closure{this, nullptr, {}, {}};
  auto* closure = static_cast<ffi_closure*>(ffi_closure_alloc(sizeof(ffi_closure), &made->function));
  if (!closure || ffi_prep_closure_loc(closure, host_function ? &host_cif_ : &callback_cif_,
                                       host_function ? enter_host_function : enter_callback, made, made->function) != FFI_OK)
    throw std::bad_alloc();
  return made;
}

void Trampolines::begin_program() {
  auto forget = [](std::vector<Closure*>& closures, int used) {
    for (int i = 0; i < std::min(used, static_cast<int>(closures.size())); ++i) {
      closures[static_cast<std::size_t>(i)]->current.store(nullptr, std::memory_order_relaxed);
      closures[static_cast<std::size_t>(i)]->shared.store(false, std::memory_order_relaxed);
    }
  };
  forget(callbacks_, next_callback_);
  forget(host_functions_, next_host_function_);
  first_serial_ = next_serial_;
  objects_.clear();
  next_callback_ = 0;
  next_host_function_ = 0;
}

Trampolines::Handed Trampolines::hand_out(Entry entry, const Step* step, int context, int object) {
  int number = entry == Entry::host_fn ? next_host_function_++ : next_callback_++;
  return hand_out_again(number, entry, step, context, object);
}

Trampolines::Handed Trampolines::hand_out_again(int number, Entry entry, const Step* step, int context, int object) {
  auto& closures = entry == Entry::host_fn ? host_functions_ : callbacks_;
  Closure& made = *closures[std::min(static_cast<std::size_t>(number), closures.size() - 1)];
  std::uint64_t serial = next_serial_++;
  char* user_data = range_ + (serial % (range_bytes / spacing)) * spacing;
  objects_.take();
  Trampoline& trampoline = objects_[static_cast<int>((serial - first_serial_) % most_objects)];
  trampoline.context = context;
  trampoline.object = object;
  trampoline.step = step;
  trampoline.runs = 0;
  trampoline.user_data = reinterpret_cast<std::uint64_t>(user_data);
  trampoline.entry = entry;
  const bool shared = made.current.exchange(&trampoline, std::memory_order_relaxed) != nullptr;
  if (shared) made.shared.store(true, std::memory_order_relaxed);
  return {&trampoline, made.function, user_data, number, shared};
}

// The userData's number among all ever handed out, or ~0 if it is none.
std::uint64_t Trampolines::serial_of(const void* user_data) const {
  const char* at = static_cast<const char*>(user_data);
  if (at < range_ || at >= range_ + range_bytes) return ~std::uint64_t{0};
  std::uint64_t rounds = range_bytes / spacing, latest = next_serial_;
  std::uint64_t in_range = static_cast<std::uint64_t>(at - range_) / spacing;
  std::uint64_t serial = latest - latest % rounds + in_range;
  return serial >= latest && serial >= rounds ? serial - rounds : serial;
}

Trampoline* Trampolines::find(Closure& closure, void* user_data) {
  Trampoline* current = closure.current.load(std::memory_order_relaxed);
  std::uint64_t serial = serial_of(user_data);
  if (!current || serial < first_serial_) return nullptr;
  if (closure.shared.load(std::memory_order_relaxed) && serial < next_serial_)
    return &objects_[static_cast<int>((serial - first_serial_) % most_objects)];
  return current;
}

void Trampolines::enter_callback(ffi_cif*, void*, void** args, void* self) {
  auto* closure = static_cast<Closure*>(self);
  void* user_data = *static_cast<void**>(args[3]);
  closure->owner->receiver_.callback(closure->owner->find(*closure, user_data), *static_cast<int*>(args[0]),
                                     *static_cast<const char**>(args[1]), *static_cast<std::size_t*>(args[2]), user_data);
}

void Trampolines::enter_host_function(ffi_cif*, void*, void** args, void* self) {
  auto* closure = static_cast<Closure*>(self);
  void* user_data = *static_cast<void**>(args[3]);
  closure->owner->receiver_.host_function(closure->owner->find(*closure, user_data), *static_cast<std::uint64_t*>(args[0]),
                                          *static_cast<const char**>(args[1]), *static_cast<std::size_t*>(args[2]), user_data);
}

}  // namespace ffi_cts
