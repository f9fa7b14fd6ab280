#include "harness/driver/submission.hpp"

#include "harness/driver/crossing.hpp"

namespace ffi_cts {
namespace {

// The index of a request step's proc.
std::size_t proc_index(const Interface& interface, const Step& step) {
  return static_cast<std::size_t>(called_proc(interface, step) - interface.procs.data());
}

}  // namespace

const native::Call* Exports::native_call(const Step& step) const {
  if (!goes_native(interface, step)) return nullptr;
  return step.verb == Verb::create ? native.constructor() : native.proc(proc_index(interface, step));
}

bool Exports::has(const Step& step) const {
  if (step.verb == Verb::create) return native_call(step) ? library.native_create != nullptr : library.create != nullptr;
  const std::size_t proc = proc_index(interface, step);
  return native_call(step) ? library.native_procs[proc] != nullptr : library.procs[proc] || library.procs_without_context[proc];
}

Submission::Submission(Lent& lent, const Exports& exports, const Step& step, const Arguments& arguments)
    : exports_(exports), step_(step), native_(exports.native_call(step)) {
  if (native_) {
    const Value values = request_value(exports.interface, step, arguments).value_or(Value(Map{}));
    bytes_ = encode(values);
    values_ = native::arguments_of(native_->signature(), values, step.native.value_or(NativeForm::plain));
    loan_.emplace(lent, values_.block.size(), !values_.pointers.empty());
    native::settle(values_, loan_->guarded() ? static_cast<const void*>(loan_->data()) : values_.block.data(), values_.block.data());
    loan_->lend(values_.block.data());
    passed_ = {reinterpret_cast<const std::uint8_t*>(loan_->data()), values_.block.size()};
    return;
  }
  bytes_ = request_bytes(exports.interface, step, arguments);
  loan_.emplace(lent, bytes_.data(), bytes_.size(), lent.choose());
  passed_ = passed(*loan_, bytes_.size(), step.misuse);
}

void* Submission::create(FFICallBack callback, void* user_data) const {
  return inside_library([&] {
    return native_ ? native_->create(exports_.library.native_create, values_, passed_.data, callback, user_data)
                   : exports_.library.create(passed_.data, passed_.size, callback, user_data);
  });
}

int Submission::submit(void* ctx, FFICallBack callback, void* user_data) const {
  const Library& library = exports_.library;
  const std::size_t proc = proc_index(exports_.interface, step_);
  return inside_library([&] {
    if (native_) return native_->submit(library.native_procs[proc], ctx, callback, user_data, values_, passed_.data);
    if (library.procs[proc]) return library.procs[proc](ctx, callback, user_data, passed_.data, passed_.size);
    return library.procs_without_context[proc](callback, user_data, passed_.data, passed_.size);
  });
}

}  // namespace ffi_cts
